import { utcDay } from '../target/index.ts'
import { steady } from '../verdict/index.ts'
import type { Entry } from './entry.ts'

/** A red finding, and everywhere it was seen. */
export type Sighting = {
  readonly first: Pick<Entry, 'fingerprint' | 'expectation' | 'check'> & {
    readonly expected: string
    readonly received: string
  }
  readonly targets: Set<string>
  readonly ways: Set<string>
}

export type Renewal = {
  readonly sightings: ReadonlyMap<string, Sighting>
  /** What is no longer seen, one by one target. */
  readonly unseen: readonly { readonly fingerprint: string; readonly target: string }[]
  readonly today: string
}

/** So many days a new entry has until somebody says otherwise. */
const days = 90

/** Characters of what an entry says for people. */
const longest = 200

/**
 * Makes the entries that a baseline is to have after a run.
 *
 * What people wrote stays. An entry loses the targets where it is no longer seen, and is gone with the
 * last; it gains those where it was seen. A new one waits for its owner and reason.
 */
export function renewEntries(
  entries: readonly Entry[],
  { sightings, unseen, today }: Renewal,
): readonly Entry[] {
  const gone = new Set(unseen.map(({ fingerprint, target }) => `${fingerprint} ${target}`))
  const known = new Set(entries.map(({ fingerprint }) => fingerprint))
  const kept = entries.flatMap((entry) => {
    const sighting = sightings.get(entry.fingerprint)
    const targets = entry.targets.filter((each) => !gone.has(`${entry.fingerprint} ${each}`))
    const renewed = merge(targets, sighting?.targets)
    if (renewed.length === 0) return []
    const ways = entry.ways === undefined ? undefined : merge(entry.ways, sighting?.ways)
    return [{ ...entry, ...(ways === undefined ? {} : { ways }), targets: renewed }]
  })
  const added = [...sightings.values()]
    .filter(({ first }) => !known.has(first.fingerprint))
    .map((sighting) => newEntry(sighting, today))
  return [...kept, ...added].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

function newEntry({ first, targets, ways }: Sighting, today: string): Entry {
  const { fingerprint, expectation, check, expected, received } = first
  return {
    fingerprint,
    expectation,
    check,
    what: oneLine(`expected ${withoutIds(expected)}, received ${withoutIds(received)}`),
    ...(ways.size === 0 ? {} : { ways: merge([], ways) }),
    targets: merge([], targets),
    owner: null,
    reason: null,
    expires: utcDay(new Date(`${today}T00:00:00Z`), days),
  }
}

/** What was there in its order, then what is new in that of its letters. */
function merge(some: readonly string[], others: ReadonlySet<string> = new Set()) {
  const known = new Set(some)
  return [...some, ...[...others].filter((each) => !known.has(each)).sort()]
}

function keyOf({ expectation, check, fingerprint }: Entry): string {
  return JSON.stringify([expectation, check, fingerprint])
}

/** The file is kept for long and shown to many: ids stay out of it, statuses and other short numbers do not. */
function withoutIds(text: string): string {
  return text.replaceAll(/[\w-]*\d[\w-]*/g, (word) => (word.length > 4 ? steady(word) : word))
}

function oneLine(text: string): string {
  const line = text.replaceAll(/[\0-\x20\x7f-\x9f]+/g, ' ')
  return line.length <= longest ? line : `${line.slice(0, longest)}…`
}
