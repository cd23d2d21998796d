/** A file of known findings and the verdicts of a run come in; what is known, expired and no longer seen goes out. */
export { baselineSchema } from './baseline-schema.ts'
export type { Baseline, Entry } from './entry.ts'
export { type LoadBaselineOptions, loadBaseline } from './load.ts'
export {
  type BaselineOutcome,
  type Stale,
  type Watch,
  type WatchOptions,
  type Weighed,
  watchBaseline,
} from './watch.ts'
export { type Written, writeBaseline } from './write.ts'
