import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, SendOptions } from './exchange/index.ts'
import { isSafe, methodOf, type Step, untilOf, weigh } from './plan/index.ts'
import { excuse, type Poll, poll } from './poll.ts'
import { fillStep, type Random, type Scope } from './probe/index.ts'
import type { Schemas } from './schema/index.ts'
import type { StateSession } from './state/index.ts'
import type { Target } from './target/index.ts'
import {
  isEvidence,
  isLimited,
  isSilent,
  type Sent,
  type Trouble,
  type Wait,
} from './verdict/index.ts'

/** A target, and what reaches it. */
export type Reach = {
  readonly target: Target
  readonly client: Client
  readonly states: StateSession
}

/** What a step is sent with; points in time are as `performance.now()` has them. */
export type Sending = Reach & {
  /** Where the states are arranged. Default: where the probe looks. */
  readonly origin?: Reach | undefined
  readonly scope: Scope
  readonly schemas: Schemas
  readonly random: Random
  readonly signal: AbortSignal
  /** When the time of the probe is over. */
  readonly end: number
  /** When its states were arranged, and when something was last changed since. */
  readonly arranged: number
  readonly changed: number
  /** Takes every request with its answer. */
  readonly sents: Sent[]
  /** Takes how long what was waited for took. */
  readonly waits: Wait[]
}

/** Sends a step, after so many of it that went before. */
type Send = (manner?: Sent['manner'], before?: number) => Promise<Sent>

/**
 * Sends one step: as often as it asks to be, and as long as what it waits for may take.
 *
 * @returns why it could not be seen, when that was not the doing of the API
 */
export async function sendStep(step: Step, sending: Sending): Promise<Trouble | undefined> {
  const { origin, scope, schemas, random, end, signal } = sending
  const { target, client } = step.atOrigin === true ? (origin ?? sending) : sending
  const request = fillStep(step, { target, scope, schemas, random })
  if (request === undefined) return undefined
  const usual = origin === undefined ? undefined : 'beside-others'
  const send: Send = async (manner = usual, before = sending.sents.length) => {
    const options = { until: end, raw: manner === 'raw', limited: limitedAs(step, before) }
    let { exchange } = await client.send(request, options)
    if (step.mustAnswer === true && isSilent(exchange))
      exchange = (await client.send(request, options)).exchange
    return { step, exchange, ...(manner === undefined ? {} : { manner }) }
  }
  const polling = pollingOf(step, target, sending, send)
  if (polling !== undefined && !(await waitFor(polling, sending)))
    return stopped(target, signal, 'the run was stopped')
  const isExcused = polling !== undefined && !changesWhatItAsks(polling)
  await sendCopies(step, send, isExcused ? polling : undefined, sending)
  return troubleOf(sending.sents, target, signal) ?? unmet(step, sending)
}

/** How a step waits on a target; undefined: nobody gave it time, and nothing is to be measured. */
function pollingOf(step: Step, target: Target, sending: Sending, send: Send): Poll | undefined {
  const until = untilOf(step)
  if (until === undefined) return undefined
  const allowed = target.limits[until.within]
  const isFree = until.what !== undefined || until.isToldElsewhere === true
  if ((allowed ?? 0) === 0 && !isFree) return undefined
  const { origin, arranged, changed, end, signal } = sending
  return {
    ...{ step, until, allowed, end, signal },
    since: until.since === 'arranged' ? arranged : changed,
    origin: origin?.target.region,
    send: (alone) => send(alone || step.raw === true ? 'raw' : undefined, 0),
  }
}

/**
 * Waits as a step asks to, by asking again or, where that would change something, by waiting alone.
 *
 * @returns false: the run or the time of the probe ended before it was known
 */
async function waitFor(polling: Poll, { sents, waits }: Sending): Promise<boolean> {
  if (changesWhatItAsks(polling)) {
    const { since, allowed = 0, signal } = polling
    const ms = since + allowed - performance.now() + 1
    return sleep(Math.max(0, ms), true, { signal }).catch(() => false)
  }
  const polled = await poll(polling)
  sents.push(...polled.sents)
  waits.push(polled.wait)
  if (polled.thrown !== undefined) throw polled.thrown
  return !polled.isCutShort
}

/** Whether to ask again would bring about what is waited for: a deletion that is looked at by deleting. */
function changesWhatItAsks({ step, until }: Poll): boolean {
  return !isSafe(methodOf(step)) && until.before.some((status) => status.startsWith('2'))
}

async function sendCopies(
  step: Step,
  send: Send,
  polling: Poll | undefined,
  { sents }: Sending,
): Promise<void> {
  const { inTurn, atOnce } = step.copies ?? { inTurn: 1, atOnce: 0 }
  const sendOne = async (manner?: Sent['manner']): Promise<Sent> => {
    const sent = await send(manner)
    const taken = polling === undefined ? sent : excuse(sent, polling)
    sents.push(taken)
    return taken
  }
  const copies = sents.slice(-1)
  for (let copy = copies.length; copy < inTurn && copies.every(goesOn); copy += 1)
    copies.push(await sendOne(copy === 0 && step.raw === true ? 'raw' : undefined))
  const isSteady = copies.every((sent) => goesOn(sent) && (isExpected(sent) || sent.step !== step))
  if (isSteady) await Promise.all(Array.from({ length: atOnce }, () => sendOne('beside-others')))
}

/** What a 429 is to a step: nobody waits for the sake of a copy, nor for what was asked for. */
function limitedAs({ expect, code, allows = [] }: Step, before: number): SendOptions['limited'] {
  if (expect.includes('429') || code === 429) return 'expected'
  return before > 0 || allows.includes('429') ? 'passed-on' : 'obeyed'
}

/** Whether another copy may follow: not after a failure, and not once the target asks for patience. */
function goesOn(sent: Sent): boolean {
  return sent.exchange.kind === 'answered' && !isLimited(sent)
}

function isExpected({ step, exchange }: Sent): boolean {
  return exchange.kind === 'answered' && weigh(step, exchange.response.status) === 'expected'
}

/** What kept a step from being seen; what the API itself did to it is judged instead. */
function troubleOf(
  copies: readonly Sent[],
  target: Target,
  signal: AbortSignal,
): Trouble | undefined {
  const some = copies.some(isExpected)
  for (const { step, exchange } of copies) {
    if (exchange.kind !== 'failed') continue
    if (isEvidence(exchange, some || step.mustAnswer === true)) continue
    if (exchange.cause === 'stopped') return stopped(target, signal, exchange.reason)
    return { kind: 'error', reason: exchange.reason }
  }
  return undefined
}

function stopped({ limits }: Target, signal: AbortSignal, reason: string): Trouble {
  if (signal.aborted) return { kind: 'stopped', reason }
  return { kind: 'error', reason: `the probe took longer than ${limits.probeTimeout} ms` }
}

/** What else has to hold before there is something to look at. */
function unmet({ name, premise, atOrigin }: Step, { origin, sents }: Sending): Trouble | undefined {
  const last = sents.at(-1)
  if ((premise === undefined && atOrigin !== true) || last === undefined || isExpected(last))
    return undefined
  const { exchange } = last
  const came = exchange.kind === 'answered' ? `answered ${exchange.response.status}` : 'no answer'
  const pair = origin === undefined ? '' : `with ${origin.target.name}: `
  return { kind: 'error', reason: `${atOrigin === true ? '' : pair}${premise ?? name} (${came})` }
}
