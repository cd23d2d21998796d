/** Expectations come in; scripts that provoke them, and requests for one target, go out. */
export { alterationNamed } from './alterations.ts'
export type { Alteration } from './credential-family.ts'
export { type CredentialPlace, credentialHeader, credentialPlace } from './credential-place.ts'
export { type FillContext, fillStep, type Scope } from './fill.ts'
export { declaredReason, type Fit, fitProbe, roleOf } from './fit.ts'
export { type Gap, type Planned, type Probe, planProbes } from './probes.ts'
export { type Random, randomFor } from './random.ts'
