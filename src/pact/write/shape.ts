import { type Demand, type Kind, waysToMeet } from './clauses.ts'
import { shapeList } from './list.ts'
import { shapeObject } from './object.ts'
import { all, type Rules, Unsayable } from './rules.ts'
import { examplesOf, findScalar, scalarRule } from './scalar.ts'

/** A value for a pact, and what may stand in its place. */
export type Shape = { readonly example: unknown; readonly rules: Rules }

/** Where a value stands, and what is known of it from outside its own schema. */
export type Spot = {
  /** Its path expression. */
  readonly at: string
  /** The value that an example has there. */
  readonly hint?: unknown
  /** Whether a rule further out takes other values for it, so that a literal has to say that it is one. */
  readonly loose: boolean
  /** Whether examples are only looked at for their kind, because the whole is validated in the end. */
  readonly trusting?: boolean
  /** The schemas of the objects that it stands in. */
  readonly above: readonly string[]
}

/**
 * Makes the example of a value and the rules for what an answer may have instead, so that every
 * conforming answer passes and as few others as can be told.
 *
 * A member that no schema requires is left out, for an answer may lack it. A value that the schemas
 * fix (`const`, `enum` of one, `null`) is literal, whichever of document and envelope fixes it.
 *
 * @throws Unsayable with the reason where no pact can say it
 */
export function shapeValue(demand: Demand, spot: Spot): Shape {
  const ways = waysToMeet(demand)
  if (ways.length === 0) throw new Unsayable(`no value meets the schema of ${spot.at}`)
  const values = ways.flatMap((way) => way.values ?? (isNull(way.kinds) ? [null] : [undefined]))
  const [fixed, ...others] = new Set(values)
  if (fixed !== undefined && others.length === 0)
    return { example: fixed, rules: spot.loose ? [[spot.at, all({ match: 'equality' })]] : [] }
  const hinted = {
    ...spot,
    hint: [spot.hint, ...ways.flatMap(examplesOf)].find((value) => value !== undefined),
  }
  const kinds = new Set(ways.flatMap((way) => [...way.kinds]))
  if (isOnly(kinds, 'object')) return shapeObject(ways, demand, hinted, shapeValue)
  if (isOnly(kinds, 'array')) return shapeList(ways, hinted, shapeValue)
  if ([...kinds].every((kind) => kind === 'object' || kind === 'array'))
    throw new Unsayable(`${spot.at} may be an object or a list, and a pact cannot say that`)
  const example = findScalar(demand, ways, spot)
  return { example, rules: [[spot.at, scalarRule(ways, example)]] }
}

/** How the values inside a value are shaped. */
export type Shaper = typeof shapeValue

function isNull(kinds: ReadonlySet<Kind>): boolean {
  return isOnly(kinds, 'null')
}

function isOnly(kinds: ReadonlySet<Kind>, kind: Kind): boolean {
  return kinds.size === 1 && kinds.has(kind)
}
