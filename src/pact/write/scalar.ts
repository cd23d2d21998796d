import { generateSync } from 'json-schema-faker'
import { type Demand, isMembers, type Kind, kindOf, meets, schemaAt, type Way } from './clauses.ts'
import { oneOf, wholePattern } from './pattern.ts'
import { all, anything, either, type Matcher, type Rule, regex, Unsayable } from './rules.ts'
import type { Spot } from './shape.ts'

/**
 * Finds a value of the demand that is no object or list: the hint, an example, default or value of
 * its schemas, else one that is made up, the same every time.
 *
 * @throws Unsayable where none is found that conforms
 */
export function findScalar(
  demand: Demand,
  ways: readonly Way[],
  { hint, at, trusting = false }: Pick<Spot, 'hint' | 'at' | 'trusting'>,
): unknown {
  const isGood = (value: unknown) => isOfKind(ways, value) && (trusting || meets(demand, value))
  const said = [hint, ...ways.flatMap(examplesOf), ...ways.flatMap(valuesOf)].find(isGood)
  if (said !== undefined) return said
  const plain = ways.some(isTold) ? undefined : ['text', null].find(isGood)
  if (plain !== undefined) return plain
  for (const way of ways) {
    for (const value of inventions(way)) if (isGood(value)) return value
  }
  throw new Unsayable(`no example can be derived for ${at}`)
}

/** What an answer must be where the ways leave no object or list, or where the example is none. */
export function scalarRule(ways: readonly Way[], example: unknown): Rule {
  const kinds = new Set(ways.flatMap((way) => [...way.kinds]))
  const others = [...kinds].filter((kind) => kind !== 'integer' || !kinds.has('number'))
  if (others.length >= 6) return all(anything)
  const text = stringRule(ways)
  const [only] = others
  if (others.length === 1 && only !== undefined)
    return only === 'string' ? text : all(...matchersOf(only, ways))
  if (kinds.has('string') && typeof example !== 'string') return all(anything)
  const texts = text.matchers.length > 1 ? text.matchers.filter(isNoType) : text.matchers
  return either(
    ...others.flatMap((kind) => (kind === 'string' ? texts : looseMatchers(kind, example))),
  )
}

/** Where text is one of several kinds, it makes the sharper rule. */
function isOfKind(ways: readonly Way[], value: unknown): boolean {
  if (value === undefined || (typeof value === 'object' && value !== null)) return false
  const kinds = new Set(ways.flatMap((way) => [...way.kinds]))
  if (kinds.has('string') && typeof value !== 'string' && kinds.size < 7) return false
  return kinds.has(kindOf(value))
}

/** Whether a text has to be made for its schema. */
function isTold({ clauses }: Way): boolean {
  return clauses.map(schemaAt).some((schema) => 'pattern' in schema || 'format' in schema)
}

/** What the schemas of a way give as examples, in the order in which they count. */
export function examplesOf({ clauses }: Way): readonly unknown[] {
  return clauses
    .map(schemaAt)
    .flatMap((schema) => [
      ...('example' in schema ? [schema.example] : []),
      ...(Array.isArray(schema.examples) ? schema.examples : []),
      ...('default' in schema ? [schema.default] : []),
    ])
}

function valuesOf({ values }: Way): readonly unknown[] {
  return values ?? []
}

/** The keywords of a schema that a made-up scalar depends on. */
const telling =
  'type pattern format minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'.split(
    ' ',
  )

function* inventions({ clauses, kinds }: Way): Generator<unknown> {
  const parts = clauses
    .map(schemaAt)
    .map((schema) => Object.fromEntries(Object.entries(schema).filter(([key]) => isTelling(key))))
  const type = [...kinds].filter((kind) => kind !== 'array' && kind !== 'object')
  if (type.length === 0) return
  const merged = Object.assign({}, ...parts, { type: type.length === 1 ? type[0] : type })
  for (let seed = 1; seed <= 8; seed += 1) {
    try {
      yield generateSync(merged, { seed })
    } catch {
      return
    }
  }
}

function isTelling(keyword: string): boolean {
  return telling.includes(keyword)
}

function isNoType({ match }: Matcher): boolean {
  return match !== 'type'
}

/** The matchers that take a number, a boolean or null; text that looks like one is none. */
function matchersOf(kind: Kind, ways: readonly Way[]): readonly Matcher[] {
  if (kind === 'null') return [{ match: 'null' }]
  if (kind !== 'integer' && kind !== 'number') return [{ match: 'type' }]
  const values = listedBy(ways)
  return [{ match: kind }, ...(values === undefined ? [] : [regex(oneOf(values.map(String)))])]
}

/** One matcher for one of several kinds; `type` only takes what is of the kind of the example. */
function looseMatchers(kind: Kind, example: unknown): readonly Matcher[] {
  if (kind === 'object') return [regex('^\\{[\\s\\S]*\\}$')]
  if (kind === 'array') return [regex('^\\[[\\s\\S]*\\]$')]
  if (kind === 'boolean') return [{ match: typeof example === 'boolean' ? 'type' : 'boolean' }]
  return matchersOf(kind, [])
}

/** The values that all ways list; undefined where one leaves it open. */
function listedBy(ways: readonly Way[]): readonly unknown[] | undefined {
  if (ways.some(({ values }) => values === undefined)) return undefined
  return [...new Set(ways.flatMap(valuesOf))]
}

/** A regex alone would take the number 5 for the text "5". */
function stringRule(ways: readonly Way[]): Rule {
  const type: Matcher = { match: 'type' }
  const own = ways.filter(({ kinds }) => kinds.has('string'))
  const values = listedBy(own)?.filter((value) => typeof value === 'string')
  if (values !== undefined) return all(type, regex(oneOf(values)))
  const [way, ...more] = own
  if (way === undefined || more.length > 0) return all(type)
  const schemas = way.clauses.map(schemaAt).filter(isMembers)
  const patterns = schemas.flatMap(({ pattern }) =>
    typeof pattern === 'string' ? (wholePattern(pattern) ?? []) : [],
  )
  if (patterns.length > 0) return all(type, ...patterns.map(regex))
  const formats = schemas.flatMap(({ format }) =>
    typeof format === 'string' && Object.hasOwn(formatRules, format)
      ? (formatRules[format] ?? [])
      : [],
  )
  return formats[0] ?? all(type)
}

/**
 * What a pact can say of a format (RFC 3339, section 5.6; RFC 9562, section 4). A fraction of a second
 * has a form of its own, for a form with a fraction takes no time without one.
 */
const formatRules: Readonly<Record<string, Rule>> = {
  date: all({ match: 'date', format: 'yyyy-MM-dd' }),
  time: either(
    { match: 'time', format: 'HH:mm:ssXXX' },
    { match: 'time', format: 'HH:mm:ss.nXXX' },
  ),
  'date-time': either(
    { match: 'datetime', format: "yyyy-MM-dd'T'HH:mm:ssXXX" },
    { match: 'datetime', format: "yyyy-MM-dd'T'HH:mm:ss.nXXX" },
  ),
  uuid: all(
    { match: 'type' },
    regex('^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'),
  ),
}
