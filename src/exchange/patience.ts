import type { Attempt } from './exchange.ts'
import type { Failure } from './failure.ts'
import { sleep } from './pace.ts'
import type { Received } from './receive.ts'
import { readRetryAfter } from './retry-after.ts'

/** By when it has to be over (`performance.now()`), and what ends it before. */
export type Bounds = {
  readonly until: number
  /** Whether something may be left on the target without it: then only its own time bounds it. */
  readonly insist: boolean
  readonly signal?: AbortSignal | undefined
}

/** Keeps from a target what it asks to be spared, for all that goes there. */
export type Patience = {
  /** Waits until the target may be asked again, or a signal ends that; the answer: why that is not waited for. */
  wait(bounds: Bounds): Promise<Failure | undefined>
  /** Whether the target is to be left alone now. */
  readonly closed: boolean
  /**
   * Takes note of a 429, what came of the same request before given; the answer: why it is not sent again.
   *
   * Without a `Retry-After` that asks for time, the pause is small and doubles each time.
   */
  note(answer: Received, before: readonly Attempt[], bounds: Bounds): Failure | undefined
  remarks(): readonly string[]
}

const smallest = 500
const largest = 10_000

/** After a pause, waiting requests go out one by one, so that the first can tell the others to wait on. */
const gap = 50

/** Makes the patience with one target, which may make us wait so long in all (milliseconds). */
export function createPatience(limit: number): Patience {
  let openFrom = 0
  /** What the target said when it closed, in words that a reason begins with. */
  let asked = ''
  let refusal: string | undefined
  let queued = 0
  let times = 0
  const clock = createClock()

  function throttled(reason: string, reached: boolean): Failure {
    return { cause: 'throttled', reason: `${asked}, ${reason}`, reached }
  }

  return {
    get closed() {
      return performance.now() < openFrom
    },
    async wait({ until, insist, signal }) {
      while (performance.now() < openFrom && signal?.aborted !== true) {
        if (refusal !== undefined && !insist) return throttled(refusal, false)
        if (openFrom > until) return throttled(noTime(insist), false)
        const from = openFrom
        const turn = from + (insist ? 0 : queued++ * gap)
        await clock.during(sleep(Math.min(turn, until) - performance.now(), signal))
        if (openFrom === from) return undefined
      }
      return undefined
    },
    note(answer, before, { until, insist }) {
      const now = performance.now()
      const retryAfter = readRetryAfter(answer.headers)
      const told = typeof retryAfter === 'number' && retryAfter > 0
      const pause = told ? retryAfter : smallPause(before)
      times += 1
      if (now >= openFrom) refusal = undefined
      if (now + pause > openFrom) {
        openFrom = now + pause
        queued = 0
        asked = told
          ? `asked to wait ${tellTime(pause)} (429, Retry-After)`
          : 'asked to wait (429, no time given)'
      }
      if (refusal === undefined && clock.passed() + openFrom - now > limit)
        refusal = `${tellAllowed(limit, clock.passed())}: raise patience or lower rateLimit`
      if (refusal !== undefined && !insist) return throttled(refusal, true)
      return openFrom > until ? throttled(noTime(insist), true) : undefined
    },
    remarks() {
      if (times === 0) return []
      const often = times === 1 ? 'once' : `${times} times`
      return clock.passed() === 0
        ? [`asked us to wait (429, ${often}), and nothing had to`]
        : [`waited ${tellTime(clock.passed())} in all because asked to (429, ${often})`]
    },
  }
}

function smallPause(before: readonly Attempt[]): number {
  const times = before.filter(({ kind }) => kind === 'throttled').length
  return Math.min(largest, smallest * 2 ** times)
}

function noTime(insist: boolean): string {
  const cure = insist ? 'lower rateLimit' : 'raise probeTimeout or lower rateLimit'
  return `longer than there is time for it: ${cure}`
}

function tellAllowed(limit: number, passed: number): string {
  return passed === 0
    ? `the target is allowed ${tellTime(limit)}`
    : `${tellTime(passed)} of the ${tellTime(limit)} that the target is allowed are spent`
}

/** `0.5 s`, `12.3 s`, `3600 s` */
function tellTime(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'for ever'
  return ms < 100_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 1000)} s`
}

/** Measures the time during which any of some things went on (milliseconds). */
function createClock() {
  let running = 0
  let since = 0
  let before = 0
  return {
    passed: () => before + (running === 0 ? 0 : performance.now() - since),
    async during(work: Promise<void>): Promise<void> {
      if (running === 0) since = performance.now()
      running += 1
      try {
        await work
      } finally {
        running -= 1
        if (running === 0) before += performance.now() - since
      }
    },
  }
}
