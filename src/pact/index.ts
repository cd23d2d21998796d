/** A document or a pact comes in; interactions, findings on them and verifications of them go out. */
export { hashPact } from './hash.ts'
export { loadPacts } from './load.ts'
export type {
  Category,
  Content,
  Generator,
  Interaction,
  Matcher,
  MatchingRule,
  Message,
  Pact,
  PactBody,
  PactRequest,
  PactResponse,
  PactVersion,
  Place,
  ProviderState,
} from './pact.ts'
export { type PathStep, parsePathExpression } from './path-expression.ts'
export { readPact } from './read.ts'
export {
  type Verification,
  type VerifiedInteraction,
  type VerifiedPact,
  verificationFileName,
  verificationSchema,
} from './verification.ts'
