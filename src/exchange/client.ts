import type { Pool } from 'undici'
import { AssayError } from '../errors.ts'
import { Secret, type Target } from '../target/index.ts'
import { type Budget, createBudget, type Reserve } from './budget.ts'
import { type Capture, takeCaptures } from './capture.ts'
import type { Disclosure, Exchange, Flaw, Request, Response, Text } from './exchange.ts'
import { classifyFailure, type Failure, ownFailure } from './failure.ts'
import { type Bearing, watchHalt } from './halt.ts'
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
   * Sends it even when the run is stopped and to an origin that was given up, as something may be left
   * there; it is taken from what was set aside for that, and from nothing else.
   */
  readonly insist?: Reserve | undefined
  /** Once it is under way, a stop of the run lets it come to its answer for a while. */
  readonly creates?: boolean | undefined
  /** Awaited right before it goes on the wire; what it throws keeps it from going there. */
  readonly before?: (() => Promise<void>) | undefined
  /** Sends it over a connection of its own and reads the answer byte by byte. */
  readonly raw?: boolean | undefined
}

/** Speaks to one target: the only place that opens a secret. */
export type Client = {
  /**
   * Sends one request and records what came of it. A redirect is recorded, never followed.
   *
   * @throws AssayError TARGET_HOST_FORBIDDEN, TARGET_METHOD_FORBIDDEN, BUDGET_SPENT before anything is sent
   */
  send(request: Request, options?: SendOptions): Promise<Sent>
  /** How many requests were sent. */
  readonly sent: number
  /** Sets requests aside, as the budget of the target allows. Throws AssayError BUDGET_SPENT. */
  readonly reserve: Budget['reserve']
  /** Waits (milliseconds); a stop of the run cuts it short. */
  pause(ms: number): Promise<void>
  /** Whether a text shows a secret that is in use. */
  shows(text: string): boolean
  /** What is to be known of how requests were sent, beside their outcomes: a sentence each. */
  remarks(): readonly string[]
  close(): Promise<void>
}

export type ClientOptions = {
  readonly userAgent: string
  readonly signal?: AbortSignal | undefined
  /** Milliseconds from the signal to the end of everything, undoing included. Default: 5000. */
  readonly grace?: number | undefined
}

/** A base URL, taken apart: the pool of its origin, the name of that, and the path before every path. */
type Place = { readonly origin: Origin; readonly name: string; readonly prefix: string }

const forever = Number.POSITIVE_INFINITY

