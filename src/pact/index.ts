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
