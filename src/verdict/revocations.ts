/** How long one deleted credential still worked; milliseconds from when the deletion was answered. */
export type RevocationSample = {
  /** The expectation that it is judged at. */
  readonly expectation: string
  readonly account: string | undefined
  /** The target where it was deleted, and the one where it was used. */
  readonly from: string
  readonly at: string
  /** What the latter is allowed; undefined: nobody declared anything. */
  readonly budget: number | undefined
} & (
  | {
      readonly kind: 'measured'
      /** When a request was sent that it still opened; undefined: none was opened. */
      readonly last: number | undefined
      /** When the first refusal came that nothing followed; undefined: it was not refused for good. */
      readonly first: number | undefined
    }
  | { readonly kind: 'unmeasured'; readonly reason: string }
)

/** How long deleted credentials still worked in one target, after they were deleted in it or in another. */
export type Revocation = {
  readonly expectation: string
  readonly account: string | null
  readonly from: string
  readonly in: string
  readonly samples: number
  /** Milliseconds in which half of them, and all, were refused; null: none was measured. */
  readonly p50: number | null
  readonly max: number | null
  /** Whether some were never refused for good, so that it takes longer than `max`. */
  readonly open: boolean
  /** Milliseconds after which one was last seen to work; null: none was. */
  readonly worked: number | null
  readonly budget: number | null
  /** Why samples are missing. */
  readonly unmeasured: readonly string[]
}

/**
 * Folds samples into one line per place where credentials were deleted and place where they were used.
 *
 * Each figure is an upper bound: the credential may have stopped at any time since it was last tried.
 */
export function foldRevocations(samples: readonly RevocationSample[]): readonly Revocation[] {
  const groups = new Map<string, RevocationSample[]>()
  for (const sample of samples) {
    const key = JSON.stringify([sample.expectation, sample.from, sample.at])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [sample])
    else group.push(sample)
  }
  return [...groups.values()].flatMap(fold)
}

function fold(group: readonly RevocationSample[]): readonly Revocation[] {
  const [head] = group
  if (head === undefined) return []
  const measured = group.filter((each) => each.kind === 'measured')
  const times = measured.map(({ first, last }) => first ?? last ?? 0).sort((a, b) => a - b)
  const works = measured.flatMap(({ last }) => (last === undefined ? [] : [last]))
  const reasons = group.flatMap((each) => (each.kind === 'unmeasured' ? [each.reason] : []))
  return [
    {
      expectation: head.expectation,
      account: head.account ?? null,
      from: head.from,
      in: head.at,
      samples: times.length,
      p50: whole(times[Math.ceil(times.length / 2) - 1]),
      max: whole(times.at(-1)),
      open: measured.some(({ first }) => first === undefined),
      worked: works.length === 0 ? null : whole(Math.max(...works)),
      budget: head.budget ?? null,
      unmeasured: [...new Set(reasons)],
    },
  ]
}

function whole(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.ceil(ms)
}
