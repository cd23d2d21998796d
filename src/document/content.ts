import type { Pointer } from './pointer.ts'
import { followRef, type Reading } from './reading.ts'
import { expectMembers, expectObject, memberAt, optionalSchema, type Spot } from './shape.ts'

/** One media type of a request or a response (OpenAPI 3.1, section 4.8.14). */
export type MediaType = {
  /** As the document writes it, such as `application/json; charset=utf-8` or `text/*`. */
  readonly name: string
  readonly schema?: Pointer
  readonly example?: unknown
  readonly pointer: Pointer
}

/** Reads a `content` map, in the order of the document. Throws DOCUMENT_INVALID. */
export function readContent(reading: Reading, spot: Spot): readonly MediaType[] {
  return expectMembers(reading.source, spot).map((member) => {
    expectObject(reading.source, member)
    return {
      name: member.name,
      ...readSchema(reading, member),
      ...readExample(reading, member),
      pointer: member.pointer,
    }
  })
}

/** The `schema` of a media type, a parameter or a header. */
export function readSchema(reading: Reading, holder: Spot): { readonly schema?: Pointer } {
  const schema = optionalSchema(reading.source, memberAt(holder, 'schema'))
  return schema === undefined ? {} : { schema }
}

/**
 * The `example`, or else the first of `examples` that holds its value in the document
 * (OpenAPI 3.1, section 4.8.19).
 */
export function readExample(reading: Reading, holder: Spot): { readonly example?: unknown } {
  const own = memberAt(holder, 'example')
  if (own.value !== undefined) return { example: own.value }
  for (const entry of expectMembers(reading.source, memberAt(holder, 'examples'))) {
    const target = followRef(reading, entry)
    expectObject(reading.source, target)
    const { value } = memberAt(target, 'value')
    if (value !== undefined) return { example: value }
  }
  return {}
}
