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
  return verdict.kind === 'error' && pointsAtInput(verdict.codes)
}

/** Whether one of the codes behind an error is of that kind. */
export function pointsAtInput(codes: readonly string[]): boolean {
  return codes.some(
    (code) => Object.hasOwn(errorCodes, code) && errorCodes[code as ErrorCode].exit === 2,
  )
}

/** What may stop a run: Ctrl-C, somebody who ends it, a terminal that is closed. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

const stopCodes: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }

export type Ending = {
  readonly tally: Tally
  /** Whether a schema or another input of ours was at fault for an error. */
  readonly badInput: boolean
  readonly leftovers: number
  /** Red ways in which targets do not agree. Default: none. */
  readonly disagreements?: number
  /** Entries of a baseline that are expired or no longer seen. Default: none. */
  readonly stale?: number
  readonly stopped: StopSignal | undefined
}

/**
 * The exit code of a run: 130, 143 or 129 interrupted; 2 bad input; 1 a broken promise, an undeclared or
 * unproven skip, targets that do not agree, leftovers, or a baseline that is out of date; 3 something
 * could not be carried out; 0 conforming. A run that observed nothing proves nothing and is never 0.
 */
export function exitCode(ending: Ending): number {
  const { tally, badInput, leftovers, disagreements = 0, stale = 0, stopped } = ending
  if (stopped !== undefined) return stopCodes[stopped]
  if (badInput) return 2
  const red = tally.fail + tally.undeclared + tally.unproven + tally.stopped
  if (red + leftovers + disagreements + stale > 0) return 1
  if (tally.error > 0) return 3
  return tally.pass + tally.known > 0 ? 0 : 1
}
