/** Expectations come in; scripts that provoke them, and requests for one target, go out. */
export { findAbsent, type Random } from './absent.ts'
export { type Alteration, credentialFamily } from './credential-family.ts'
export {
  type CredentialPlace,
  credentialHeader,
  credentialPlace,
  spellingAt,
} from './credential-place.ts'
export { type FillContext, fillStep, type Input, type Scope, sampleInput } from './fill.ts'
export { declaredReason, type Fit, fitProbe, roleOf } from './fit.ts'
export { type Gap, type Planned, type Probe, planProbes } from './probes.ts'
export { randomFor } from './random.ts'