/** Opens a client with one connection pool per origin; nothing is sent yet. */
export function openClient(
  target: Target,
  { userAgent, signal, grace = 5000 }: ClientOptions,
): Client {
  const places = new Map<string, Place>()
  const origins = new Map<string, Origin>()
  const mask = createMask()
  const pace = createPace(target.limits.rate)
  // No set: the tables that it outgrows keep what was in them until the oldest garbage is collected.
  const underway: Record<Bearing, Transfer[]> = { ends: [], answers: [], undoes: [] }
  for (const secret of configuredSecrets(target)) mask.hide(secret)
  const budget = createBudget(target)
  const halt = watchHalt(signal, grace)
  halt.onEnd((bearing) => {
    for (const each of underway[bearing]) each.end(stopped(true))
  })

  /** Where a base URL leads, looked at once. */
  function placeAt(baseUrl: string): Place {
    const known = places.get(baseUrl)
    if (known !== undefined) return known
    const { host, origin, pathname } = new URL(baseUrl)
    allow(target, host)
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
    allowMethod(target, request.method)
    const { origin } = place
    const unhide = secretsIn(request).map((secret) => mask.hide(secret))
    try {
      const shown = record(request, mask)
      if (pace !== undefined && whyNotSent(origin, options) === undefined) await turn(pace, options)
      if (options.before !== undefined && whyNotSent(origin, options) === undefined)
        await options.before()
      const recorded = { request: shown, startedAt: Date.now() }
      const why = whyNotSent(origin, options) ?? take(options)
      if (why !== undefined) return failure(recorded, 0, why)
      const start = performance.now()
      const came = await answerOf(request, place, await origin.pool, options)
      const ms = performance.now() - start
      if ('cause' in came) {
        if (came.cause === 'framing') origin.answered()
        else origin.failed(came)
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

  /** Takes one request from the budget, or says why what was set aside does not give one. */
  function take({ insist }: SendOptions): Failure | undefined {
    if (insist === undefined) budget.take()
    else if (!insist.take())
      return ownFailure('stopped', 'the budget of requests leaves none for it', false)
    return undefined
  }

  /** Waits for a turn, which a stop and the end of the time end as well. */
  async function turn(wait: Pace, { until = forever, insist }: SendOptions): Promise<void> {
    const ends = [insist === undefined ? signal : halt.over].filter((each) => each !== undefined)
    if (until !== forever)
      ends.push(AbortSignal.timeout(Math.max(0, Math.ceil(until - performance.now()))))
    await wait(AbortSignal.any(ends))
  }

  function whyNotSent(origin: Origin, options: SendOptions): Failure | undefined {
    const { insist, until = forever } = options
    if (until <= performance.now() || halt.isOver(bearingOf(options))) return stopped(false)
    if (insist !== undefined) return undefined
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
    { name, prefix }: Place,
    pool: Pool,
    options: SendOptions,
  ): Promise<Received | Failure> {
    const { until = forever, raw } = options
    const { requestTimeout, bodyLimit } = target.limits
    const wired = toWire(request, prefix, userAgent)
    const going =
      raw === true ? transferRaw(name, wired, target.limits) : transfer(pool, wired, bodyLimit)
    const left = until - performance.now()
    const timer = setTimeout(
      () => {
        const isLate = requestTimeout <= left
        going.end(isLate ? ownFailure('timeout', `${requestTimeout} ms`) : stopped(true))
      },
      Math.min(requestTimeout, left),
    )
    const beside = underway[bearingOf(options)]
    beside.push(going)
    try {
      return await going.outcome
    } catch (error) {
      const failed = classifyFailure(error, { origin: name, headCame: going.headCame() })
      if (failed === undefined) throw error
      return failed
    } finally {
      clearTimeout(timer)
      beside.splice(beside.indexOf(going), 1)
    }
  }

  return {
    send,
    get sent() {
      return budget.sent
    },
    reserve: budget.reserve,
    pause: halt.pause,
    shows: mask.holds,
    remarks: () => [],
    async close() {
      halt.close()
      await Promise.all([...origins.values()].map(async ({ pool }) => (await pool).destroy()))
    },
  }
}

function configuredSecrets({
  credential,
  headers,
  faultHeader,
  states,
}: Target): readonly Secret[] {
  const texts = [
    credential,
    ...headers.map(([, value]) => value),
    faultHeader?.[1],
    ...(states?.kind === 'url' ? states.headers.map(([, value]) => value) : []),
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

function allow(target: Target, host: string): void {
  const name = host.replace(/:\d+$/, '')
  const allowed = target.allowedHosts.map((each) => each.toLowerCase())
  if (allowed.includes(host) || allowed.includes(name)) return
  throw new AssayError(
    'TARGET_HOST_FORBIDDEN',
    `target ${target.name} may not be reached at ${host}`,
    {
      hint: `allowed are ${target.allowedHosts.join(', ')}; add it under allowedHosts if that is meant`,
    },
  )
}

/** Whatever made the request: a target classed `production` gets nothing else (RFC 9110, section 9.2.1). */
function allowMethod({ name, safety }: Target, method: string): void {
  if (safety !== 'production' || method === 'GET' || method === 'HEAD') return
  throw new AssayError(
    'TARGET_METHOD_FORBIDDEN',
    `${name} is classed production: only GET and HEAD are sent there, not ${method}`,
  )
}

function bearingOf({ insist, creates }: SendOptions): Bearing {
  if (insist !== undefined) return 'undoes'
  return creates === true ? 'answers' : 'ends'
}
