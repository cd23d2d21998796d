/** A document and a suite come in; what was promised, one expectation at a time, goes out. */
export { type Expectation, type Filter, planExpectations } from './expectations.ts'
export { type Law, laws } from './laws/index.ts'
export {
  type Copies,
  type CredentialUse,
  type Effect,
  type Given,
  type Hole,
  isProtected,
  isRefuted,
  isSafe,
  type KeySource,
  matchesStatus,
  pathFromGiven,
  pathToNothing,
  type Refutation,
  type Script,
  type StatusPattern,
  type Step,
  statusesNamed,
  statusNamed,
} from './script.ts'
