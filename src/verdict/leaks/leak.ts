/** What must not be seen from outside, and how it is recognized. */
export type LeakKind = {
  /** In words that follow "no". */
  readonly name: string
  /** Whether it may well be what an operation is there to answer, so that a success may hold it. */
  readonly mayBeData: boolean
  readonly patterns: readonly RegExp[]
  /** Whether a match is one after all; default: each is. */
  readonly isMeant?: (match: string, before: string) => boolean
}
