import type { PactBody, PactVersion } from './pact.ts'
import { invalid, isObject, memberAt, type Spot } from './shape.ts'

/**
 * Reads a body, given the value of `Content-Type` that stands beside it.
 *
 * A body that is left out says nothing; null and the empty text say that there is none. Up to
 * version 3 JSON stands for itself and anything else is a text, which may also hold JSON (Pact
 * specification 3, "Body"). In version 4 the content says how it is encoded.
 *
 * @throws AssayError PACT_INVALID
 */
export function readBody(body: Spot, header: string | undefined, version: PactVersion): PactBody {
  if (body.value === undefined) return { kind: 'none' }
  if (body.value === null) return { kind: 'empty', pointer: body.pointer }
  return version === 4 ? readEncoded(body, header) : readPlain(body, header)
}

function readPlain(body: Spot, mediaType: string | undefined): PactBody {
  const { pointer, value } = body
  if (typeof value !== 'string') return jsonBody(value, mediaType, pointer)
  if (value === '') return { kind: 'empty', pointer }
  if (mediaType !== undefined && !isJson(mediaType))
    return content(Buffer.from(value), mediaType, pointer)
  const json = parse(value)
  if (json !== undefined) return { ...content(Buffer.from(value), mediaType, pointer), json }
  return mediaType === undefined
    ? content(Buffer.from(value), mediaType, pointer)
    : jsonBody(value, mediaType, pointer)
}

function readEncoded(body: Spot, header: string | undefined): PactBody {
  if (!isObject(body.value)) throw invalid(body, 'an object with "content" and "contentType"')
  const spot = memberAt(body, 'content')
  const { value, pointer } = spot
  if (value === undefined) return { kind: 'none' }
  if (value === null || value === '') return { kind: 'empty', pointer }
  const { contentType = header } = body.value
  if (contentType !== undefined && typeof contentType !== 'string')
    throw invalid(memberAt(body, 'contentType'), 'a string')
  const encoding = readEncoding(memberAt(body, 'encoded'))
  if (encoding === 'none') {
    if (typeof value !== 'string' || (contentType !== undefined && isJson(contentType)))
      return jsonBody(value, contentType, pointer)
    return content(Buffer.from(value), contentType, pointer)
  }
  if (encoding === 'json') {
    const json = typeof value === 'string' ? parse(value) : { value }
    if (json === undefined) throw invalid(spot, 'JSON, as "encoded" says')
    return jsonBody(json.value, contentType, pointer)
  }
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value))
    throw invalid(spot, 'a text in base64, as "encoded" says')
  return content(Buffer.from(value, 'base64'), contentType, pointer)
}

/** `true` is how some libraries write base64. */
function readEncoding(spot: Spot): 'none' | 'base64' | 'json' {
  const { value } = spot
  if (value === undefined || value === null || value === false) return 'none'
  const name = value === true ? 'base64' : String(value).toLowerCase()
  if (name === 'base64' || name === 'json') return name
  throw invalid(spot, 'false, "base64" or "json"')
}

function jsonBody(value: unknown, mediaType: string | undefined, pointer: string): PactBody {
  const bytes = Buffer.from(JSON.stringify(value))
  return { kind: 'content', mediaType, bytes, json: { value }, pointer }
}

function content(
  bytes: Uint8Array,
  mediaType: string | undefined,
  pointer: string,
): PactBody & { kind: 'content' } {
  const json =
    mediaType !== undefined && isJson(mediaType)
      ? parse(Buffer.from(bytes).toString('utf8'))
      : undefined
  return { kind: 'content', mediaType, bytes, json, pointer }
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** JSON, or a type built on it (RFC 6839, section 3.1), parameters aside. */
function isJson(mediaType: string): boolean {
  return /^\s*[^/\s]+\/(?:[^;]+\+)?json\s*(?:;|$)/i.test(mediaType)
}
