/** A document or a pact comes in; interactions, findings on them and verifications of them go out. */
export {
  type CheckOptions,
  checkPact,
  compilePromises,
  type PactPromises,
  pactRules,
  type RuleFacts,
} from './check/index.ts'
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
export { concludeCell, labelOf, type Outcome, pactCheck } from './verify/conclude.ts'
export { type Doors, openDoors } from './verify/door.ts'
export { fitUnit } from './verify/fit.ts'
export { concludeMessages, planMessages } from './verify/messages.ts'
export { performUnit } from './verify/perform.ts'
export { type Sight, tellVerification } from './verify/tell.ts'
export { planUnits, type Unit } from './verify/unit.ts'
export { openVerifier, type Verifier } from './verify/verifier.ts'
