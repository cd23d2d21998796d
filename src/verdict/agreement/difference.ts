import type { Level } from '../evidence.ts'
import type { Portrait } from './portrait.ts'
import type { Split } from './vote.ts'

/** A split, told in words, and how much it matters. */
export type Difference = Split & { readonly level: Level }

/** How each target answered one step, in one way or several; targets are indices. */
export type Portraits = ReadonlyMap<number, readonly Portrait[]>

/** What each target says in all its answers alike; one that says nothing, or now this and now that, has no vote. */
export function sure<T>(
  answers: ReadonlyMap<number, readonly T[]>,
  read: (answer: T, target: number) => string | undefined,
): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  for (const [target, all] of answers) {
    const [first, ...others] = all.map((each) => read(each, target))
    if (first !== undefined && others.every((each) => each === first)) found.set(target, first)
  }
  return found
}

/** Says in words what a claim means. */
export function worded({ groups, odd }: Split, tell: (claim: string) => string): Split {
  return { groups: groups.map((group) => ({ ...group, claim: tell(group.claim) })), odd }
}

/** Makes one difference of those in which the same targets stand against the same others. */
export function together(found: readonly Difference[]): readonly Difference[] {
  const joined = new Map<string, [Difference, ...Difference[]]>()
  for (const each of found) {
    const key = JSON.stringify([each.level, each.groups.map(({ targets }) => targets), each.odd])
    const known = joined.get(key)
    if (known === undefined) joined.set(key, [each])
    else known.push(each)
  }
  return [...joined.values()].map((all) => ({
    ...all[0],
    groups: all[0].groups.map(({ targets }, index) => ({
      targets,
      claim: several(all.map(({ groups }) => groups[index]?.claim ?? '')),
    })),
  }))
}

function several(texts: readonly string[], most = 5): string {
  const shown = texts.slice(0, most).join(', ')
  return texts.length <= most ? shown : `${shown} and ${texts.length - most} more`
}
