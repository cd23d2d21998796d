import { AssayError, formatPosition } from '../errors.ts'
import { type MediaType, readContent, readExample, readSchema } from './content.ts'
import type { Pointer } from './pointer.ts'
import { followRef, type Reading } from './reading.ts'
import {
  expectItems,
  expectObject,
  expectText,
  expectWord,
  invalid,
  memberAt,
  optionalFlag,
  optionalText,
  type Spot,
} from './shape.ts'

const places = ['path', 'query', 'header', 'cookie'] as const

/** One parameter of an operation (OpenAPI 3.1, section 4.8.12). */
export type Parameter = {
  readonly name: string
  readonly in: (typeof places)[number]
  readonly required: boolean
  readonly schema?: Pointer
  /** In place of `schema`, where the value is written in a media type. */
  readonly content?: readonly MediaType[]
  readonly style?: string
  readonly explode?: boolean
  readonly example?: unknown
  /** Where the parameter stands after its `$ref`s. */
  readonly pointer: Pointer
}

/**
 * Reads a `parameters` list in its order.
 *
 * Leaves out what the standard says to ignore: header parameters called `Accept`, `Content-Type`
 * or `Authorization` (OpenAPI 3.1, section 4.8.12.2). Throws DOCUMENT_INVALID.
 */
export function readParameters(reading: Reading, spot: Spot): readonly Parameter[] {
  const firsts = new Map<string, Spot>()
  const parameters: Parameter[] = []
  for (const item of expectItems(reading.source, spot)) {
    const parameter = readParameter(reading, followRef(reading, item))
    const first = firsts.get(keyOf(parameter))
    if (first !== undefined) throw twice(reading, parameter, item, first)
    firsts.set(keyOf(parameter), item)
    if (!isIgnored(parameter)) parameters.push(parameter)
  }
  return parameters
}

/** Adds an operation's parameters to those of its path, which they override by name and place. */
export function mergeParameters(
  shared: readonly Parameter[],
  own: readonly Parameter[],
): readonly Parameter[] {
  const merged = new Map(shared.map((parameter) => [keyOf(parameter), parameter]))
  for (const parameter of own) merged.set(keyOf(parameter), parameter)
  return [...merged.values()]
}

function readParameter(reading: Reading, spot: Spot): Parameter {
  const { source } = reading
  expectObject(source, spot)
  const name = expectText(source, memberAt(spot, 'name'))
  const place = expectWord(source, memberAt(spot, 'in'), places)
  const content = readContent(reading, memberAt(spot, 'content'))
  const style = optionalText(source, memberAt(spot, 'style'))
  const explode = optionalFlag(source, memberAt(spot, 'explode'))
  return {
    name,
    in: place,
    required: isRequired(reading, spot, place),
    ...readSchema(reading, spot),
    ...(content.length > 0 && { content }),
    ...(style !== undefined && { style }),
    ...(explode !== undefined && { explode }),
    ...readExample(reading, spot),
    pointer: spot.pointer,
  }
}

/** A path parameter always is, said or not; it must not say otherwise. */
function isRequired({ source }: Reading, spot: Spot, place: Parameter['in']): boolean {
  const required = memberAt(spot, 'required')
  const said = optionalFlag(source, required)
  if (place !== 'path') return said ?? false
  if (said === false) throw invalid(source, required, 'true for a path parameter')
  return true
}

/** Names of headers compare without case (RFC 9110, section 5.1), all others with it. */
function keyOf({ name, in: place }: Parameter): string {
  return `${place} ${place === 'header' ? name.toLowerCase() : name}`
}

function isIgnored({ name, in: place }: Parameter): boolean {
  return place === 'header' && /^(?:accept|content-type|authorization)$/i.test(name)
}

function twice({ source }: Reading, parameter: Parameter, second: Spot, first: Spot): AssayError {
  const message = `two parameters in one list are called "${parameter.name}" in ${parameter.in}`
  return new AssayError('DOCUMENT_INVALID', message, {
    at: source.positionOf(second.pointer),
    hint: `keep one; the first stands at ${formatPosition(source.positionOf(first.pointer))}`,
  })
}
