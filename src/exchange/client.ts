import type { Pool } from 'undici'
import { AssayError } from '../errors.ts'
import { remarksOnWays, Secret, type Target } from '../target/index.ts'
import { allow } from './allow.ts'
import { type Capture, takeCaptures } from './capture.ts'
import type { Disclosure, Exchange, Flaw, Request, Response, Text } from './exchange.ts'
import { classifyFailure, type Failure, lateFailure, ownFailure } from './failure.ts'
import { createMask, type Mask } from './mask.ts'
import { type Origin, openOrigin } from './origin.ts'
import { createPace, type Pace } from './pace.ts'
import { coverParts } from './parts.ts'
import { transferRaw } from './raw.ts'
import { type Received, type Transfer, transfer } from './receive.ts'
import { record, secretsIn, toWire } from './wire.ts'

export type Sent = {
  readonly exchange: Exchange
  /** What was captured, empty when there was no 2XX answer. Its secrets stay hidden until `forget`. */
  readonly captured: Readonly<Record<string, Text>>
  forget(): void
}

export type SendOptions = {
  /** When there is no time left for it, as `performance.now()` counts. Default: never. */
  readonly until?: number | undefined
  /** Takes values out of a 2XX answer, a JSON value or undefined, before it is masked. */
  readonly capture?: Capture | undefined
  /**
   * Sends it even when the run is stopped, to an origin that was given up and beyond the budget, as
   * something may be left there.
   */
  readonly insist?: boolean | undefined
  /** Sends it over a connection of its own and reads the answer byte by byte. */
  readonly raw?: boolean | undefined
}

/** Speaks to one target: the only place that opens a secret. */
export type Client = {
  /**
   * Sends one request and records what came of it. A redirect is recorded, never followed.
   *
   * @throws AssayError TARGET_HOST_FORBIDDEN, BUDGET_SPENT before anything is sent
   */
  send(request: Request, options?: SendOptions): Promise<Sent>
  /** How many requests were sent. */
  readonly sent: number
  /** What is to be known of how requests were sent, beside their outcomes: a sentence each. */
  remarks(): readonly string[]
  close(): Promise<void>
}

export type ClientOptions = {
  readonly userAgent: string
  readonly signal?: AbortSignal | undefined
}

/** A base URL, taken apart: the pool of its origin, the name of that, and the path before every path. */
type Place = { readonly origin: Origin; readonly name: string; readonly prefix: string }

const forever = Number.POSITIVE_INFINITY

