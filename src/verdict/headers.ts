import type { DocumentedHeader, DocumentedResponse, Pointer } from '../document/index.ts'
import { headerValues, type Response } from '../exchange/index.ts'
import { shapeOf, type Violation } from '../schema/index.ts'
import { type Promises, violationsOf } from './evidence.ts'
import { isJsonName } from './media-type.ts'

/** One way in which a documented response header differs from what is promised of it. */
export type HeaderViolation = {
  readonly header: string
  readonly expected: string
  readonly received: string
  /** Where it is promised. */
  readonly promised: Pointer
  readonly keyword: string
}

/**
 * Compares the documented headers of an answer with their schemas (OpenAPI 3.1, section 4.8.21).
 *
 * Several lines of one header are one list (RFC 9110, section 5.3); each `Set-Cookie` stands alone.
 */
export function readHeaders(
  response: Response,
  documented: DocumentedResponse | undefined,
  promises: Promises,
): readonly HeaderViolation[] {
  return (documented?.headers ?? []).flatMap((header) => {
    const values = headerValues(response, header.name)
    if (values.length === 0) return header.required ? [missing(header)] : []
    const single = header.name.toLowerCase() === 'set-cookie'
    return (single ? values : [values.join(', ')]).flatMap((value) =>
      judge(header, value, promises),
    )
  })
}

function missing({ name, pointer }: DocumentedHeader): HeaderViolation {
  return {
    header: name,
    expected: `the header ${name} (required)`,
    received: 'none',
    promised: pointer,
    keyword: 'required',
  }
}

function judge(
  header: DocumentedHeader,
  text: string,
  promises: Promises,
): readonly HeaderViolation[] {
  const { name, schema, content, pointer } = header
  const told = (schemaPointer: Pointer, value: unknown) =>
    violationsOf(promises.schemas, schemaPointer, value).map((each) => tell(name, each, text))
  if (schema !== undefined) {
    const tries = candidates(promises, schema, text, header.explode ?? false).map((value) =>
      told(schema, value),
    )
    return tries.find((each) => each.length === 0) ?? tries[0] ?? []
  }
  const media = content?.find((each) => isJsonName(each.name))
  if (media === undefined) return []
  try {
    const value: unknown = JSON.parse(text)
    return media.schema === undefined ? [] : told(media.schema, value)
  } catch {
    const expected = `the header ${name} as ${media.name}`
    return [{ header: name, expected, received: text, promised: pointer, keyword: 'content' }]
  }
}

function tell(
  header: string,
  { expected, instance, schema, keyword }: Violation,
  text: string,
): HeaderViolation {
  const place = instance === '' ? '' : ` at ${instance}`
  return {
    header,
    expected: `the header ${header}: ${expected}${place}`,
    received: text,
    promised: schema,
    keyword,
  }
}

/**
 * What a header may mean by its text in style `simple` (OpenAPI 3.1, section 4.8.12.3), the likeliest
 * first. A text is a number only where the schema may want one.
 */
function candidates(
  { document }: Promises,
  schema: Pointer,
  text: string,
  explode: boolean,
): readonly unknown[] {
  const { types, items, properties, additional } = shapeOf(document, schema)
  const may = (type: string) => types.has(type)
  const found: unknown[] = []
  const inner = (at: Pointer | undefined, each: string): unknown =>
    at === undefined ? each : (candidates({ document } as Promises, at, each, false)[0] ?? each)
  if ((may('integer') || may('number')) && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text))
    found.push(Number(text))
  if (may('boolean') && /^(true|false)$/.test(text)) found.push(text === 'true')
  if (may('null') && /^(null)?$/.test(text)) found.push(null)
  if (may('array') || (types.size === 0 && items !== undefined))
    found.push(split(text).map((each) => inner(items, each)))
  if (may('object') || (types.size === 0 && properties.size > 0)) {
    const pairs = explode ? split(text).map(pairAtEquals) : pairsOf(split(text))
    found.push(
      Object.fromEntries(
        pairs.map(([key, value]) => [key, inner(properties.get(key) ?? additional, value)]),
      ),
    )
  }
  return may('string') || found.length === 0 || types.size === 0 ? [...found, text] : found
}

/** A list in a header; commas inside quotes part nothing (RFC 9110, section 5.6.1). */
function split(text: string): readonly string[] {
  if (text.trim() === '') return []
  return (text.match(/(?:"(?:[^"\\]|\\.)*"|[^,])+/g) ?? []).map((each) => each.trim())
}

function pairAtEquals(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  return at === -1 ? [text, ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

function pairsOf(parts: readonly string[]): readonly (readonly [string, string])[] {
  return parts.flatMap((part, index) =>
    index % 2 === 0 ? [[part, parts[index + 1] ?? ''] as const] : [],
  )
}
