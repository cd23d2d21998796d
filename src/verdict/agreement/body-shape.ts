import { type Document, joinPointer, type Pointer } from '../../document/index.ts'
import { type Shape, shapeOf } from '../../schema/index.ts'

/**
 * What stands at each place of a JSON body, whatever its values: JSON Pointer → type, such as
 * `string`, `number or string`, `null`. `[]` is any item of a list, `{}` any member of a map.
 *
 * Behind the type: `undocumented`, where the document does not name the member; `open`, where it lets
 * several types stand there; `sometimes`, where not every item of a list has the member.
 */
export type BodyShape = Readonly<Record<string, string>>

export type Drawing = {
  readonly shape: BodyShape
  /** Whether the body is larger than what is looked at, so that what is not in the shape may be in it. */
  readonly isCut: boolean
}

/** So much of a body is looked at, for a portrait is kept for the whole run. */
const limits = { places: 300, values: 5000, items: 100, depth: 12, name: 80 }

/** The name of a member as a person gives it; any other that no schema names is an id, hence data. */
const name = /^[A-Za-z_$@][A-Za-z_-]{0,39}$/

type Place = {
  readonly types: Set<string>
  readonly documented: boolean
  readonly open: boolean
  /** How often something stood here, and how many objects did. */
  count: number
  objects: number
  readonly parent: Place | undefined
}

/** Draws the shape of a body; `schema` is where the document describes it, undefined: nowhere. */
export function drawBody(value: unknown, document: Document, schema: Pointer | undefined): Drawing {
  const places = new Map<Pointer, Place>()
  let visited = 0
  let isCut = false

  function walk(each: unknown, at: Pointer, schemaAt: Pointer | undefined, parent?: Place): void {
    visited += 1
    const known = places.get(at)
    if (visited > limits.values || (known === undefined && places.size >= limits.places)) {
      isCut = true
      return
    }
    const shape = schemaAt === undefined ? undefined : shapeAt(document, schemaAt)
    const place = known ?? openPlace(shape, parent)
    places.set(at, place)
    place.count += 1
    place.types.add(typeOf(each))
    if (typeof each !== 'object' || each === null) return
    if (depthOf(at) >= limits.depth) return
    if (Array.isArray(each)) {
      if (each.length > limits.items) isCut = true
      for (const item of each.slice(0, limits.items)) walk(item, `${at}/[]`, shape?.items, place)
      return
    }
    place.objects += 1
    for (const [key, member] of Object.entries(each)) {
      const named = shape?.properties.get(key)
      const isData = named === undefined && (shape?.isMap === true || !name.test(key))
      const step = isData ? `${at}/{}` : joinPointer(at, key.slice(0, limits.name))
      walk(member, step, named ?? shape?.additional, place)
    }
  }

  walk(value, '', schema)
  const shape = Object.fromEntries([...places].map(([at, place]) => [at, write(at, place)]))
  return { shape, isCut }
}

function openPlace(shape: Shape | undefined, parent: Place | undefined): Place {
  return {
    types: new Set(),
    documented: shape !== undefined,
    open: shape !== undefined && isOpen(shape),
    count: 0,
    objects: 0,
    parent,
  }
}

/** Whether a schema lets values of several types stand, null aside. */
function isOpen({ types }: Shape): boolean {
  const kinds = new Set([...types].map((type) => (type === 'integer' ? 'number' : type)))
  kinds.delete('null')
  return kinds.size !== 1
}

function write(at: Pointer, { types, documented, open, count, parent }: Place): string {
  const kinds = [...types].filter((type) => type !== 'null').sort()
  const isSometimes = !/\/(\[\]|\{\})$/.test(at) && count < (parent?.objects ?? 0)
  return [
    kinds.length === 0 ? 'null' : kinds.join(' or '),
    ...(documented ? (open ? ['open'] : []) : ['undocumented']),
    ...(isSometimes ? ['sometimes'] : []),
  ].join(', ')
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function depthOf(at: Pointer): number {
  let depth = 0
  for (const character of at) if (character === '/') depth += 1
  return depth
}

const shapes = new WeakMap<Document, Map<Pointer, Shape>>()

/** The shape of a schema, read once. */
function shapeAt(document: Document, pointer: Pointer): Shape {
  const known = shapes.get(document) ?? new Map<Pointer, Shape>()
  shapes.set(document, known)
  const shape = known.get(pointer) ?? shapeOf(document, pointer)
  known.set(pointer, shape)
  return shape
}
