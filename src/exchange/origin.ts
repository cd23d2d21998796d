import type { Socket } from 'node:net'
import type { Pool } from 'undici'
import type { Target } from '../target/index.ts'
import { type Connect, connectorTo } from './connect.ts'
import type { Failure } from './failure.ts'

/** One origin of a target: its connection pool, and whether anything is there. */
export type Origin = {
  readonly pool: Promise<Pool>
  /** Opens a connection that is not of the pool. */
  readonly connect: Connect
  /** Why nothing more is sent there; undefined while there is hope. */
  readonly dead: () => Failure | undefined
  answered(): void
  /** Takes a failure, and gives it back as it is to be told. */
  failed(failure: Failure): Failure
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
  const pool = openPool(origin, workers, () => connect(closing.signal))
  let alive = false
  let failures = 0
  let dead: Failure | undefined
  return {
    pool,
    connect,
    dead: () => dead,
    answered() {
      alive = true
      failures = 0
      dead = undefined
    },
    failed(failure) {
      if (failure.cause === 'stopped') return failure
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
    async close() {
      await (await pool).destroy()
      closing.abort()
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

async function openPool(origin: string, workers: number, connect: Connect): Promise<Pool> {
  const { Pool } = await import('undici')
  return new Pool(origin, {
    connections: workers,
    pipelining: 1,
    connect: (_, done) =>
      void connect().then(
        (socket) => {
          passOverContinue(socket)
          done(null, socket)
        },
        (error) => done(error, null),
      ),
    headersTimeout: 0,
    bodyTimeout: 0,
  })
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
