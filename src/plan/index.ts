/** A document and a suite come in; what was promised, one expectation at a time, goes out. */
export { type Expectation, type Filter, planExpectations } from './expectations.ts'
export { deletedCredentialStopsWorking, type Facts, type Law, laws } from './laws/index.ts'
export {
  type Claim,
  type Copies,
  type CredentialUse,
  type Effect,
  endsWith,
  type Given,
  type Hole,
  isProtected,
  isSafe,
  type KeySource,
  matchesStatus,
  methodOf,
  pathFromGiven,
  pathToNothing,
  type Refutation,
  type Script,
  type StatusPattern,
  type Step,
  statusesNamed,
  statusNamed,
  type Weight,
  weigh,
} from './script.ts'
export { type Deal, deal, readShard, type Shard, tellShard } from './shard.ts'
export { type Until, untilOf } from './until.ts'
