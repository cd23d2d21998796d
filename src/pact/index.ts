/** A document or a pact comes in; interactions, findings on them and verifications of them go out. */
export type {
  Interaction,
  Pact,
  PactBody,
  PactRequest,
  PactResponse,
  PactVersion,
  ProviderState,
} from './pact.ts'
