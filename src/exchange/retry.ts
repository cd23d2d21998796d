import type { Attempt } from './exchange.ts'
import type { Failure } from './failure.ts'
import { lossOf } from './link.ts'
import { sleep } from './pace.ts'
import type { Bounds } from './patience.ts'

/**
 * Why a request may be sent again after its connection failed; it is never because of an answer.
 *
 * `unsent`: nothing was sent. `lost`: not one byte of an answer came, and the method asks for no
 * change (RFC 9110, section 9.2.1; a second deletion is answered otherwise). `stale`: besides, the
 * server may have closed before the request came, which is nobody's fault (RFC 9112, section 9.6).
 */
export type Repeatable = 'unsent' | 'lost' | 'stale'

export function whyRepeatable(
  method: string,
  failure: Failure,
  error: unknown,
): Repeatable | undefined {
  if (!failure.reached) return mayPass(failure, error) ? 'unsent' : undefined
  const loss = lossOf(error)
  if (failure.cause !== 'reset' || loss?.silent !== true) return undefined
  if (!isSafe(method)) return undefined
  return loss.stale ? 'stale' : 'lost'
}

/** Whether a method asks for no change; TRACE, which does not either, is not sent. */
export function isSafe(method: string): boolean {
  return ['GET', 'HEAD', 'OPTIONS'].includes(method)
}

/** Sends again what may be sent again, as often as a target allows. */
export type Retries = {
  /** Decides whether a request is sent again after it failed, and waits a little before that. */
  wait(failure: Failure, before: readonly Attempt[], bounds: Bounds): Promise<boolean>
  remarks(): readonly string[]
}

/**
 * Makes the retries of one target, each request so often.
 *
 * What got lost with a stale connection is sent again once in any case.
 */
export function createRetries(limit: number): Retries {
  const counts = new Map<string, number>()
  let stale = 0
  return {
    async wait({ repeatable, cause }, before, { until, signal }) {
      if (repeatable === undefined) return false
      const times = before.filter(({ kind }) => kind === 'lost').length
      const isStale = repeatable === 'stale' && times === 0
      if (times >= limit && !isStale) return false
      const pause = isStale ? 0 : Math.min(largest, smallest * 2 ** times)
      if (performance.now() + 2 * pause >= until || signal?.aborted === true) return false
      if (isStale) stale += 1
      else counts.set(cause, (counts.get(cause) ?? 0) + 1)
      if (pause > 0) await sleep(pause, signal)
      return true
    },
    remarks() {
      const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
      const told = [...counts].map(([cause, count]) => `${cause} ${count}`).join(', ')
      return [
        ...(all === 0 ? [] : [`sent again ${tellTimes(all)} after a connection failed (${told})`]),
        ...(stale === 0
          ? []
          : [
              `sent again ${tellTimes(stale)} over another connection, because the server had closed the one that it had offered to keep`,
            ]),
      ]
    },
  }
}

/** The pause before it is sent again doubles each time (milliseconds). */
const smallest = 100
const largest = 5000

function tellTimes(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}

/** A name that does not exist, or a certificate that is not trusted, will be so the next time too. */
function mayPass({ cause }: Failure, error: unknown): boolean {
  if (cause === 'dns') return holdsCode(error, 'EAI_AGAIN')
  return cause === 'refused' || cause === 'timeout'
}

function holdsCode(error: unknown, code: string): boolean {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; depth += 1) {
    if ((each as NodeJS.ErrnoException).code === code) return true
    each = each instanceof AggregateError ? each.errors[0] : each.cause
  }
  return false
}
