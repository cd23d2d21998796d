import {
  type Clause,
  clauseAt,
  type Demand,
  isMembers,
  isWriteOnly,
  keyOf,
  meets,
  meetsAll,
  schemaAt,
  type Way,
} from './clauses.ts'
import { all, anyMembers, memberPath, Unsayable } from './rules.ts'
import type { Shape, Shaper, Spot } from './shape.ts'

/**
 * Shapes an object: the members that one of the ways requires, each with what any of them says of it.
 *
 * Where another way does without one of them, no member is demanded any more; those that come are
 * still compared. An object that lists no member is a map: any names, and values of one shape.
 */
export function shapeObject(
  ways: readonly Way[],
  demand: Demand,
  spot: Spot,
  shape: Shaper,
): Shape {
  const key = ways.map(({ clauses }) => keyOf(clauses)).join(' ')
  const times = spot.above.filter((each) => each === key).length
  if (times > (spot.hint === undefined ? 0 : deepest))
    throw new Unsayable(`${spot.at} holds itself, without end`)
  const inner = { ...spot, above: [...spot.above, key] }
  const fitting =
    ways.length === 1 ? [] : ways.filter(({ clauses }) => meetsAll(clauses, spot.hint))
  let trouble: unknown
  for (const way of new Set([...fitting, ...ways])) {
    try {
      const made = shapeBy(way, ways, inner, shape)
      const { example } = made
      if (ways.length === 1) return made
      if (meetsAll(way.clauses, example) && meets(demand, example)) return made
    } catch (error) {
      if (!(error instanceof Unsayable)) throw error
      trouble ??= error
    }
  }
  throw trouble ?? new Unsayable(`no example can be derived for ${spot.at}`)
}

/** So often an object may stand in one of its own kind, as far as examples go. */
const deepest = 16

function shapeBy(way: Way, ways: readonly Way[], spot: Spot, shape: Shaper): Shape {
  const names = requiredBy(way)
  const values = ways.length === 1 && names.length === 0 ? valuesOfMap(way) : []
  if (values.length > 0) return shapeMap(values, spot, shape)
  const isSure = (name: string) => ways.every((each) => requiredBy(each).includes(name))
  const unsure = !names.every(isSure)
  const members = names.map((name) => {
    const at = memberPath(spot.at, name)
    const loose = spot.loose || unsure
    const hint =
      isMembers(spot.hint) && Object.hasOwn(spot.hint, name) ? spot.hint[name] : undefined
    return [name, shape(demandOf(ways, name), { ...spot, at, hint, loose })] as const
  })
  return {
    example: Object.fromEntries(members.map(([name, { example }]) => [name, example])),
    rules: [
      ...(unsure ? [[spot.at, all(anyMembers)] as const] : []),
      ...members.flatMap(([, { rules }]) => rules),
    ],
  }
}

/** The members that an answer must have; what is `writeOnly` is never in one (OpenAPI 3.1, section 4.8.24.2). */
function requiredBy({ clauses }: Way): readonly string[] {
  const names = clauses.flatMap((clause) => {
    const { required } = schemaAt(clause)
    return Array.isArray(required) ? required.map(String) : []
  })
  return [...new Set(names)].filter((name) => !membersNamed(clauses, name).some(isWriteOnly))
}

/** What a member has to meet: what every way says of it, or a choice of what each says that knows it. */
function demandOf(ways: readonly Way[], name: string): Demand {
  const lists = new Map(
    ways
      .map(({ clauses }) => membersNamed(clauses, name))
      .filter((list) => list.length > 0)
      .map((list) => [keyOf(list), list]),
  )
  const [first = [], ...others] = lists.values()
  return others.length === 0
    ? { clauses: first, choices: [] }
    : { clauses: [], choices: [[first, ...others]] }
}

function membersNamed(clauses: readonly Clause[], name: string): readonly Clause[] {
  return clauses.flatMap((clause) => {
    const { properties, patternProperties } = schemaAt(clause)
    const named = isMembers(properties) && Object.hasOwn(properties, name)
    const patterns = isMembers(patternProperties) ? Object.keys(patternProperties) : []
    const fitting = patterns.filter((pattern) => new RegExp(pattern, 'u').test(name))
    const found = [
      ...(named ? [clauseAt(clause, 'properties', name)] : []),
      ...fitting.map((pattern) => clauseAt(clause, 'patternProperties', pattern)),
    ]
    const known = named || fitting.length > 0
    return (known ? found : [clauseAt(clause, 'additionalProperties')]).filter(isClause)
  })
}

/** What the values of a map have to meet; none where it has members of its own or says nothing of them. */
function valuesOfMap({ clauses }: Way): readonly Clause[] {
  const hasOwn = clauses.some((clause) => 'properties' in schemaAt(clause))
  if (hasOwn) return []
  return clauses.flatMap((clause) => {
    const { patternProperties } = schemaAt(clause)
    const patterns = isMembers(patternProperties) ? Object.keys(patternProperties) : []
    if (patterns.length > 0) return []
    return [clauseAt(clause, 'additionalProperties')].filter(isClause)
  })
}

/** `values` rather than `eachValue`: the latter is not asked about values inside the values. */
function shapeMap(values: readonly Clause[], spot: Spot, shape: Shaper): Shape {
  const demand = { clauses: values, choices: [] }
  const [[name, hint] = ['key', undefined]] = isMembers(spot.hint) ? Object.entries(spot.hint) : []
  const { example, rules } = shape(demand, { ...spot, at: `${spot.at}.*`, hint, loose: true })
  return { example: { [name]: example }, rules: [[spot.at, all({ match: 'values' })], ...rules] }
}

function isClause(clause: Clause | undefined): clause is Clause {
  return clause !== undefined
}
