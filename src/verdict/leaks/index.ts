import { databaseTexts } from './database.ts'
import { filePaths } from './file-paths.ts'
import { internalHosts } from './hosts.ts'
import type { LeakKind } from './leak.ts'
import { stackTraces } from './stack-traces.ts'

export type Leak = { readonly kind: LeakKind; readonly match: string }

const kinds: readonly LeakKind[] = [stackTraces, databaseTexts, filePaths, internalHosts].map(
  (kind) => ({ ...kind, patterns: kind.patterns.map(everywhere) }),
)

/** Made once, for making a pattern costs more than looking for it. */
function everywhere(pattern: RegExp): RegExp {
  return new RegExp(pattern, `${pattern.flags}g`)
}

/** Longer texts are looked at as far as this. */
const most = 50_000

/** A long line is looked at in pieces, so that no pattern has to go far back. */
const pieces = /[^\n]{1,1000}/g

/** Texts that give nothing away: most answers say the same. */
const clean = new Set<string>()

/** Whether a text gives anything away, excused or not. */
export function hasLeak(text: string): boolean {
  if (clean.has(text)) return false
  if (findLeaks(text, () => false).length > 0) return true
  if (clean.size >= 500) clean.clear()
  if (text.length < 1000) clean.add(text)
  return false
}

/** Finds what a text gives away of the machine behind it: of each kind the first, unless it is excused. The paths in a stack trace are a part of it. */
export function findLeaks(text: string, isExcused: (match: string) => boolean): readonly Leak[] {
  const lines = text.slice(0, most).match(pieces) ?? []
  const found = kinds.flatMap((kind): readonly Leak[] => {
    for (const line of lines) {
      const match = firstIn(kind, line, isExcused)
      if (match !== undefined) return [{ kind, match }]
    }
    return []
  })
  const isTrace = found.some(({ kind }) => kind.name === stackTraces.name)
  return found.filter(({ kind }) => !isTrace || kind.name !== filePaths.name)
}

function firstIn(
  { patterns, isMeant }: LeakKind,
  text: string,
  isExcused: (match: string) => boolean,
): string | undefined {
  for (const pattern of patterns) {
    pattern.lastIndex = 0
    for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
      const { 0: match, index } = found
      const before = text.slice(Math.max(0, index - 20), index)
      if ((isMeant?.(match, before) ?? true) && !isExcused(match)) return match
    }
  }
  return undefined
}
