import { joinPointer, lookUp, type Pointer } from '../document/index.ts'
import { type View, views } from './view.ts'

export type SchemaRoot = {
  valueAt(pointer: Pointer): unknown
  resolveRef(ref: string, at: Pointer): Pointer
}

export type Slice = {
  /** The schema, its `$ref`s rewritten to one identifier per referenced place, annotations left out. */
  readonly schema: unknown
  /** The places it refers to, each of which needs a slice of its own. */
  readonly references: readonly Pointer[]
}

/** Says that a schema cannot be sliced, and which place of it is to blame. */
export class SliceError extends Error {
  readonly pointer: Pointer

  constructor(message: string, pointer: Pointer) {
    super(message)
    this.pointer = pointer
  }
}

/** The identifier under which the slice of a place is compiled: no URI rule can alter it. */
export function sliceId(pointer: Pointer): string {
  return `assay:${Buffer.from(pointer).toString('hex')}`
}

/** The place that an identifier stands for. */
export function slicedAt(id: string): Pointer {
  return Buffer.from(id.slice('assay:'.length), 'hex').toString()
}

/** Writes a schema of a slice for people, with `$ref`s as a document has them. */
export function showSchema(schema: unknown): string {
  return JSON.stringify(schema).replaceAll(
    /(?<="\$ref":")assay:[0-9a-f]*/g,
    (id) => `#${slicedAt(id)}`,
  )
}

/** Stands in `not` where the document says `false`, for a boolean cannot tell where it came from. */
export const nothing: object = {}

const one = new Set(
  'additionalProperties unevaluatedProperties items unevaluatedItems contains propertyNames not if then else'.split(
    ' ',
  ),
)
const list = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const map = new Set(['properties', 'patternProperties', 'dependentSchemas'])
const plain = new Set(
  'type const enum multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength maxItems minItems uniqueItems maxContains minContains maxProperties minProperties required dependentRequired format'.split(
    ' ',
  ),
)

/** Keywords that say by themselves which member or item a `false` refuses. */
const speaksForFalse = new Set([
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
])

/** The dialects that a document and its schemas may name; the second is the first with annotations. */
const dialects =
  /^(https:\/\/json-schema\.org\/draft\/2020-12\/schema#?|https:\/\/spec\.openapis\.org\/oas\/3\.1\/dialect\/(base|[\d-]+))$/

/**
 * Copies the schema at one place so that it stands by itself, without following a single `$ref`.
 *
 * Only assertions and applicators of JSON Schema 2020-12 are kept: everything else is an annotation,
 * and a validator may give it a meaning of its own (`nullable`, `id`).
 *
 * @param origins receives, for each copied object, the place it was copied from
 * @param view the side from which the schema is read
 * @throws SliceError, and what `resolveRef` throws
 */
export function sliceSchema(
  root: SchemaRoot,
  pointer: Pointer,
  origins: WeakMap<object, Pointer>,
  view: View = views.answer,
): Slice {
  const references = new Set<Pointer>()

  function copy(given: unknown, at: Pointer, rewrite: View['rewrite'] = view.rewrite): unknown {
    const follow = (ref: string) => root.valueAt(root.resolveRef(ref, at))
    const value = isObject(given) ? rewrite(given, follow) : given
    if (value === false) return note({ not: nothing }, at)
    if (!isObject(value)) return value
    const entries: [string, unknown][] = []
    for (const [keyword, child] of Object.entries(value)) {
      const place = joinPointer(at, keyword)
      if (keyword === '$schema') checkDialect(child, place)
      else if (keyword === '$ref') entries.push([keyword, refer(child, at)])
      else if (keyword === 'required') entries.push([keyword, requiredOf(value, child, at)])
      else if (keyword === 'pattern') entries.push([keyword, checkPattern(child, place)])
      else if (plain.has(keyword)) entries.push([keyword, child])
      else if (child === false && (speaksForFalse.has(keyword) || isTail(keyword, value)))
        entries.push([keyword, child])
      else if (keyword === 'not') entries.push([keyword, copy(child, place, views.answer.rewrite)])
      else if (one.has(keyword)) entries.push([keyword, copy(child, place, rewrite)])
      else if (list.has(keyword)) entries.push([keyword, copyList(child, place, rewrite)])
      else if (map.has(keyword)) entries.push([keyword, copyMap(child, place, keyword, rewrite)])
    }
    const result = Object.fromEntries(entries)
    return note(withDynamicRef(result, value, at), at)
  }

  function note(copied: object, at: Pointer): object {
    origins.set(copied, at)
    return copied
  }

  function copyList(value: unknown, at: Pointer, rewrite: View['rewrite']): unknown {
    return Array.isArray(value)
      ? value.map((child, index) => copy(child, `${at}/${index}`, rewrite))
      : value
  }

  function copyMap(
    value: unknown,
    at: Pointer,
    keyword: string,
    rewrite: View['rewrite'],
  ): unknown {
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => {
        const place = joinPointer(at, name)
        if (keyword === 'patternProperties') checkPattern(name, place)
        return [name, copy(child, place, rewrite)]
      }),
    )
  }

  function refer(ref: unknown, at: Pointer): unknown {
    if (typeof ref !== 'string') return ref
    const target = root.resolveRef(ref, at)
    references.add(target)
    return sliceId(target)
  }

  /** A `$dynamicRef` with one possible target is a `$ref`; it may stand beside another one. */
  function withDynamicRef(copied: Record<string, unknown>, value: object, at: Pointer): object {
    if (!('$dynamicRef' in value)) return copied
    const { $dynamicRef: ref } = value
    const { allOf = [] } = copied
    if (typeof ref === 'string') refuseOverridden(root, root.resolveRef(ref, at), at)
    if (!Array.isArray(allOf)) return copied
    return { ...copied, allOf: [...allOf, note({ $ref: refer(ref, at) }, at)] }
  }

  /** A `writeOnly` member is never sent back, so an answer cannot be required to hold it; nor a request a `readOnly` one. */
  function requiredOf({ properties }: Members, required: unknown, at: Pointer): unknown {
    if (!Array.isArray(required) || !isObject(properties)) return required
    const place = joinPointer(at, 'properties')
    return required.filter(
      (name) => !isMarked(root, joinPointer(place, String(name)), view.withheld),
    )
  }

  return { schema: copy(root.valueAt(pointer), pointer), references: [...references] }
}

