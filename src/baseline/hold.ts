import type { Known } from '../verdict/index.ts'
import type { Entry } from './entry.ts'

/** One sight of a finding: where, and at which steps of probes. */
export type Sight = { readonly target: string; readonly ways: readonly string[] }

/** Why an entry does not make known what was seen; undefined: it does. */
export function whyNotKnown(entry: Entry, sight: Sight, today: string): string | undefined {
  if (entry.owner === null || entry.reason === null || entry.expires === null)
    return 'its entry in the baseline says not yet who answers for it, why, and until when'
  if (isOver(entry, today)) return tellExpired(entry)
  return whyNotListed(entry, sight)
}

/** Why an entry is not about what was seen, whether it has expired or not. */
export function whyNotListed(entry: Entry, { target, ways }: Sight): string | undefined {
  if (!entry.targets.includes(target)) return `it is known in ${entry.targets.join(', ')} alone`
  const others = ways.filter((way) => entry.ways?.includes(way) === false)
  return others.length === 0 ? undefined : `it is known elsewhere, not at ${others.join('; ')}`
}

/** An entry holds until the end of its last day. */
export function isOver({ expires }: Entry, today: string): boolean {
  return expires !== null && expires < today
}

export function tellExpired({ owner, expires }: Entry): string {
  return `its entry in the baseline expired on ${expires} (${owner ?? 'nobody'})`
}

export function knownBy({ owner, reason, expires }: Entry): Known {
  return { owner: owner ?? '', reason: reason ?? '', expires: expires ?? '' }
}
