import { setTimeout as sleep } from 'node:timers/promises'
import { matchesStatus, type Step, type Until, weigh } from './plan/index.ts'
import type { Sent, Wait } from './verdict/index.ts'

export type Poll = {
  readonly step: Step
  readonly until: Until
  /** When the change was made that is waited for, as `performance.now()` has it. */
  readonly since: number
  /** Milliseconds in which the old state may be answered; undefined: nobody declared any. */
  readonly allowed: number | undefined
  /** Where the change was made, when that is elsewhere. */
  readonly origin?: string | undefined
  /** When the time of the probe is over. */
  readonly end: number
  readonly signal: AbortSignal
  /** Sends the request once more; over a connection of its own, where another node may answer. */
  readonly send: (alone: boolean) => Promise<Sent>
}

export type Polled = {
  readonly sents: readonly Sent[]
  readonly wait: Wait
  /** Whether the run or the time of the probe ended before it was known. */
  readonly isCutShort: boolean
  /** What sending threw. */
  readonly thrown?: unknown
}

/** Milliseconds for which a credential is looked at beyond its budget, to say how long it takes. */
const curiosity = 1000

/** So many refusals in a row: behind one address there may be several nodes, each with its cache. */
const steady = 3

/**
 * Sends a step again and again while the old state is answered, and until the new one stays.
 *
 * The old state is allowed as long as the target declares; from then on it refutes what the step is
 * about. What is neither ends it at once.
 */
export async function poll(polling: Poll): Promise<Polled> {
  const { until } = polling
  const seen: Seen[] = []
  const told = () => ({ sents: tell(seen, polling), wait: measure(seen, until) })
  try {
    const isCutShort = await look(seen, polling)
    return { ...told(), isCutShort }
  } catch (thrown) {
    return { ...told(), isCutShort: true, thrown }
  }
}

/** Answers whether it was cut short. */
async function look(seen: Seen[], polling: Poll): Promise<boolean> {
  const { until, since, allowed = 0, send } = polling
  const rows = until.what === undefined ? 1 : steady
  const patience = allowed + graceOf(until, allowed)
  let row = 0
  for (let index = 0; ; index += 1) {
    const sent = await send(row === 1)
    const came = performance.now() - since
    const left = came - sent.exchange.ms
    const state = stateOf(sent, polling)
    seen.push({ sent, state, left, came })
    row = state === 'new' ? row + 1 : 0
    if (state === 'other' || row === rows || (state === 'old' && left > patience)) return false
    if (!(await pause(nextAfter(came, row === 0 ? index : 0, allowed), polling))) return true
  }
}

/** What is excused of an answer that was sent beside the polling: the old state, while it is allowed. */
export function excuse(sent: Sent, polling: Poll): Sent {
  const { step, until, since } = polling
  const left = performance.now() - since - sent.exchange.ms
  return stateOf(sent, polling) === 'old' && left <= excusedFor(polling)
    ? { ...sent, step: allowing(step, until.before) }
    : sent
}

/** How long after the allowed time is over a step is still sent again (milliseconds). */
export function graceOf({ what, isToldElsewhere }: Until, allowed: number): number {
  return what !== undefined || isToldElsewhere === true ? Math.max(curiosity, allowed) : 0
}

/** Until when the old state counts for nothing (milliseconds since the change). */
function excusedFor({ until, allowed = 0 }: Poll): number {
  return until.isToldElsewhere === true ? allowed + graceOf(until, allowed) : allowed
}

type Seen = {
  readonly sent: Sent
  readonly state: 'old' | 'new' | 'other'
  /** When the request left and when its answer came, in milliseconds since the change. */
  readonly left: number
  readonly came: number
}

function stateOf({ exchange }: Sent, { step, until }: Poll): Seen['state'] {
  if (exchange.kind === 'failed') return 'other'
  const { status } = exchange.response
  if (until.before.some((each) => matchesStatus(step.operation, each, status))) return 'old'
  return weigh(step, status) === 'expected' ? 'new' : 'other'
}

/** Every 25 ms at first, every 250 ms later, and a twentieth of the time gone by in the long run. */
function nextAfter(came: number, index: number, allowed: number): number {
  const ms = Math.max(Math.min(25 * 1.25 ** index, 250), came / 20)
  return came < allowed && came + ms > allowed ? allowed - came + 1 : ms
}

/** Waits; false: the run or the time of the probe ended meanwhile. */
async function pause(ms: number, { end, signal }: Poll): Promise<boolean> {
  if (performance.now() + ms >= end) return false
  return sleep(ms, true, { signal }).catch(() => false)
}

function measure(seen: readonly Seen[], { within }: Until): Wait {
  const lastOld = seen.findLastIndex(({ state }) => state === 'old')
  const firstNew = seen.slice(lastOld + 1).find(({ state }) => state === 'new')
  return { within, last: seen[lastOld]?.left, first: firstNew?.came }
}

/** What was early is allowed, what was late refutes and says how late it was. */
function tell(seen: readonly Seen[], polling: Poll): readonly Sent[] {
  const { step } = polling
  const early = allowing(step, polling.until.before)
  const last = seen.findLast(({ state }) => state === 'old')
  const late = last === undefined ? step : sayingHowLate(last.left, polling)
  return seen.map(({ sent, state, left }) => {
    if (state !== 'old') return sent
    return { ...sent, step: left <= excusedFor(polling) ? early : late }
  })
}

function allowing(step: Step, statuses: readonly string[]): Step {
  const { refutes: _refutes, frownsOn: _frownsOn, ...rest } = step
  return { ...rest, allows: [...(step.allows ?? []), ...statuses] }
}

function sayingHowLate(ms: number, { step, until, allowed, origin }: Poll): Step {
  if (until.what === undefined) return { ...step }
  const where = origin === undefined ? '' : ` in ${origin}`
  const allows = allowed === undefined ? '' : `, and ${allowed} ms are allowed`
  const because = `${until.what}${where} ${Math.ceil(ms)} ms before${allows}`
  return { ...step, because, ...(step.refutes && { refutes: { ...step.refutes, because } }) }
}
