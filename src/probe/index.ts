/** Expectations come in; scripts that provoke them, and requests for one target, go out. */
export { findAbsent } from './absent.ts'
export { alterationNamed } from './alterations.ts'
export type { Alteration } from './credential-family.ts'
export {
  type CredentialPlace,
  credentialHeader,
  credentialHeaders,
  credentialPlace,
  spellingAt,
  writeCredential,
} from './credential-place.ts'
export {
  type FillContext,
  type Frame,
  fillStep,
  frameOf,
  placeShown,
  type Scope,
} from './fill.ts'
export {
  declaredReason,
  type Fit,
  fitAcross,
  fitProbe,
  lapsedReason,
  roleOf,
  tellLapsed,
} from './fit.ts'
export { type Likeness, likenesses } from './likenesses.ts'
export { type Gap, type Planned, type Probe, planAcross, planProbes } from './probes.ts'
export { type Random, randomFor } from './random.ts'
