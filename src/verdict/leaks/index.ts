import { databaseTexts } from './database.ts'
import { filePaths } from './file-paths.ts'
import { internalHosts } from './hosts.ts'
import type { LeakKind } from './leak.ts'
import { stackTraces } from './stack-traces.ts'

export type Leak = { readonly kind: LeakKind; readonly match: string }

const kinds: readonly LeakKind[] = [stackTraces, databaseTexts, filePaths, internalHosts]

/** Longer texts are looked at as far as this. */
const most = 100_000

/** Finds what a text gives away of the machine behind it: of each kind the first, unless it is excused. */
export function findLeaks(text: string, isExcused: (match: string) => boolean): readonly Leak[] {
  const shown = text.slice(0, most)
  return kinds.flatMap((kind) => {
    const match = firstOf(kind, shown, isExcused)
    return match === undefined ? [] : [{ kind, match }]
  })
}

function firstOf(
  { patterns, isMeant }: LeakKind,
  text: string,
  isExcused: (match: string) => boolean,
): string | undefined {
  for (const pattern of patterns) {
    for (const { 0: match, index } of text.matchAll(new RegExp(pattern, `${pattern.flags}g`))) {
      const before = text.slice(Math.max(0, index - 20), index)
      const after = text.slice(index + match.length, index + match.length + 20)
      if ((isMeant?.(match, before, after) ?? true) && !isExcused(match)) return match
    }
  }
  return undefined
}
