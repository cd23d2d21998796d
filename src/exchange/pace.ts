import { setTimeout as wait } from 'node:timers/promises'

/** Waits until work may begin, or until it is stopped. */
export type Pace = (signal: AbortSignal) => Promise<void>

/**
 * Makes a wait that lets work begin at most at the given rate per second; undefined: at any rate.
 *
 * Work is let in by the order in which it came. What is stopped while it waits is let in at once,
 * to see that for itself, and uses no turn up.
 */
export function createPace(rate: number | undefined): Pace | undefined {
  if (rate === undefined) return undefined
  const pause = 1000 / rate
  const waiting = new Set<() => void>()
  let next = 0
  let timer: NodeJS.Timeout | undefined

  function letIn(): void {
    clearTimeout(timer)
    timer = undefined
    const [first] = waiting
    if (first === undefined) return
    const ms = next - performance.now()
    if (ms > 0) timer = setTimeout(letIn, ms)
    else {
      next = performance.now() + pause
      first()
    }
  }

  return (signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const enter = () => {
        waiting.delete(enter)
        signal.removeEventListener('abort', enter)
        resolve()
        letIn()
      }
      signal.addEventListener('abort', enter, { once: true })
      waiting.add(enter)
      if (timer === undefined) letIn()
    })
}

/** Waits so long (milliseconds), or until it is stopped. */
export async function sleep(ms: number, signal?: AbortSignal | undefined): Promise<void> {
  const options = signal === undefined ? {} : { signal }
  await wait(Math.min(Math.max(0, Math.ceil(ms)), longest), undefined, options).catch(() => {})
}

/** What a timer takes (milliseconds). */
const longest = 2 ** 31 - 1
