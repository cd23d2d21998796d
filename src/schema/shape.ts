import { type Document, joinPointer, type Pointer } from '../document/index.ts'

/** What a schema says about the shape of a value, its `$ref`s and `allOf` followed. */
export type Shape = {
  /** The types that it names; empty: any. */
  readonly types: ReadonlySet<string>
  /** The schema of each member that it names. */
  readonly properties: ReadonlyMap<string, Pointer>
  readonly items: Pointer | undefined
  readonly additional: Pointer | undefined
  /** Whether it names no member, but says what any member is: what a map from ids to things does. */
  readonly isMap: boolean
  /** Whether a value is only ever sent, never sent back (OpenAPI 3.1, section 4.8.24; JSON Schema, section 9.4). */
  readonly writeOnly: boolean
}

type Reading = Pick<Document, 'valueAt' | 'resolveRef'>

/** Reads the shape of the schema at a place. Alternatives count together: each may be what is meant. */
export function shapeOf(document: Reading, pointer: Pointer): Shape {
  const types = new Set<string>()
  const properties = new Map<string, Pointer>()
  let items: Pointer | undefined
  let additional: Pointer | undefined
  let writeOnly = false
  let isOpen = false
  const seen = new Set([pointer])
  for (const at of seen) {
    const schema = document.valueAt(at)
    if (!isObject(schema)) continue
    for (const type of [schema.type].flat()) if (typeof type === 'string') types.add(type)
    if (schema.writeOnly === true) writeOnly = true
    for (const name of Object.keys(isObject(schema.properties) ? schema.properties : {})) {
      if (!properties.has(name))
        properties.set(name, joinPointer(joinPointer(at, 'properties'), name))
    }
    if (isObject(schema.items)) items ??= joinPointer(at, 'items')
    if (isObject(schema.additionalProperties))
      additional ??= joinPointer(at, 'additionalProperties')
    if (schema.additionalProperties === true || isObject(schema.patternProperties)) isOpen = true
    if (typeof schema.$ref === 'string') seen.add(document.resolveRef(schema.$ref, at))
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
      const branches = schema[keyword]
      if (Array.isArray(branches))
        branches.forEach(
          (_, index) => void seen.add(joinPointer(joinPointer(at, keyword), String(index))),
        )
    }
  }
  const isMap = properties.size === 0 && (isOpen || additional !== undefined)
  return { types, properties, items, additional, isMap, writeOnly }
}

/** Where a value holds what is `writeOnly`, with the schema that says so. */
export function findWriteOnly(
  document: Reading,
  pointer: Pointer,
  value: unknown,
): readonly { readonly instance: Pointer; readonly schema: Pointer }[] {
  const found: { instance: Pointer; schema: Pointer }[] = []
  const walk = (part: unknown, schema: Pointer, instance: Pointer): void => {
    if (typeof part !== 'object' || part === null || found.length >= 20) return
    const { properties, items, additional } = shapeOf(document, schema)
    for (const [name, child] of Object.entries(part)) {
      const isList = Array.isArray(part)
      const inner = isList ? items : (properties.get(name) ?? additional)
      if (inner === undefined) continue
      const at = joinPointer(instance, name)
      if (!isList && shapeOf(document, inner).writeOnly) found.push({ instance: at, schema: inner })
      else walk(child, inner, at)
    }
  }
  if (mentionsWriteOnly(document, pointer)) walk(value, pointer, '')
  return found
}

const mentions = new WeakMap<object, Map<Pointer, boolean>>()

/** Most schemas have nothing to hide, and then no value has to be walked. */
function mentionsWriteOnly(document: Reading, pointer: Pointer): boolean {
  const known = mentions.get(document) ?? new Map<Pointer, boolean>()
  mentions.set(document, known)
  const before = known.get(pointer)
  if (before !== undefined) return before
  const units = new Set([pointer])
  let found = false
  for (const unit of units) {
    if (found) break
    JSON.stringify(document.valueAt(unit) ?? null, function (this: unknown, key, child: unknown) {
      if (key === 'writeOnly' && child === true) found = true
      if (key === '$ref' && typeof child === 'string') units.add(document.resolveRef(child, unit))
      return child
    })
  }
  known.set(pointer, found)
  return found
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
