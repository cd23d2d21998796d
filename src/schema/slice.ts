import { joinPointer, type Pointer } from '../document/index.ts'

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

/** The identifier under which the slice of a place is compiled. */
export function sliceId(pointer: Pointer): string {
  return `assay:root${encodeURI(pointer).replaceAll('#', '%23').replaceAll('?', '%3F')}`
}

const one = new Set(
  'additionalProperties unevaluatedProperties items unevaluatedItems contains propertyNames not if then else'.split(
    ' ',
  ),
)
const list = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const map = new Set(['properties', 'patternProperties', 'dependentSchemas'])
const plain = new Set(
  'type const enum multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems maxContains minContains maxProperties minProperties required dependentRequired format $schema'.split(
    ' ',
  ),
)

/**
 * Copies the schema at one place so that it stands by itself, without following a single `$ref`.
 *
 * Only assertions and applicators of JSON Schema 2020-12 are kept: everything else is an annotation,
 * and a validator may give it a meaning of its own (`nullable`, `id`).
 *
 * @param origins receives, for each copied object, the place it was copied from
 */
export function sliceSchema(
  root: SchemaRoot,
  pointer: Pointer,
  origins: WeakMap<object, Pointer>,
): Slice {
  const references = new Set<Pointer>()

  function copy(value: unknown, at: Pointer): unknown {
    if (!isObject(value)) return value
    const entries: [string, unknown][] = []
    for (const [keyword, child] of Object.entries(value)) {
      const place = joinPointer(at, keyword)
      if (keyword === '$ref' || keyword === '$dynamicRef') {
        if (typeof child !== 'string') entries.push(['$ref', child])
        else entries.push(['$ref', refer(root.resolveRef(child, at))])
      } else if (keyword === 'required') {
        entries.push([keyword, withoutWriteOnly(value, child)])
      } else if (plain.has(keyword)) entries.push([keyword, child])
      else if (one.has(keyword)) entries.push([keyword, copy(child, place)])
      else if (list.has(keyword)) entries.push([keyword, copyList(child, place)])
      else if (map.has(keyword)) entries.push([keyword, copyMap(child, place)])
    }
    const result = Object.fromEntries(entries)
    origins.set(result, at)
    return result
  }

  function copyList(value: unknown, at: Pointer): unknown {
    return Array.isArray(value) ? value.map((child, index) => copy(child, `${at}/${index}`)) : value
  }

  function copyMap(value: unknown, at: Pointer): unknown {
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [name, copy(child, joinPointer(at, name))]),
    )
  }

  function refer(target: Pointer): string {
    references.add(target)
    return sliceId(target)
  }

  return { schema: copy(root.valueAt(pointer), pointer), references: [...references] }
}

/** A `writeOnly` member is never sent back, so an answer cannot be required to hold it. */
function withoutWriteOnly(schema: object, required: unknown): unknown {
  const properties = 'properties' in schema && schema.properties
  if (!Array.isArray(required) || !isObject(properties)) return required
  return required.filter((name) => {
    const property = Object.hasOwn(properties, String(name)) && properties[String(name)]
    return !(isObject(property) && property.writeOnly === true)
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
