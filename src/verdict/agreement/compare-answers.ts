import { STATUS_CODES } from 'node:http'
import type { Answers, Seen } from './answers.ts'
import { compareBodies } from './compare-bodies.ts'
import { type Difference, type Portraits, sure, together, worded } from './difference.ts'
import type { Portrait } from './portrait.ts'
import { readRanges } from './ranges.ts'
import type { Standing } from './standing.ts'
import { type Split, vote } from './vote.ts'

/** One difference in how one step was answered. */
export type Met = Difference & {
  readonly aspect: 'status' | 'media-type' | 'shape' | 'header'
  readonly cell: string
  readonly seen: Seen
  /** An odd answer; where there is no majority, one that is not the first. */
  readonly shown: Portrait | undefined
}

/**
 * Compares how targets answered one step: status, media type, body, headers.
 *
 * Each is said once: who differs in one of them is not asked for the next.
 */
export function compareAnswers(seen: Seen, answers: Answers, standing: Standing): readonly Met[] {
  const portraits = countedAt(seen, answers, standing)
  const met: Met[] = []
  const tell = (aspect: Met['aspect'], difference: Difference, among: Portraits) => {
    const first = among.get(difference.groups[0]?.targets[0] ?? -1)?.[0]
    const shown = among.get(difference.groups[1]?.targets[0] ?? -1)?.[0]
    met.push({ ...difference, aspect, cell: first?.cell ?? seen.expectation, seen, shown })
  }

  const statuses = vote(sure(portraits, ({ status }) => String(status)))
  if (statuses !== undefined)
    tell(
      'status',
      { ...worded(statuses, nameStatus), level: seen.several ? 'should' : 'must' },
      portraits,
    )
  const alike = only(steady(portraits), statuses)
  const types = vote(sure(alike, ({ mediaType }) => mediaType))
  if (types !== undefined) tell('media-type', nameTypes(types), alike)
  const typed = only(alike, types)
  const bodies = compareBodies(typed)
  for (const each of bodies) tell('shape', each, typed)
  const shaped = bodies.reduce<Portraits>(only, typed)
  for (const each of compareHeaders(shaped, standing)) tell('header', each, shaped)
  return met
}

/** How those targets answered that are counted. */
function countedAt({ by, expectation }: Seen, answers: Answers, standing: Standing): Portraits {
  const found = new Map<number, Portrait[]>()
  for (const { portrait: id, targets } of by) {
    const portrait = answers.portraits[id]
    if (portrait === undefined) continue
    for (const target of readRanges(targets))
      found.set(target, [...(found.get(target) ?? []), portrait])
  }
  return new Map(
    [...found].filter(
      ([target, all]) =>
        standing.counts(target, expectation) &&
        all.every(({ cell }) => standing.counts(target, cell)),
    ),
  )
}

/** Who gave one status only. */
function steady(portraits: Portraits): Portraits {
  return new Map(
    [...portraits].filter(([, all]) => all.every(({ status }) => status === all[0]?.status)),
  )
}

/** Who is left to be asked for more: the majority, and nobody where there is none. */
function only(portraits: Portraits, split: Split | undefined): Portraits {
  if (split === undefined) return portraits
  const out = new Set(split.groups.flatMap(({ targets }) => targets))
  if (split.odd.length > 0) for (const target of split.groups[0]?.targets ?? []) out.delete(target)
  return new Map([...portraits].filter(([target]) => !out.has(target)))
}

function nameStatus(status: string): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd()
}

function nameTypes(split: Split): Difference {
  const isDocumented = split.groups.every(({ claim }) => !claim.endsWith(', undocumented'))
  const plain = (claim: string) => `Content-Type: ${claim.replace(', undocumented', '')}`
  return { ...worded(split, plain), level: isDocumented ? 'must' : 'should' }
}

function compareHeaders(portraits: Portraits, standing: Standing): readonly Difference[] {
  const names = new Set<string>()
  for (const { headers } of new Set([...portraits.values()].flat()))
    for (const name of Object.keys(headers)) names.add(name)
  return together(
    [...names].sort().flatMap((name): readonly Difference[] => {
      const read = ({ headers, cell }: Portrait, target: number) => {
        const value = Object.hasOwn(headers, name) ? headers[name] : 'none'
        const isTold = standing.isTold(target, cell, ['protocol', 'header-schema'])
        return value === 'unsaid' || isTold ? undefined : value
      }
      const split = vote(sure(portraits, read))
      if (split === undefined) return []
      const tell = (claim: string) =>
        claim === 'none' ? `no ${name}` : claim === 'there' ? name : `${name}: ${claim}`
      return [{ ...worded(split, tell), level: 'should' }]
    }),
  )
}
