import type { Socket } from 'node:net'
import type { Pool } from 'undici'
import type { Target } from '../target/index.ts'
import { type Connect, connectorTo } from './connect.ts'
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
  /** Opens a connection that is of no pool. */
  readonly connect: Connect
  /** Why nothing more is sent there; undefined while there is hope. */
  readonly dead: () => Failure | undefined
  answered(): void
  /** Takes a failure, and gives it back as it is to be told. */
  failed(failure: Failure): Failure
  /** Notes that the server closed a connection which it had offered to keep. */
  lostKept(): void
  remarks(): readonly string[]
  close(): Promise<void>
}

const hopelessAfter = 3

/**
 * Opens an origin. It is given up when it never answered and cannot be connected to, or fails again
 * and again; and when it has answered, but then all its workers wait in vain again and again.
 */
export function openOrigin(origin: string, target: Target): Origin {
  const { workers } = target.limits
  const connect = connectorTo(origin, target)
  const closing = new AbortController()
  let alive = false
  let failures = 0
  let dead: Failure | undefined
  let keeps = true
  let renewed = 0
  const lostKept = () => {
    keeps = false
  }
  const open = (pipelining: 0 | 1) =>
    openPool(origin, { pipelining, lostKept, workers, connect: () => connect(closing.signal) })
  const kept = open(1)
  let fresh: Promise<Pool> | undefined
  return {
    connect,
    poolFor(method, isAgain) {
      if (!isAgain && (keeps || isSafe(method))) return { pool: kept, fresh: false }
      if (!isAgain) renewed += 1
      fresh ??= open(0)
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
      closing.abort()
    },
    answered() {
      alive = true
      failures = 0
      dead = undefined
    },
    failed(failure) {
      if (failure.cause === 'stopped' || failure.reason === dead?.reason) return failure
      const told = tell(failure, origin, alive)
      // What fails at once, once it has answered, costs no time.
      if (alive && failure.cause !== 'timeout') return told
      failures += 1
      const isHopeless = alive
        ? failures >= hopelessAfter * workers
        : !failure.reached || failures >= hopelessAfter
      if (isHopeless) dead = alive ? silenced(failure, origin) : told
      return told
    },
  }
}

/** Whoever was never heard of is named, so that all that fails for this one reason says the same. */
function tell(failure: Failure, origin: string, alive: boolean): Failure {
  if (alive || !failure.reached) return failure
  return { ...failure, unheard: true, reason: `${origin} has not answered: ${failure.reason}` }
}

function silenced(failure: Failure, origin: string): Failure {
  return { ...failure, reason: `${origin} has fallen silent: ${failure.reason}, again and again` }
}

/** Milliseconds after which we close a connection that nothing is on: before most servers do. */
const idle = 1000

type PoolOptions = {
  /** 0: each request gets a connection of its own. */
  readonly pipelining: 0 | 1
  readonly lostKept: () => void
  readonly workers: number
  readonly connect: Connect
}

async function openPool(
  origin: string,
  { pipelining, lostKept, workers, connect }: PoolOptions,
): Promise<Pool> {
  const { Pool } = await import('undici')
  const pool = new Pool(origin, {
    connections: workers,
    pipelining,
    connect: (_, done) => {
      const start = performance.now()
      connect().then(
        (socket) => {
          passOverContinue(socket)
          watch(socket, performance.now() - start)
          done(null, socket)
        },
        (error) => done(error, null),
      )
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
