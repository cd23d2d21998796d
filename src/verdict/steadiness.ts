import { STATUS_CODES } from 'node:http'
import type { Exchange } from '../exchange/index.ts'
import { type Step, weigh } from '../plan/index.ts'
import type { Sent } from './trace.ts'

/** A step whose copies were not all answered alike: at least one as expected, at least one not. */
export type Unsteady = {
  readonly step: Step
  /** The first copy that was not answered as expected. */
  readonly odd: Sent
  readonly received: string
}

/** Finds the repeated steps that got another class of answer now and then. */
export function findUnsteady(steps: readonly Sent[]): readonly Unsteady[] {
  const groups = new Map<Step, Sent[]>()
  for (const sent of steps) groups.set(sent.step, [...(groups.get(sent.step) ?? []), sent])
  return [...groups].flatMap(([step, copies]) => {
    const judged = copies.filter((sent) => counts(sent))
    const odd = judged.find((sent) => !isExpected(sent))
    if (odd === undefined || !judged.some(isExpected)) return []
    return [{ step, odd, received: tell(judged) }]
  })
}

/**
 * Whether a failed exchange shows something of the API rather than of the way to it: an answer that
 * is malformed, or none where the same request is answered at other times.
 */
export function isEvidence(exchange: Exchange & { kind: 'failed' }, others: boolean): boolean {
  if (!exchange.reached) return false
  return exchange.cause === 'framing' || (others && ['reset', 'timeout'].includes(exchange.cause))
}

/** Whether an exchange brought no answer although the target was reached. */
export function isSilent(exchange: Exchange): boolean {
  return exchange.kind === 'failed' && isEvidence(exchange, true)
}

/** Whether an answer asks for patience, which repeating may well provoke (RFC 6585, section 4). */
export function isLimited({ step, exchange }: Sent): boolean {
  return (
    step.copies !== undefined && exchange.kind === 'answered' && exchange.response.status === 429
  )
}

function counts(sent: Sent): boolean {
  const { exchange } = sent
  if (exchange.kind === 'answered') return !isLimited(sent)
  return exchange.cause !== 'framing' && isEvidence(exchange, true)
}

function isExpected({ step, exchange }: Sent): boolean {
  return exchange.kind === 'answered' && weigh(step, exchange.response.status) === 'expected'
}

/** `404 5 times, 500 Internal Server Error once` */
function tell(copies: readonly Sent[]): string {
  const counted = new Map<string, number>()
  for (const { exchange, manner } of copies) {
    const answer = answerOf(exchange)
    const how = manner === 'beside-others' ? `${answer} beside others` : answer
    counted.set(how, (counted.get(how) ?? 0) + 1)
  }
  return [...counted]
    .map(([answer, times]) => `${answer} ${times === 1 ? 'once' : `${times} times`}`)
    .join(', ')
}

function answerOf(exchange: Exchange): string {
  if (exchange.kind === 'failed') return exchange.reason
  const { status } = exchange.response
  return `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd()
}
