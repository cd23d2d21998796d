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
  failed(failure: Failure): void
  close(): Promise<void>
}

const hopelessAfter = 3

/** Opens an origin; it is given up when it never answered and cannot be connected to, or fails again and again. */
export function openOrigin(origin: string, target: Target): Origin {
  const connect = connectorTo(origin, target)
  const closing = new AbortController()
  const pool = openPool(origin, target.limits.workers, () => connect(closing.signal))
  let alive = false
  let failures = 0
  let dead: Failure | undefined
  return {
    pool,
    connect,
    dead: () => dead,
    answered() {
      alive = true
      dead = undefined
    },
    failed(failure) {
      if (alive || failure.cause === 'stopped') return
      failures += 1
      if (!failure.reached || failures >= hopelessAfter) dead = failure
    },
    async close() {
      await (await pool).destroy()
      closing.abort()
    },
  }
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
