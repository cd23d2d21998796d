import { AssayError } from '../errors.ts'
import { type MediaType, readContent, readSchema } from './content.ts'
import type { Pointer } from './pointer.ts'
import { followRef, followRefs, type Reading } from './reading.ts'
import {
  expectMembers,
  expectObject,
  memberAt,
  optionalFlag,
  optionalText,
  type Spot,
} from './shape.ts'

/** What an operation promises for one status code, range or all others. */
export type DocumentedResponse = {
  /** `404`, `4XX` or `default`. */
  readonly status: string
  readonly description: string
  readonly content: readonly MediaType[]
  readonly headers: readonly DocumentedHeader[]
  /** Where the response stands after its `$ref`s. */
  readonly pointer: Pointer
  /** The status key in the operation. */
  readonly promised: Pointer
}

/** A response header (OpenAPI 3.1, section 4.8.21). */
export type DocumentedHeader = {
  readonly name: string
  readonly required: boolean
  readonly schema?: Pointer
  /** In place of `schema`, where the value is written in a media type. */
  readonly content?: readonly MediaType[]
  /** Whether an object is written `a=1,b=2` rather than `a,1,b,2` (style `simple`, the only one). */
  readonly explode?: boolean
  readonly pointer: Pointer
}

/**
 * Reads a Responses Object (OpenAPI 3.1, section 4.8.16); empty where there is none.
 *
 * Codes come in ascending order, then ranges and `default` in the order of the document, for that
 * is how JavaScript orders the keys of an object. Throws DOCUMENT_STATUS_INVALID for any other key
 * that is no extension, and DOCUMENT_INVALID.
 */
export function readResponses(reading: Reading, spot: Spot): readonly DocumentedResponse[] {
  return expectMembers(reading.source, spot)
    .filter(({ name }) => !name.startsWith('x-'))
    .map((member) => {
      checkStatus(reading, member.name, member.pointer)
      return readResponse(reading, member)
    })
}

function readResponse(reading: Reading, member: Spot & { readonly name: string }) {
  const chain = followRefs(reading, member)
  const spot = chain.at(-1) ?? member
  expectObject(reading.source, spot)
  return {
    status: member.name,
    description: readDescription(reading, chain),
    content: readContent(reading, memberAt(spot, 'content')),
    headers: readHeaders(reading, memberAt(spot, 'headers')),
    pointer: spot.pointer,
    promised: member.pointer,
  }
}

/** A description beside a `$ref` overrides the one it leads to (OpenAPI 3.1, section 4.8.23). */
function readDescription({ source }: Reading, chain: readonly Spot[]): string {
  for (const spot of chain) {
    const description = optionalText(source, memberAt(spot, 'description'))
    if (description !== undefined) return description
  }
  return ''
}

/** A header called `Content-Type` is to be ignored (OpenAPI 3.1, section 4.8.17). */
function readHeaders(reading: Reading, spot: Spot): readonly DocumentedHeader[] {
  return expectMembers(reading.source, spot)
    .filter(({ name }) => name.toLowerCase() !== 'content-type')
    .map((member) => {
      const header = followRef(reading, member)
      expectObject(reading.source, header)
      const content = readContent(reading, memberAt(header, 'content'))
      const explode = optionalFlag(reading.source, memberAt(header, 'explode'))
      return {
        name: member.name,
        required: optionalFlag(reading.source, memberAt(header, 'required')) ?? false,
        ...readSchema(reading, header),
        ...(content.length > 0 && { content }),
        ...(explode !== undefined && { explode }),
        pointer: header.pointer,
      }
    })
}

function checkStatus({ source }: Reading, status: string, pointer: Pointer): void {
  if (/^(?:[1-5]\d\d|[1-5]XX|default)$/.test(status)) return
  const message = `expected a status code, a range or "default", received ${JSON.stringify(status)}`
  throw new AssayError('DOCUMENT_STATUS_INVALID', message, {
    at: source.positionOf(pointer),
    hint: hintFor(status),
  })
}

function hintFor(status: string): string {
  const meant = /^[1-5]xx$/i.test(status) ? status.toUpperCase() : status.trim().toLowerCase()
  return /^(?:[1-5]\d\d|[1-5]XX|default)$/.test(meant)
    ? `write ${JSON.stringify(meant)}`
    : 'a code is written such as "404", a range such as "4XX"'
}
