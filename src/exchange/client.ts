import type { Pool } from 'undici'
import { AssayError } from '../errors.ts'
import { Secret, type Target } from '../target/index.ts'
import { type Capture, takeCaptures } from './capture.ts'
import { conceal } from './conceal.ts'
import type { Attempt, Exchange, Request, Text } from './exchange.ts'
import { classifyFailure, type Failure, ownFailure } from './failure.ts'
import { lossOf } from './link.ts'
import { createMask } from './mask.ts'
import { type Origin, openOrigin } from './origin.ts'
import { createPace, type Pace } from './pace.ts'
import { type Bounds, createPatience } from './patience.ts'
import { transferRaw } from './raw.ts'
import { type Received, type Transfer, transfer } from './receive.ts'
import { createRetries, whyRepeatable } from './retry.ts'
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
  /**
   * What a 429 is. `obeyed`: a wish to wait, after which it is sent again. `passed-on`: an answer, and
   * a wish that the next requests obey. `expected`: an answer and no more. Default: `obeyed`.
   */
  readonly limited?: 'obeyed' | 'passed-on' | 'expected' | undefined
}

/** Speaks to one target: the only place that opens a secret. */
export type Client = {
  /**
   * Sends one request and records what came of it. A redirect is recorded, never followed.
   *
   * It is sent again when it was not carried out: the target asked to wait, or the connection failed,
   * where the target allows that and repeating is safe. Each time counts as a request.
   *
   * @throws AssayError TARGET_HOST_FORBIDDEN, BUDGET_SPENT before anything is sent
   */
  send(request: Request, options?: SendOptions): Promise<Sent>
  /** Waits until the target may be asked, unless that is not waited for. */
  ready(): Promise<void>
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

/** What came of sending a request once. */
type Tried = {
  readonly startedAt: number
  readonly ms: number
  readonly fresh?: true
  readonly came: Received | Failure
}

const noPool = { pool: undefined, fresh: false } as const

const forever = Number.POSITIVE_INFINITY

/** Opens a client with one connection pool per origin; nothing is sent yet. */
export function openClient(target: Target, { userAgent, signal }: ClientOptions): Client {
  const places = new Map<string, Place>()
  const origins = new Map<string, Origin>()
  const mask = createMask()
  const pace = createPace(target.limits.rate)
  const patience = createPatience(target.limits.patience)
  const retries = createRetries(target.limits.retries)
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
    const { origin } = place
    const secrets = secretsIn(request)
    const unhide = secrets.map((secret) => mask.hide(secret))
    const attempts: Attempt[] = []
    try {
      const shown = record(request, mask)
      const concealing = { mask, presented: secrets, address: shown.url }
      for (;;) {
        const isAgain = attempts.some(({ kind }) => kind === 'lost')
        const { came, ...how } = await attempt(request, place, { ...options, isAgain })
        const recorded = () => ({
          request: shown,
          ...how,
          ...(attempts.length === 0 ? {} : { attempts }),
        })
        if ('cause' in came) {
          const { cause, reason } = came
          if (await retries.wait(came, attempts, boundsOf(options))) {
            attempts.push({ kind: 'lost', cause, reason })
            continue
          }
          if (cause === 'framing') origin.answered()
          else origin.failed(came)
          return failure(recorded(), came)
        }
        origin.answered()
        if (came.status === 429 && options.limited !== 'expected') {
          const refused = patience.note(came, attempts, boundsOf(options))
          if (options.limited !== 'passed-on') {
            attempts.push({ kind: 'throttled', ms: how.ms, response: conceal(came, concealing) })
            if (refused === undefined) continue
            return failure(recorded(), refused)
          }
        }
        // What is captured is hidden before the answer is read.
        const taken = captureFrom(came, options)
        return {
          exchange: { ...recorded(), kind: 'answered', response: conceal(came, concealing) },
          ...taken,
        }
      }
    } finally {
      for (const each of unhide) each()
    }
  }

  /** Takes values out of a 2XX answer; what is secret in them is hidden from now on. */
  function captureFrom(
    came: Received,
    { capture }: SendOptions,
  ): Pick<Sent, 'captured' | 'forget'> {
    const isGood = came.status >= 200 && came.status < 300
    const captured = isGood && capture ? takeCaptures(came.body, capture) : {}
    const hidden = Object.values(captured).flatMap((value) =>
      value instanceof Secret ? [mask.hide(value)] : [],
    )
    return { captured, forget: () => hidden.forEach((each) => void each()) }
  }

  /** Sends it once, as soon as that may be, and within the budget. */
  async function attempt(
    request: Request,
    place: Place,
    { isAgain, ...options }: SendOptions & { readonly isAgain: boolean },
  ): Promise<Tried> {
    const why = await whyNotYet(place.origin, options)
    const startedAt = Date.now()
    if (why !== undefined) return { startedAt, ms: 0, came: why }
    if (sent >= target.limits.requestBudget && options.insist !== true) throw budgetSpent(target)
    sent += 1
    const raw = options.raw === true
    const { pool, fresh } = raw ? noPool : place.origin.poolFor(request.method, isAgain)
    const opened = await pool
    const start = performance.now()
    const came = await answerOf(request, place, opened, options)
    return { startedAt, ms: performance.now() - start, ...(fresh ? { fresh } : {}), came }
  }

  /** Waits until the target may be asked and it is the turn of a request; the answer: why it is not sent. */
  async function whyNotYet(origin: Origin, options: SendOptions): Promise<Failure | undefined> {
    for (;;) {
      const why = whyNotSent(origin, options) ?? (await patience.wait(boundsOf(options)))
      if (why !== undefined) return why
      if (pace !== undefined) await turn(pace, options)
      if (!patience.closed) return whyNotSent(origin, options)
    }
  }

  function boundsOf({ until = forever, insist = false }: SendOptions): Bounds {
    return { until, insist, signal: insist ? undefined : signal }
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
    return dead && { ...dead, reached: false, repeatable: undefined }
  }

  function stopped(reached: boolean): Failure {
    const why = signal?.aborted ? 'the run was ended' : 'there was no time left for it'
    return ownFailure('stopped', why, reached)
  }

  /** Puts the request on the wire, within its own time and until the run or the probe is stopped. */
  async function answerOf(
    request: Request,
    { name, prefix, origin }: Place,
    pool: Pool | undefined,
    { until = forever, insist }: SendOptions,
  ): Promise<Received | Failure> {
    const { requestTimeout, bodyLimit } = target.limits
    const wired = toWire(request, prefix, userAgent)
    const going =
      pool === undefined
        ? transferRaw(name, wired, target.limits)
        : transfer(pool, wired, bodyLimit)
    const left = until - performance.now()
    const timer = setTimeout(
      () => {
        const isLate = requestTimeout <= left
        going.end(isLate ? ownFailure('timeout', `${requestTimeout} ms`) : stopped(true))
      },
      Math.min(requestTimeout, left),
    )
    if (insist !== true) underway.push(going)
    try {
      return await going.outcome
    } catch (error) {
      const failed = classifyFailure(error, { origin: name, headCame: going.headCame() })
      if (failed === undefined) throw error
      if (lossOf(error)?.stale === true) origin.lostKept()
      return { ...failed, repeatable: whyRepeatable(request.method, failed, error) }
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
    async ready() {
      await patience.wait({ until: forever, insist: false, signal })
    },
    remarks: () => [
      ...patience.remarks(),
      ...retries.remarks(),
      ...[...origins.values()].flatMap((origin) => origin.remarks()),
    ],
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
  recorded: Pick<Exchange, 'request' | 'startedAt' | 'ms' | 'fresh' | 'attempts'>,
  { cause, reason, reached }: Failure,
): Sent {
  const exchange: Exchange = { ...recorded, kind: 'failed', cause, reason, reached }
  return { exchange, captured: {}, forget: () => {} }
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

function budgetSpent({ name, limits }: Target): AssayError {
  return new AssayError(
    'BUDGET_SPENT',
    `target ${name} was to get at most ${limits.requestBudget} requests`,
    { hint: 'raise requestBudget, or run a part of the document with --include-operation' },
  )
}
