import { type ErrorCode, errorCodes } from '../errors.ts'
import type { Verdict } from './conclude.ts'

/** How many verdicts there were of each kind; a skip counts by its reason. */
export type Tally = {
  readonly pass: number
  readonly fail: number
  /** Failed, with nothing red that a baseline does not know. */
  readonly known: number
  readonly error: number
  readonly declared: number
  readonly undeclared: number
  readonly unproven: number
  readonly stopped: number
}

export const emptyTally: Tally = {
  pass: 0,
  fail: 0,
  known: 0,
  error: 0,
  declared: 0,
  undeclared: 0,
  unproven: 0,
  stopped: 0,
}

export function tallyKey(verdict: Verdict): keyof Tally {
  if (verdict.kind === 'fail' && verdict.known === true) return 'known'
  return verdict.kind === 'skip' ? verdict.why : verdict.kind
}

/** Whether an error is of the kind that the suite or the document must answer for. */
export function isOurInput(verdict: Verdict): boolean {
  return (
    verdict.kind === 'error' &&
    verdict.codes.some(
      (code) => Object.hasOwn(errorCodes, code) && errorCodes[code as ErrorCode].exit === 2,
    )
  )
}

export type Ending = {
  readonly tally: Tally
  /** Whether a schema or another input of ours was at fault for an error. */
  readonly badInput: boolean
  readonly leftovers: number
  /** Entries of a baseline that are expired or no longer seen. */
  readonly stale?: number
  readonly stopped: 'SIGINT' | 'SIGTERM' | undefined
}

/**
 * The exit code of a run: 130 or 143 interrupted; 2 bad input; 1 a broken promise, an undeclared or
 * unproven skip, leftovers, or a baseline that is out of date; 3 something could not be carried out; 0 conforming. A run that
 * observed nothing proves nothing and is never 0.
 */
export function exitCode({ tally, badInput, leftovers, stale = 0, stopped }: Ending): number {
  if (stopped !== undefined) return stopped === 'SIGINT' ? 130 : 143
  if (badInput) return 2
  const { fail, undeclared, unproven, stopped: unseen } = tally
  if (fail + undeclared + unproven + unseen + leftovers + stale > 0) return 1
  if (tally.error > 0) return 3
  return tally.pass + tally.known > 0 ? 0 : 1
}
