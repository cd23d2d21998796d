import type { Pointer } from '../../document/index.ts'
import { type Difference, type Portraits, sure, together, worded } from './difference.ts'
import type { Portrait } from './portrait.ts'
import { vote } from './vote.ts'

type Claim = {
  readonly type: string
  readonly documented: boolean
  readonly open: boolean
  readonly sometimes: boolean
}

/**
 * Compares bodies place by place: which members there are, and of which type.
 *
 * Null, an empty list, and what is beyond the end of a large body say nothing. What the document
 * describes as one thing is `must`; what it leaves open, or does not mention, `should`.
 */
export function compareBodies(portraits: Portraits): readonly Difference[] {
  const places = new Set<Pointer>()
  for (const { body = {} } of new Set([...portraits.values()].flat()))
    for (const place of Object.keys(body)) places.add(place)
  return together([...places].sort().flatMap((place) => comparePlace(place, portraits) ?? []))
}

function comparePlace(place: Pointer, portraits: Portraits): Difference | undefined {
  const claims = new Map(
    [...portraits].map(([target, all]) => [target, all.map((each) => claimAt(place, each))]),
  )
  const known = [...claims.values()].flat().filter((claim) => typeof claim === 'object')
  const presence = vote(sure(claims, presenceOf))
  if (presence !== undefined) {
    const type = known.find((each) => each.type !== '')?.type ?? ''
    const tell = (claim: string) =>
      claim === 'none' ? `no ${label(place)}` : `${label(place)}: ${type}`
    const isDocumented = known.some(({ documented }) => documented)
    return { ...worded(presence, tell), level: isDocumented ? 'must' : 'should' }
  }
  const types = vote(sure(claims, (claim) => (typeof claim === 'object' ? claim.type : undefined)))
  if (types === undefined) return undefined
  const isOneThing = known.every(({ documented, open }) => documented && !open)
  const tell = (type: string) => `${label(place)}: ${type}`
  return { ...worded(types, tell), level: isOneThing ? 'must' : 'should' }
}

function presenceOf(claim: Claim | 'none' | undefined): string | undefined {
  if (claim === 'none') return 'none'
  return claim === undefined || claim.sometimes ? undefined : 'there'
}

/** What a portrait says of a place; `none`: nothing stands there although something might. */
function claimAt(place: Pointer, { body, partly }: Portrait): Claim | 'none' | undefined {
  const text = body !== undefined && Object.hasOwn(body, place) ? body[place] : undefined
  if (text !== undefined) return read(text)
  if (body === undefined || partly !== undefined) return undefined
  if (place === '' || /\/(\[\]|\{\})$/.test(place)) return undefined
  const parent = body[place.slice(0, place.lastIndexOf('/'))]
  return parent !== undefined && /^object(,|$)/.test(parent) ? 'none' : undefined
}

function read(text: string): Claim | undefined {
  const [type = '', ...flags] = text.split(', ')
  if (type === 'null' || type.includes(' or ')) return undefined
  return {
    type,
    documented: !flags.includes('undocumented'),
    open: flags.includes('open'),
    sometimes: flags.includes('sometimes'),
  }
}

function label(place: Pointer): string {
  return place === '' ? 'the body' : place
}
