/** A document or a pact comes in; interactions, findings on them and verifications of them go out. */
export {
  type CheckOptions,
  checkPact,
  compilePromises,
  type PactPromises,
  pactRules,
  type RuleFacts,
} from './check/index.ts'
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
  comparePacts,
  type PartyNames,
  type UnwrittenCell,
  type WrittenPact,
  type WrittenPacts,
  writePact,
} from './write/index.ts'
