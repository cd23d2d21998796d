/** What several targets have in common; targets are indices. */
export type Group = { readonly claim: string; readonly targets: readonly number[] }

/** Targets that do not agree. */
export type Split = {
  /** The largest first. */
  readonly groups: readonly Group[]
  /** Those that stand against a majority; none: there is no majority, and nobody is accused. */
  readonly odd: readonly number[]
}

/**
 * Lets targets vote: more than half are right, and the others are odd. Of two that differ nobody is.
 *
 * @param claims holds only those that say something
 * @returns undefined where all say the same
 */
export function vote(claims: ReadonlyMap<number, string>): Split | undefined {
  const byClaim = new Map<string, number[]>()
  for (const [target, claim] of claims) {
    const targets = byClaim.get(claim)
    if (targets === undefined) byClaim.set(claim, [target])
    else targets.push(target)
  }
  if (byClaim.size < 2) return undefined
  const groups = [...byClaim]
    .map(([claim, targets]) => ({ claim, targets: targets.sort((a, b) => a - b) }))
    .sort(
      (a, b) => b.targets.length - a.targets.length || (a.targets[0] ?? 0) - (b.targets[0] ?? 0),
    )
  const [first, ...others] = groups
  const hasMajority = first !== undefined && first.targets.length * 2 > claims.size
  return { groups, odd: hasMajority ? others.flatMap(({ targets }) => targets) : [] }
}
