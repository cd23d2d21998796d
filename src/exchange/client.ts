import { setMaxListeners } from 'node:events'
import { AssayError } from '../errors.ts'
import { Secret, type Target } from '../target/index.ts'
import { type Capture, takeCaptures } from './capture.ts'
import type { Disclosure, Exchange, Flaw, Request, Response, Text } from './exchange.ts'
import { classifyFailure, type Failure, ownFailure } from './failure.ts'
import { createMask, type Mask } from './mask.ts'
import { type Origin, openOrigin } from './origin.ts'
import { createPace } from './pace.ts'
import { coverParts } from './parts.ts'
import { sendRaw } from './raw.ts'
import { type Received, receive } from './receive.ts'
import { record, secretsIn, toWire } from './wire.ts'

export type Sent = {
  readonly exchange: Exchange
  /** What was captured, empty when there was no 2XX answer. Its secrets stay hidden until `forget`. */
  readonly captured: Readonly<Record<string, Text>>
  forget(): void
}

export type SendOptions = {
  readonly signal?: AbortSignal | undefined
  /** Takes values out of a 2XX answer, a JSON value or undefined, before it is masked. */
  readonly capture?: Capture | undefined
  /** Sends it even to an origin that was given up or beyond the budget, as something may be left there. */
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
  close(): Promise<void>
}

export type ClientOptions = {
  readonly userAgent: string
  readonly signal?: AbortSignal | undefined
}

/** Opens a client with one connection pool per origin; nothing is sent yet. */
export function openClient(target: Target, { userAgent, signal }: ClientOptions): Client {
  const origins = new Map<string, Origin>()
  const mask = createMask()
  const pace = createPace(target.limits.rate)
  for (const secret of configuredSecrets(target)) mask.hide(secret)
  // Every request in flight listens to it, and more than ten would make Node warn of a leak.
  if (signal !== undefined) setMaxListeners(0, signal)
  let sent = 0

  function originAt(name: string): Origin {
    const known = origins.get(name)
    if (known !== undefined) return known
    const origin = openOrigin(name, target)
    origins.set(name, origin)
    return origin
  }

  async function send(request: Request, options: SendOptions = {}): Promise<Sent> {
    const url = new URL(request.baseUrl)
    allow(target, url.host)
    const origin = originAt(url.origin)
    const unhide = secretsIn(request).map((secret) => mask.hide(secret))
    try {
      const shown = record(request, mask)
      if (whyNotSent(origin, options) === undefined) await pace(options.signal ?? signal)
      const recorded = { request: shown, startedAt: Date.now() }
      const why = whyNotSent(origin, options)
      if (why !== undefined) return failure(recorded, 0, why)
      if (sent >= target.limits.requestBudget && options.insist !== true) throw budgetSpent(target)
      sent += 1
      const start = performance.now()
      const came = await answerOf(request, url, origin, options)
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

  function whyNotSent(origin: Origin, { insist, signal: own }: SendOptions): Failure | undefined {
    if ((own ?? signal)?.aborted) return stopped(false)
    const dead = insist === true ? undefined : origin.dead()
    return dead && { ...dead, reached: false }
  }

  function stopped(reached: boolean): Failure {
    const why = signal?.aborted ? 'the run was ended' : 'there was no time left for it'
    return ownFailure('stopped', why, reached)
  }

  /** Puts the request on the wire, within its own time and until the run or the probe is stopped. */
  async function answerOf(
    request: Request,
    url: URL,
    { pool }: Origin,
    { signal: own, raw }: SendOptions,
  ): Promise<Received | Failure> {
    const { requestTimeout, bodyLimit } = target.limits
    const deadline = new AbortController()
    const timer = setTimeout(
      () => deadline.abort(ownFailure('timeout', `${requestTimeout} ms`)),
      requestTimeout,
    )
    const outer = own ?? signal
    const stop = () => deadline.abort(stopped(true))
    if (outer?.aborted) stop()
    else outer?.addEventListener('abort', stop, { once: true })
    let headCame = false
    try {
      const wired = toWire(request, url.pathname.replace(/\/$/, ''), userAgent)
      if (raw === true)
        return await sendRaw(wired, url, { limits: target.limits, signal: deadline.signal })
      const answer = await (await pool).request({
        ...wired,
        signal: deadline.signal,
        responseHeaders: 'raw',
      })
      headCame = true
      return await receive(answer, bodyLimit)
    } catch (error) {
      if (deadline.signal.aborted) return deadline.signal.reason as Failure
      const failed = classifyFailure(error, { origin: url.origin, headCame })
      if (failed === undefined) throw error
      return failed
    } finally {
      clearTimeout(timer)
      outer?.removeEventListener('abort', stop)
    }
  }

  return {
    send,
    get sent() {
      return sent
    },
    async close() {
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

function masked({ status, headers, body, undecodable, flaws }: Received, mask: Mask): Response {
  const disclosed: Disclosure[] = []
  return {
    status,
    headers: headers.map(([name, value]) => {
      const shown = mask.text(name, 'name of a header', disclosed)
      return [shown, mask.text(value, `header ${shown}`, disclosed)] as const
    }),
    body: mask.bytes(body, 'body', disclosed),
    ...(undecodable === undefined ? {} : { undecodable }),
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

function budgetSpent({ name, limits }: Target): AssayError {
  return new AssayError(
    'BUDGET_SPENT',
    `target ${name} was to get at most ${limits.requestBudget} requests`,
    { hint: 'raise requestBudget, or run a part of the document with --include-operation' },
  )
}
