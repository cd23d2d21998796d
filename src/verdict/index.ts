/** A trace of a probe comes in; findings, and one verdict per expectation and target, go out. */
export {
  agree,
  type Disagreement,
  heldAgainst,
  isRed,
  regionAgreement,
} from './agreement/agree.ts'
export { type Answers, type Gathering, gatherAnswers, joinAnswers } from './agreement/answers.ts'
export { type Judged, judgedOf } from './agreement/standing.ts'
export { checks } from './checks/index.ts'
export {
  type Case,
  conclude,
  findingKey,
  type Omission,
  type Outcome,
  type SkipReason,
  type Verdict,
} from './conclude.ts'
export { compileEnvelope, type Envelope } from './envelope.ts'
export {
  type Check,
  type Complaint,
  type Evidence,
  isJson,
  type Level,
  type Promises,
} from './evidence.ts'
export {
  emptyTally,
  exitCode,
  isOurInput,
  pointsAtInput,
  type StopSignal,
  type Tally,
  tallyKey,
} from './exit-code.ts'
export { fingerprintOf, type Identity, type Mark, steady } from './fingerprint.ts'
export {
  type Finding,
  type Judgement,
  judge,
  type Sighting,
  type Surprise,
} from './judge.ts'
export { type Known, tellKnown } from './known.ts'
export { essence, matchMediaType } from './media-type.ts'
export { undocumentedLimits } from './repeats.ts'
export { reproduce } from './reproduce.ts'
export { foldRevocations, type Revocation, type RevocationSample } from './revocations.ts'
export { isEvidence, isLimited, isSilent } from './steadiness.ts'
export type { Sent, Trace, Trouble, Wait } from './trace.ts'
