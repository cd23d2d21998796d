import type { Answers } from './answers.ts'
import type { Standing } from './standing.ts'
import type { PerTarget } from './times.ts'

/** A target that is slower than the others, and at which expectations; none: everywhere. */
export type Slow = {
  readonly target: number
  readonly others: readonly number[]
  readonly expectations: readonly string[]
  readonly received: string
  readonly usual: string
}

/** So much slower than the majority is out of line: so many times, and so many milliseconds more. */
const factor = 3
const atOnce = 100
const asWhole = 500

const quorum = 3

/**
 * Finds targets that are out of line.
 *
 * Distance is no fault: what counts is the time beyond the fastest answer of the target itself. Of
 * the target that is suspected it is the lower quartile, of the others the upper one, so that jitter
 * accuses nobody. A target whose fastest answer is out of line with what the others answer at their
 * quickest expectation is slow as a whole.
 */
export function compareTimes({ targets, times }: Answers, standing: Standing): readonly Slow[] {
  const { fastest, quartiles } = times
  const usually = targets.map((_, target) => leastOf(quartiles.map(({ high }) => high[target])))
  const far = outOfLine(fastest, usually, asWhole).map(
    ({ target, others, own, usual }): Slow => ({
      target,
      others,
      expectations: [],
      received: `no answer within ${show(own)} ms`,
      usual: `answers within ${show(usual)} ms`,
    }),
  )
  const slow = new Map<
    number,
    { cells: string[]; own: number[]; usual: number[]; others: Set<number> }
  >()
  for (const { expectation, low, high } of quartiles) {
    const asked = targets.map(
      (_, target) =>
        standing.counts(target, expectation) && !standing.isTold(target, expectation, ['latency']),
    )
    const beyond = (all: PerTarget) =>
      all.map((ms, target) => {
        const way = fastest[target]
        return ms === null || way == null || asked[target] !== true ? null : Math.max(0, ms - way)
      })
    for (const { target, others, own, usual } of outOfLine(beyond(low), beyond(high), atOnce)) {
      const known = slow.get(target) ?? { cells: [], own: [], usual: [], others: new Set() }
      slow.set(target, known)
      known.cells.push(expectation)
      known.own.push(own)
      known.usual.push(usual)
      for (const other of others) known.others.add(other)
    }
  }
  return [
    ...far,
    ...[...slow].map(
      ([target, { cells, own, usual, others }]): Slow => ({
        target,
        others: [...others].filter((other) => !slow.has(other)),
        expectations: cells,
        received: `${show(Math.min(...own))} ms and more beyond its fastest answer`,
        usual: `within ${show(Math.max(...usual))} ms of their fastest answer`,
      }),
    ),
  ]
}

/** Who takes so much longer than the slowest of the faster half, and one more. */
function outOfLine(low: PerTarget, high: PerTarget, more: number) {
  const measured = low.flatMap((ms, target) =>
    ms === null || high[target] == null ? [] : [{ target, ms }],
  )
  if (measured.length < quorum) return []
  const majority = measured
    .map(({ target }) => ({ target, ms: high[target] ?? 0 }))
    .sort((a, b) => a.ms - b.ms)
    .slice(0, Math.floor(measured.length / 2) + 1)
  const usual = majority.at(-1)?.ms ?? 0
  const others = majority.map(({ target }) => target)
  return measured
    .filter(({ ms }) => ms > usual * factor && ms > usual + more)
    .map(({ target, ms }) => ({ target, others, own: ms, usual }))
}

function leastOf(all: readonly (number | null | undefined)[]): number | null {
  const known = all.filter((each) => typeof each === 'number')
  return known.length === 0 ? null : Math.min(...known)
}

function show(ms: number): string {
  return String(Math.round(ms))
}