type Members = Readonly<Record<string, unknown>>

/** `items` beside `prefixItems` says how many there may be; alone it is applied to every item. */
function isTail(keyword: string, schema: Members): boolean {
  return keyword === 'items' && Object.hasOwn(schema, 'prefixItems')
}

function checkPattern(pattern: unknown, place: Pointer): unknown {
  try {
    if (typeof pattern === 'string') readPattern(pattern, 'u')
  } catch {
    throw new SliceError(`${JSON.stringify(pattern)} is no regular expression`, place)
  }
  return pattern
}

/** Reads a pattern as Unicode text and, where it is only well-formed without that, in the older way. */
export function readPattern(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags)
  } catch {
    return new RegExp(pattern)
  }
}
readPattern.code = 'new RegExp'

function checkDialect(dialect: unknown, place: Pointer): void {
  if (typeof dialect === 'string' && dialects.test(dialect)) return
  throw new SliceError(`"$schema" names a dialect other than 2020-12`, place)
}

function isMarked(root: SchemaRoot, pointer: Pointer, mark: View['withheld']): boolean {
  const seen = new Set<Pointer>()
  for (let at = pointer; !seen.has(at); ) {
    seen.add(at)
    const schema = root.valueAt(at)
    if (!isObject(schema)) return false
    if (schema[mark] === true) return true
    if (typeof schema.$ref === 'string') at = root.resolveRef(schema.$ref, at)
  }
  return false
}

/** Where an anchor stands more than once, its target depends on the way by which it was reached. */
function refuseOverridden(root: SchemaRoot, target: Pointer, at: Pointer): void {
  const anchor = lookUp(root.valueAt(target), ['$dynamicAnchor'])
  if (typeof anchor !== 'string' || countAnchors(root.valueAt(''), anchor) < 2) return
  throw new SliceError(
    `"$dynamicRef" has several targets "${anchor}", and only one is understood`,
    joinPointer(at, '$dynamicRef'),
  )
}

function countAnchors(value: unknown, anchor: string): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = Object.hasOwn(value, '$dynamicAnchor') && lookUp(value, ['$dynamicAnchor']) === anchor
  return Object.values(value).reduce(
    (count: number, child) => count + countAnchors(child, anchor),
    own ? 1 : 0,
  )
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
