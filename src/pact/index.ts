/** A document or a pact comes in; interactions, findings on them and verifications of them go out. */
export { hashPact } from './hash.ts'
export type {
  Interaction,
  Pact,
  PactBody,
  PactRequest,
  PactResponse,
  PactVersion,
  ProviderState,
} from './pact.ts'
export {
  type Verification,
  type VerifiedInteraction,
  type VerifiedPact,
  verificationFileName,
  verificationSchema,
} from './verification.ts'
