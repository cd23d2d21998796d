import { type Clause, clauseAt, type Demand, keyOf, schemaAt, type Way } from './clauses.ts'
import { all, Unsayable } from './rules.ts'
import type { Shape, Shaper, Spot } from './shape.ts'

/**
 * Shapes a list: as many items as there must be, one at least where one may be, all of one shape.
 *
 * A list of fixed length with a schema for each place is shaped place by place. Where no pact can
 * say what the items are and there may be none, the list is only said to be one.
 */
export function shapeList(ways: readonly Way[], spot: Spot, shape: Shaper): Shape {
  const [way, ...others] = ways
  const places = way === undefined || others.length > 0 ? undefined : placesOf(way)
  if (places !== undefined) return shapePlaces(places, spot, shape)
  const least = Math.min(...ways.map((each) => limitOf(each, 'minItems', Math.max) ?? 0))
  const limits = ways.map((each) => limitOf(each, 'maxItems', Math.min))
  const longest = limits.includes(undefined) ? undefined : Math.max(...limits.map(Number))
  const max = longest === undefined ? {} : { max: longest }
  const rule = [spot.at, all({ match: 'type', min: least, ...max })] as const
  if (longest === 0) return { example: [], rules: [rule] }
  const hints = Array.isArray(spot.hint) ? spot.hint : []
  try {
    const items = Array.from({ length: Math.max(1, least) }, (_, index) =>
      shape(itemsOf(ways), { ...spot, at: `${spot.at}[*]`, hint: hints[index], loose: true }),
    )
    return {
      example: items.map(({ example }) => example),
      rules: [rule, ...(items[0]?.rules ?? [])],
    }
  } catch (error) {
    if (!(error instanceof Unsayable) || least > 0) throw error
    return { example: [], rules: [rule] }
  }
}

function limitOf(
  { clauses }: Way,
  keyword: 'minItems' | 'maxItems',
  strictest: (...values: number[]) => number,
): number | undefined {
  const limits = clauses
    .map((clause) => schemaAt(clause)[keyword])
    .filter((each) => typeof each === 'number')
  return limits.length === 0 ? undefined : strictest(...limits)
}

/** The clauses for each place, where the list has just these places and all of them. */
function placesOf(way: Way): readonly (readonly Clause[])[] | undefined {
  const fixed = way.clauses.flatMap((clause) => {
    const { prefixItems, items } = schemaAt(clause)
    if (!Array.isArray(prefixItems)) return []
    const max = limitOf(way, 'maxItems', Math.min) ?? (items === false ? prefixItems.length : NaN)
    const min = limitOf(way, 'minItems', Math.max) ?? 0
    if (max !== prefixItems.length || min !== prefixItems.length) return []
    return [prefixItems.map((_, index) => listed(clauseAt(clause, 'prefixItems', String(index))))]
  })
  return fixed[0]
}

function shapePlaces(places: readonly (readonly Clause[])[], spot: Spot, shape: Shaper): Shape {
  const hints = Array.isArray(spot.hint) ? spot.hint : []
  const items = places.map((clauses, index) =>
    shape({ clauses, choices: [] }, { ...spot, at: `${spot.at}[${index}]`, hint: hints[index] }),
  )
  return {
    example: items.map(({ example }) => example),
    rules: items.flatMap(({ rules }) => rules),
  }
}

/** What any item has to meet, wherever in the list it stands. */
function itemsOf(ways: readonly Way[]): Demand {
  const lists = new Map(
    ways.flatMap(({ clauses }) => itemLists(clauses)).map((list) => [keyOf(list), list]),
  )
  const [first = [], ...others] = lists.values()
  if (others.length === 0) return { clauses: first, choices: [] }
  return { clauses: [], choices: [[first, ...others]] }
}

/** One list of clauses per place that has one of its own, and one for all other places. */
function itemLists(clauses: readonly Clause[]): readonly (readonly Clause[])[] {
  const all = clauses.flatMap((clause) =>
    'prefixItems' in schemaAt(clause) ? [] : listed(clauseAt(clause, 'items')),
  )
  const tuples = clauses.filter((clause) => Array.isArray(schemaAt(clause).prefixItems))
  if (tuples.length === 0) return [all]
  return tuples.flatMap((clause) => {
    const { prefixItems, items } = schemaAt(clause)
    const heads = (prefixItems as unknown[]).map((_, index) => [
      ...all,
      ...listed(clauseAt(clause, 'prefixItems', String(index))),
    ])
    return items === false ? heads : [...heads, [...all, ...listed(clauseAt(clause, 'items'))]]
  })
}

function listed(clause: Clause | undefined): readonly Clause[] {
  return clause === undefined ? [] : [clause]
}
