/** A document or a pact comes in; interactions, findings on them and verifications of them go out. */
export { type BrokerAccess, readBrokerAccess } from './broker/access.ts'
export { type FetchedPact, type FetchOptions, fetchPacts } from './broker/fetch.ts'
export { gateByBroker } from './broker/gate.ts'
export { type Broker, openBroker } from './broker/open.ts'
export { publishPacts } from './broker/publish.ts'
export { type PublishedResult, publishResults } from './broker/results.ts'
export { type Revision, readBranch, readConsumerVersion } from './broker/revision.ts'
export {
  type CheckOptions,
  checkPact,
  compilePromises,
  type PactPromises,
  pactRules,
  type RuleFacts,
} from './check/index.ts'
export { type GateAnswer, type GateRegion, gateByFiles } from './gate.ts'
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
export { loadVerification, loadVerifications } from './read-verification.ts'
export { chooseRegions } from './regions.ts'
export {
  type Verification,
  type VerifiedInteraction,
  type VerifiedPact,
  verificationFileName,
  verificationSchema,
} from './verification.ts'
export {
  concludeCell,
  isExcusable,
  isSeen,
  labelOf,
  type Outcome,
  pactCheck,
} from './verify/conclude.ts'
export { type Doors, openDoors } from './verify/door.ts'
export { fitUnit } from './verify/fit.ts'
export { concludeMessages, planMessages } from './verify/messages.ts'
export { performUnit } from './verify/perform.ts'
export { type Sight, tellVerification } from './verify/tell.ts'
export { planUnits, type Unit } from './verify/unit.ts'
export { openVerifier, type Verifier } from './verify/verifier.ts'
export {
  comparePacts,
  type PartyNames,
  type UnwrittenCell,
  type WrittenPact,
  type WrittenPacts,
  writePact,
} from './write/index.ts'
