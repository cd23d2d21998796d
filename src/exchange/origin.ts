import type { Socket } from 'node:net'
import type { Pool } from 'undici'
import type { Target } from '../target/index.ts'
import type { Failure } from './failure.ts'
import { isIdleLoss, watch } from './link.ts'
import { isSafe } from './retry.ts'

/** One origin of a target: its connections, and whether anything is there. */
export type Origin = {
  /**
   * The connections for such a request: new ones for what is sent again after one was lost, and for what
   * changes something where the server closes those that it offered to keep.
   */
  poolFor(
    method: string,
    isAgain: boolean,
  ): { readonly pool: Promise<Pool>; readonly fresh: boolean }
  /** Why nothing more is sent there; undefined while there is hope. */
  readonly dead: () => Failure | undefined
  answered(): void
  failed(failure: Failure): void
  /** Notes that the server closed a connection which it had offered to keep. */
  lostKept(): void
  remarks(): readonly string[]
  close(): Promise<void>
}

const hopelessAfter = 3

/** Opens an origin; it is given up when it never answered and cannot be connected to, or fails again and again. */
export function openOrigin(origin: string, { limits }: Target): Origin {
  let alive = false
  let failures = 0
  let dead: Failure | undefined
  let keeps = true
  let renewed = 0
  const lostKept = () => {
    keeps = false
  }
  const kept = openPool(origin, limits, { pipelining: 1, lostKept })
  let fresh: Promise<Pool> | undefined
  return {
    poolFor(method, isAgain) {
      if (!isAgain && (keeps || isSafe(method))) return { pool: kept, fresh: false }
      if (!isAgain) renewed += 1
      fresh ??= openPool(origin, limits, { pipelining: 0, lostKept })
      return { pool: fresh, fresh: true }
    },
    dead: () => dead,
    lostKept,
    remarks() {
      if (renewed === 0) return []
      const requests = renewed === 1 ? 'one request' : `${renewed} requests`
      return [
        `sent ${requests} over new connections, because the server closes those that it offers to keep`,
      ]
    },
    async close() {
      for (const pool of [kept, fresh]) await (await pool)?.destroy()
    },
    answered() {
      alive = true
      dead = undefined
    },
    failed(failure) {
      if (alive || failure.cause === 'stopped') return
      failures += 1
      if (!failure.reached || failures >= hopelessAfter) dead = failure
    },
  }
}

/** Milliseconds after which we close a connection that nothing is on: before most servers do. */
const idle = 1000

type PoolOptions = {
  /** 0: each request gets a connection of its own. */
  readonly pipelining: 0 | 1
  readonly lostKept: () => void
}

async function openPool(
  origin: string,
  limits: Target['limits'],
  { pipelining, lostKept }: PoolOptions,
): Promise<Pool> {
  const { Pool, buildConnector } = await import('undici')
  const connect = buildConnector({ timeout: limits.connectTimeout })
  const pool = new Pool(origin, {
    connections: limits.workers,
    pipelining,
    connect: (options, done) => {
      const start = performance.now()
      connect(options, (...[error, socket]) => {
        if (error !== null) return done(error, null)
        passOverContinue(socket)
        watch(socket, performance.now() - start)
        done(null, socket)
      })
    },
    keepAliveTimeout: idle,
    keepAliveMaxTimeout: idle,
    // So much earlier than the server says that it will (milliseconds).
    keepAliveTimeoutThreshold: 500,
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  pool.on('disconnect', (_origin, _targets, error) => {
    if (isIdleLoss(error)) lostKept()
  })
  return pool
}

/**
 * Hides interim answers that say to go on: a client that did not ask may discard them (RFC 9110,
 * section 15.2.1), and the pool would hang up instead.
 */
function passOverContinue(socket: Socket): void {
  const read = socket.read.bind(socket)
  socket.read = (size?: number): Buffer | null => {
    for (;;) {
      const chunk: Buffer | null = read(size)
      const rest = chunk && withoutContinue(chunk)
      if (rest === null || rest.length > 0) return rest
    }
  }
}

function withoutContinue(chunk: Buffer): Buffer {
  if (chunk.length < 25 || chunk.toString('latin1', 0, 13) !== 'HTTP/1.1 100 ') return chunk
  const end = chunk.indexOf('\r\n\r\n')
  return end === -1 ? chunk : withoutContinue(chunk.subarray(end + 4))
}
