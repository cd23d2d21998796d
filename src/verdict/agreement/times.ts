/** Milliseconds per target, by its index; null: it was not measured. */
export type PerTarget = readonly (number | null)[]

/** How long ordinary requests took: sent by themselves, over the pool, answered as expected. */
export type Times = {
  /** The fastest of all: about the way there and back. */
  readonly fastest: PerTarget
  /** The lower and the upper quartile, where there were three or more. */
  readonly quartiles: readonly {
    readonly expectation: string
    readonly low: PerTarget
    readonly high: PerTarget
  }[]
}

/** So many of an expectation are kept on a target. */
const kept = 12
const least = 3

/** Takes times as they come. */
export function createTimes(targets: number) {
  const fastest: (number | null)[] = Array.from({ length: targets }, () => null)
  const cells = new Map<string, Map<number, number[]>>()
  const each = Array.from({ length: targets }, (_, target) => target)
  return {
    note(target: number, cell: string, ms: number): void {
      fastest[target] = lesser(fastest[target] ?? null, ms)
      const taken = cells.get(cell) ?? new Map<number, number[]>()
      cells.set(cell, taken)
      const own = taken.get(target)
      if (own === undefined) taken.set(target, [ms])
      else if (own.length < kept) own.push(ms)
    },
    list(): Times {
      const quartiles = [...cells]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([expectation, taken]) => ({
          expectation,
          low: each.map((target) => quantile(taken.get(target), 'low')),
          high: each.map((target) => quantile(taken.get(target), 'high')),
        }))
        .filter(({ low }) => low.some((each) => each !== null))
      return { fastest: fastest.map(round), quartiles }
    },
  }
}

/** Joins the times of several runs; of a target that was measured twice at one expectation, the first. */
export function joinTimes(
  all: readonly { readonly targets: readonly string[]; readonly times: Times }[],
  targets: readonly string[],
): Times {
  const spread = (names: readonly string[], values: PerTarget): PerTarget =>
    targets.map((name) => values[names.indexOf(name)] ?? null)
  const cells = new Map<string, Times['quartiles'][number]>()
  let fastest: PerTarget = targets.map(() => null)
  for (const { targets: names, times } of all) {
    fastest = zip(fastest, spread(names, times.fastest), lesser)
    for (const { expectation, low, high } of times.quartiles) {
      const known = cells.get(expectation)
      const first = (a: number | null, b: number | null) => a ?? b
      const more = { expectation, low: spread(names, low), high: spread(names, high) }
      cells.set(
        expectation,
        known === undefined
          ? more
          : {
              expectation,
              low: zip(known.low, more.low, first),
              high: zip(known.high, more.high, first),
            },
      )
    }
  }
  const quartiles = [...cells.values()].sort((a, b) => (a.expectation < b.expectation ? -1 : 1))
  return { fastest, quartiles }
}

function zip(
  some: PerTarget,
  others: PerTarget,
  join: (a: number | null, b: number | null) => number | null,
): PerTarget {
  return some.map((each, index) => join(each, others[index] ?? null))
}

function lesser(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b)
}

function quantile(all: readonly number[] | undefined, which: 'low' | 'high'): number | null {
  if (all === undefined || all.length < least) return null
  const sorted = [...all].sort((a, b) => a - b)
  const inside = Math.floor((all.length - 1) / 4)
  return round(sorted[which === 'low' ? inside : all.length - 1 - inside] ?? null)
}

/** A tenth of a millisecond is all that means something. */
function round(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10
}
