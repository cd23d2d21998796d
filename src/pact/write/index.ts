/** Planned probes come in; the pacts that promise the same, as text, go out. */
export { comparePacts } from './compare.ts'
export type { UnwrittenCell } from './interactions.ts'
export type { PartyNames } from './parties.ts'
export { type WrittenPact, type WrittenPacts, writePact } from './write.ts'
