import type { Dispatcher, Pool } from 'undici'
import { AssayError } from '../errors.ts'
import { Secret, type Target } from '../target/index.ts'
import { decodeBody } from './body.ts'
import { type Capture, takeCaptures } from './capture.ts'
import type { Disclosure, Exchange, Request, Text } from './exchange.ts'
import { classifyFailure, describeFailure } from './failure.ts'
import { createMask } from './mask.ts'
import { record, secretsIn, toWire } from './wire.ts'

export type Sent = {
  readonly exchange: Exchange
  /** What was captured, empty when there was no answer. */
  readonly captured: Readonly<Record<string, Text>>
}

export type SendOptions = {
  readonly signal?: AbortSignal
  /** Takes values out of the answer, a JSON value or undefined, before it is masked. */
  readonly capture?: Capture
}

/** Speaks to one target: the only place that opens a secret. */
export type Client = {
  /**
   * Sends one request and records what came of it. A redirect is recorded, never followed.
   *
   * @throws AssayError TARGET_HOST_FORBIDDEN, BUDGET_SPENT before anything is sent
   */
  send(request: Request, options?: SendOptions): Promise<Sent>
  /** Keeps a secret out of everything recorded, until the answer is called. */
  hide(secret: Secret): () => void
  readonly sent: number
  close(): Promise<void>
}

export type ClientOptions = { readonly userAgent: string; readonly signal?: AbortSignal }

/** Opens a client with one connection pool per origin; nothing is sent yet. */
export function openClient(target: Target, { userAgent, signal }: ClientOptions): Client {
  const pools = new Map<string, Promise<Pool>>()
  const mask = createMask()
  const pace = createPace(target.limits.rate)
  const always = [
    target.credential,
    ...target.headers.map(([, value]) => value),
    target.faultHeader?.[1],
  ]
  for (const secret of always) if (secret !== undefined) mask.hide(secret)
  if (target.states?.kind === 'url') for (const [, value] of target.states.headers) mask.hide(value)
  let sent = 0

  async function openPool(origin: string): Promise<Pool> {
    const { Pool } = await import('undici')
    return new Pool(origin, {
      connections: target.limits.workers,
      pipelining: 1,
      connect: { timeout: target.limits.connectTimeout },
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }

  function poolFor(origin: string): Promise<Pool> {
    const known = pools.get(origin)
    if (known !== undefined) return known
    const pool = openPool(origin)
    pools.set(origin, pool)
    return pool
  }

  async function send(request: Request, options: SendOptions = {}): Promise<Sent> {
    const { origin, host, pathname } = new URL(request.baseUrl)
    allow(target, host)
    if (sent >= target.limits.requestBudget) throw budgetSpent(target)
    sent += 1
    await pace()
    const unhide = secretsIn(request).map((secret) => mask.hide(secret))
    try {
      return await exchangeOnce(
        await poolFor(origin),
        pathname.replace(/\/$/, ''),
        request,
        options,
      )
    } finally {
      for (const each of unhide) each()
    }
  }

  async function exchangeOnce(
    pool: Pool,
    prefix: string,
    request: Request,
    { signal: own, capture }: SendOptions,
  ): Promise<Sent> {
    const wire = toWire(request, prefix, userAgent)
    const startedAt = Date.now()
    const start = performance.now()
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort('timeout'), target.limits.requestTimeout)
    const stop = () => deadline.abort('stopped')
    const outer = own ?? signal
    if (outer?.aborted) stop()
    else outer?.addEventListener('abort', stop, { once: true })
    const common = { request: record(request, mask), startedAt }
    try {
      const answer = await pool.request({
        ...wire,
        signal: deadline.signal,
        responseHeaders: 'raw',
      })
      const headers = readHeaders(answer.headers)
      const raw = await readBody(answer.body, target.limits.bodyLimit)
      const ms = performance.now() - start
      if (raw === undefined)
        return { exchange: { ...common, ms, ...oversize(target) }, captured: {} }
      const codings = headers
        .filter(([name]) => /^content-encoding$/i.test(name))
        .map(([, value]) => value)
      const { body, undecodable } =
        codings.length === 0
          ? { body: raw }
          : await decodeBody(raw, codings, target.limits.bodyLimit)
      const captured = capture === undefined ? {} : takeCaptures(body, capture)
      for (const value of Object.values(captured)) if (value instanceof Secret) mask.hide(value)
      const disclosed: Disclosure[] = []
      const response = {
        status: answer.statusCode,
        headers: headers.map(
          ([name, value]) => [name, mask.text(value, `header ${name}`, disclosed)] as const,
        ),
        body: mask.bytes(body, 'body', disclosed),
        ...(undecodable === undefined ? {} : { undecodable }),
        disclosed,
      }
      return { exchange: { ...common, ms, kind: 'answered', response }, captured }
    } catch (error) {
      const ms = performance.now() - start
      const aborted = deadline.signal.aborted
        ? (deadline.signal.reason as 'timeout' | 'stopped')
        : undefined
      const failure =
        aborted === undefined
          ? classifyFailure(error)
          : {
              cause: aborted,
              reason: describeFailure(
                aborted,
                aborted === 'timeout' ? `${target.limits.requestTimeout} ms` : '',
              ),
            }
      return { exchange: { ...common, ms, kind: 'failed', ...failure }, captured: {} }
    } finally {
      clearTimeout(timer)
      outer?.removeEventListener('abort', stop)
    }
  }

  return {
    send,
    hide: (secret) => mask.hide(secret),
    get sent() {
      return sent
    },
    async close() {
      await Promise.all([...pools.values()].map(async (pool) => (await pool).destroy()))
    },
  }
}

function allow(target: Target, host: string): void {
  const name = host.replace(/:\d+$/, '')
  if (target.allowedHosts.some((allowed) => allowed === host || allowed === name)) return
  throw new AssayError(
    'TARGET_HOST_FORBIDDEN',
    `target ${target.name} may not be reached at ${host}`,
    {
      hint: `allowed are ${target.allowedHosts.join(', ')}; add it under allowedHosts if that is meant`,
    },
  )
}

function budgetSpent(target: Target): AssayError {
  return new AssayError(
    'BUDGET_SPENT',
    `target ${target.name} was to get at most ${target.limits.requestBudget} requests`,
    {
      hint: 'raise requestBudget, or run a part of the document with --include-operation',
    },
  )
}

/** Waits so that requests leave at most at the given rate per second. */
function createPace(rate: number | undefined): () => Promise<void> {
  if (rate === undefined) return () => Promise.resolve()
  let next = 0
  return async () => {
    const now = performance.now()
    const at = Math.max(now, next)
    next = at + 1000 / rate
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now))
  }
}

function readHeaders(raw: unknown): readonly (readonly [string, string])[] {
  const list = raw as readonly (Buffer | string)[]
  const pairs: [string, string][] = []
  for (let index = 0; index + 1 < list.length; index += 2) {
    pairs.push([latin(list[index]), latin(list[index + 1])])
  }
  return pairs
}

function latin(value: Buffer | string | undefined): string {
  return typeof value === 'string' ? value : (value?.toString('latin1') ?? '')
}

async function readBody(
  body: Dispatcher.ResponseData['body'],
  limit: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) return undefined
    chunks.push(chunk)
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
}

function oversize(target: Target) {
  const detail = `${target.limits.bodyLimit} bytes read, then cut`
  return { kind: 'failed', cause: 'oversize', reason: describeFailure('oversize', detail) } as const
}