/** Opens a client with one connection pool per origin; nothing is sent yet. */
export function openClient(target: Target, { userAgent, signal }: ClientOptions): Client {
  const places = new Map<string, Place>()
  const origins = new Map<string, Origin>()
  const mask = createMask()
  const pace = createPace(target.limits.rate)
  // No set: the tables that it outgrows keep what was in them until the oldest garbage is collected.
  const underway: Transfer[] = []
  for (const secret of configuredSecrets(target)) mask.hide(secret)
  const stop = () => {
    for (const each of underway) each.end(stopped(true))
  }
  signal?.addEventListener('abort', stop, { once: true })
  let sent = 0

  /** Where a base URL leads, looked at once. */
  function placeAt(baseUrl: string): Place {
    const known = places.get(baseUrl)
    if (known !== undefined) return known
    allow(target, baseUrl)
    const { origin, pathname } = new URL(baseUrl)
    const place = { origin: originAt(origin), name: origin, prefix: pathname.replace(/\/$/, '') }
    places.set(baseUrl, place)
    return place
  }

  function originAt(name: string): Origin {
    const known = origins.get(name)
    if (known !== undefined) return known
    const origin = openOrigin(name, target)
    origins.set(name, origin)
    return origin
  }

  async function send(request: Request, options: SendOptions = {}): Promise<Sent> {
    const place = placeAt(request.baseUrl)
    const { origin } = place
    const unhide = secretsIn(request).map((secret) => mask.hide(secret))
    try {
      const shown = record(request, mask)
      if (pace !== undefined && whyNotSent(origin, options) === undefined) await turn(pace, options)
      const recorded = { request: shown, startedAt: Date.now() }
      const why = whyNotSent(origin, options)
      if (why !== undefined) return failure(recorded, 0, why)
      if (sent >= target.limits.requestBudget && options.insist !== true) throw budgetSpent(target)
      sent += 1
      const start = performance.now()
      const came = await answerOf(request, place, await origin.pool, options)
      const ms = performance.now() - start
      if ('cause' in came) {
        if (came.cause !== 'framing') return failure(recorded, ms, origin.failed(came))
        origin.answered()
        return failure(recorded, ms, came)
      }
      origin.answered()
      const isGood = came.status >= 200 && came.status < 300
      const captured = isGood && options.capture ? takeCaptures(came.body, options.capture) : {}
      const hidden = Object.values(captured).flatMap((value) =>
        value instanceof Secret ? [mask.hide(value)] : [],
      )
      const response = coverParts(masked(came, mask), secretsIn(request), shown.url)
      return {
        exchange: { ...recorded, ms, kind: 'answered', response },
        captured,
        forget: () => hidden.forEach((each) => void each()),
      }
    } finally {
      for (const each of unhide) each()
    }
  }

  /** Waits for a turn, which a stop and the end of the time end as well. */
  async function turn(wait: Pace, { until = forever, insist }: SendOptions): Promise<void> {
    const ends = insist === true || signal === undefined ? [] : [signal]
    if (until !== forever)
      ends.push(AbortSignal.timeout(Math.max(0, Math.ceil(until - performance.now()))))
    await wait(AbortSignal.any(ends))
  }

  function whyNotSent(
    origin: Origin,
    { insist, until = forever }: SendOptions,
  ): Failure | undefined {
    if (until <= performance.now()) return stopped(false)
    if (insist === true) return undefined
    if (signal?.aborted) return stopped(false)
    const dead = origin.dead()
    return dead && { ...dead, reached: false }
  }

  function stopped(reached: boolean): Failure {
    const why = signal?.aborted ? 'the run was ended' : 'there was no time left for it'
    return ownFailure('stopped', why, reached)
  }

  /** Puts the request on the wire, within its own time and until the run or the probe is stopped. */
  async function answerOf(
    request: Request,
    { name, prefix, origin: { connect } }: Place,
    pool: Pool,
    { until = forever, insist, raw }: SendOptions,
  ): Promise<Received | Failure> {
    const { requestTimeout, bodyLimit } = target.limits
    const wired = toWire(request, prefix, userAgent)
    const going =
      raw === true
        ? transferRaw({ name, connect }, wired, target.limits)
        : transfer(pool, wired, bodyLimit)
    const left = until - performance.now()
    const timer = setTimeout(
      () => {
        const isLate = requestTimeout <= left
        going.end(isLate ? lateFailure(requestTimeout, going.headCame()) : stopped(true))
      },
      Math.min(requestTimeout, left),
    )
    if (insist !== true) underway.push(going)
    try {
      return await going.outcome
    } catch (error) {
      const failed = classifyFailure(error, { origin: name, headCame: going.headCame() })
      if (failed === undefined) throw error
      return failed
    } finally {
      clearTimeout(timer)
      if (insist !== true) underway.splice(underway.indexOf(going), 1)
    }
  }

  return {
    send,
    get sent() {
      return sent
    },
    remarks: () => remarksOnWays([...origins.keys()], target),
    async close() {
      signal?.removeEventListener('abort', stop)
      await Promise.all([...origins.values()].map((origin) => origin.close()))
    },
  }
}

function configuredSecrets({
  credential,
  headers,
  faultHeader,
  states,
  proxies,
}: Target): readonly Secret[] {
  const texts = [
    credential,
    ...headers.map(([, value]) => value),
    faultHeader?.[1],
    ...(states?.kind === 'url' ? states.headers.map(([, value]) => value) : []),
    proxies?.http?.authorization,
    proxies?.https?.authorization,
  ]
  return texts.filter((text) => text instanceof Secret)
}

function failure(
  recorded: Pick<Exchange, 'request' | 'startedAt'>,
  ms: number,
  why: Failure,
): Sent {
  return { exchange: { ...recorded, ms, kind: 'failed', ...why }, captured: {}, forget: () => {} }
}

function masked(received: Received, mask: Mask): Response {
  const { headers, body, flaws } = received
  const texts = [...headers.flat(), ...(flaws ?? []).map(({ what }) => what)]
  if (!mask.holds(`${texts.join('\n')}\n${body.toString('latin1')}`))
    return { ...received, disclosed: [] }
  const disclosed: Disclosure[] = []
  return {
    ...received,
    headers: headers.map(([name, value]) => {
      const shown = mask.text(name, 'name of a header', disclosed)
      return [shown, mask.text(value, `header ${shown}`, disclosed)] as const
    }),
    body: mask.bytes(body, 'body', disclosed),
    ...(flaws === undefined ? {} : { flaws: flaws.map((flaw) => hideIn(flaw, mask)) }),
    disclosed,
  }
}

function hideIn(flaw: Flaw, mask: Mask): Flaw {
  return { ...flaw, what: mask.text(flaw.what, 'flaw', []) }
}

function budgetSpent({ name, limits }: Target): AssayError {
  return new AssayError(
    'BUDGET_SPENT',
    `target ${name} was to get at most ${limits.requestBudget} requests`,
    { hint: 'raise requestBudget, or run a part of the document with --include-operation' },
  )
}
