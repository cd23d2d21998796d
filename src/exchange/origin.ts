import type { Pool } from 'undici'
import type { Target } from '../target/index.ts'
import type { Failure } from './failure.ts'

/** One origin of a target: its connection pool, and whether anything is there. */
export type Origin = {
  readonly pool: Promise<Pool>
  /** Why nothing more is sent there; undefined while there is hope. */
  readonly dead: () => Failure | undefined
  answered(): void
  failed(failure: Failure): void
}

const hopelessAfter = 3

/** Opens an origin; it is given up when it never answered and cannot be connected to, or fails again and again. */
export function openOrigin(origin: string, { limits }: Target): Origin {
  let alive = false
  let failures = 0
  let dead: Failure | undefined
  return {
    pool: openPool(origin, limits),
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
  }
}

async function openPool(origin: string, limits: Target['limits']): Promise<Pool> {
  const { Pool } = await import('undici')
  return new Pool(origin, {
    connections: limits.workers,
    pipelining: 1,
    connect: { timeout: limits.connectTimeout },
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}
