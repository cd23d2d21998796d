/** Given states of a script come in; what the target answered for them, and how to undo them, goes out. */
export { tearDown, type Undone } from './ask.ts'
export { costOf } from './cost.ts'
export { type Creation, type Journal, noJournal, openJournal, openJournalFile } from './journal.ts'
export { type JournalFile, type Open, readJournals, type UnreadFile } from './read-journals.ts'
export {
  type ArrangedState,
  type Arrangement,
  type Leftover,
  type NamedState,
  openStates,
  type SessionOptions,
  type StateSession,
} from './session.ts'
