import type { DocumentedHeader, DocumentedResponse, MediaType } from '../../document/index.ts'
import { lookUp, splitPointer } from '../../document/index.ts'
import type { Step } from '../../plan/index.ts'
import { essence, isJson } from '../../verdict/index.ts'
import type { BodyWriter } from './body.ts'
import { all, type Matcher, type Rule, type Rules, regex, Unsayable } from './rules.ts'
import { shapeValue } from './shape.ts'

export type WrittenBody = { readonly value: unknown; readonly mediaType: string }

/** The answer of an interaction. */
export type WrittenResponse = {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: WrittenBody
  readonly rules: {
    readonly status?: Rules
    readonly header: Rules
    readonly body: Rules
  }
}

/**
 * Writes what the document promises of an answer: status, media type, required headers, JSON body.
 *
 * Under a range or `default`, any code of the class that the step expects. Of a body that is no JSON
 * nothing is said but its media type.
 *
 * @throws Unsayable with the reason why it cannot be written
 */
export function writeResponse(
  step: Step,
  documented: DocumentedResponse,
  bodies: BodyWriter,
): WrittenResponse {
  const { status, rule } = aimOf(step)
  const media = isBodyless(step, status) ? undefined : mediaOf(documented)
  const shape = media !== undefined && isJson(media.name) ? bodies.write(media, status) : undefined
  const typed = media === undefined ? undefined : typeHeader(media.name)
  const headers = documented.headers
    .filter(({ required }) => required)
    .map((header) => ({ name: header.name, ...writeHeader(header, bodies) }))
  const named = typed === undefined ? headers : [{ name: 'Content-Type', ...typed }, ...headers]
  return {
    status,
    headers: named.map(({ name, value }) => [name, value]),
    ...(shape === undefined || media === undefined
      ? {}
      : { body: { value: shape.example, mediaType: essence(media.name) } }),
    rules: {
      ...(rule === undefined ? {} : { status: [['$', rule] as const] }),
      header: named.map(({ name, rule }) => [name, rule]),
      body: shape?.rules ?? [],
    },
  }
}

/** The media type that an interaction is about: the first that is JSON, else the first. */
export function mediaOf({ content }: DocumentedResponse): MediaType | undefined {
  return content.find(({ name }) => isJson(name)) ?? content[0]
}

const classes = ['', 'info', 'success', 'redirect', 'clientError', 'serverError']

function aimOf({ expect, code }: Step): { readonly status: number; readonly rule?: Rule } {
  const [pattern = ''] = expect
  if (/^\d{3}$/.test(pattern)) return { status: Number(pattern) }
  const first = Number(pattern[0])
  const matcher: Matcher = { match: 'statusCode', status: classes[first] ?? '' }
  return { status: code ?? first * 100, rule: all(matcher) }
}

/** Whether an answer can hold no content at all (RFC 9110, sections 9.3.2, 15.3.5, 15.3.6, 15.4.5). */
function isBodyless({ operation }: Step, status: number): boolean {
  return operation.method === 'HEAD' || status < 200 || [204, 205, 304].includes(status)
}

/** Names compare without case, and parameters are left open (RFC 9110, section 8.3.1). */
function typeHeader(name: string): { value: string; rule: Rule } | undefined {
  const type = essence(name)
  if (type === '*/*') return undefined
  const pattern = type.replaceAll(/[.+^$]/g, '\\$&').replace('*', '[^/;]+')
  return {
    value: type.replace('*', 'plain'),
    rule: all(regex(`(?i)^${pattern}[ \\t]*(;.*)?$`)),
  }
}

function writeHeader(header: DocumentedHeader, { document }: BodyWriter) {
  const hint = exampleOf(document.valueAt(header.pointer))
  const { name, schema } = header
  if (schema === undefined) {
    if (typeof hint === 'string') return { value: hint, rule: all({ match: 'type' }) }
    throw new Unsayable(`the header ${name} has neither a schema nor an example`)
  }
  const clauses = [{ text: document, pointer: schema }]
  const { example, rules } = shapeValue(
    { clauses, choices: [] },
    { at: name, hint, loose: true, above: [] },
  )
  const rule = rules.find(([at]) => at === name)?.[1] ?? all({ match: 'type' })
  if (typeof example === 'object')
    return { value: [example].flat().map(String).join(','), rule: all(regex('^.*$')) }
  return { value: String(example), rule: inText(rule, example) }
}

function exampleOf(header: unknown): unknown {
  const own = lookUp(header, ['example'])
  if (own !== undefined) return own
  const [first] = Object.keys((lookUp(header, ['examples']) as object | undefined) ?? {})
  return first === undefined ? undefined : lookUp(header, splitPointer(`/examples/${first}/value`))
}

/** A header holds text, whatever its schema says of the value in it. */
function inText({ combine, matchers }: Rule, example: unknown): Rule {
  return {
    combine,
    matchers: matchers.map((matcher): Matcher => {
      if (matcher.match === 'integer') return regex('^[+-]?\\d+$')
      if (matcher.match === 'number') return regex('^[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?$')
      if (matcher.match === 'boolean') return regex('^(true|false)$')
      if (matcher.match === 'type' && typeof example === 'boolean') return regex('^(true|false)$')
      return matcher
    }),
  }
}
