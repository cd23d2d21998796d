import type { Position } from '../errors.ts'

/** A finding that is known, and where. */
export type Entry = {
  readonly fingerprint: string
  readonly expectation: string
  readonly check: string
  readonly what?: string
  /** The steps of probes that may meet it; undefined: every one. */
  readonly ways?: readonly string[]
  /** Names of targets. */
  readonly targets: readonly string[]
  /** Nothing until somebody fills it in, like reason and expires; then the entry excuses nothing. */
  readonly owner: string | null
  readonly reason: string | null
  /** The last day (UTC) on which it holds, as YYYY-MM-DD. */
  readonly expires: string | null
}

/** A file of known findings, as it was read. */
export type Baseline = {
  /** As the user wrote it. */
  readonly file: string
  readonly entries: readonly Entry[]
  /** Its text without a byte order mark, and what that holds. */
  readonly text: string
  readonly value: Readonly<Record<string, unknown>>
  /** Whether the file is still to be made. */
  readonly isNew?: boolean
  positionOf(entry: Entry): Position
}
