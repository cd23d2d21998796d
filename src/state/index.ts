/** Given states of a script come in; what the target answered for them, and how to undo them, goes out. */
export { tearDown } from './ask.ts'
export {
  type Creation,
  type Journal,
  type JournalFile,
  noJournal,
  openJournal,
  openJournalFile,
  readJournals,
} from './journal.ts'
export {
  type ArrangedState,
  type Arrangement,
  type Leftover,
  type NamedState,
  openStates,
  type SessionOptions,
  type StateSession,
} from './session.ts'
