import {
  type Document,
  type DocumentedResponse,
  type MediaType,
  responseFor,
} from '../document/index.ts'
import { AssayError, type Position } from '../errors.ts'
import { type Exchange, headerValues, type Response } from '../exchange/index.ts'
import { isRefuted, matchesStatus, type Step } from '../plan/index.ts'
import type { Schemas, Violation } from '../schema/index.ts'
import type { Envelope } from './envelope.ts'
import { essence, matchMediaType } from './media-type.ts'

/** What every judgement rests on: the promises, made ready to be compared with an answer. */
export type Promises = {
  readonly document: Document
  readonly schemas: Schemas
  readonly envelope: Envelope | undefined
}

/** One answer to one step, beside what the document says about it. Derived facts are found once, when asked for. */
export type Evidence = {
  readonly step: Step
  readonly response: Response
  readonly ms: number
  readonly promises: Promises
  /** What the document says about the status that came. */
  readonly documented: DocumentedResponse | undefined
  /** Whether the status that came is one that the step expects. */
  readonly expected: boolean
  /** The media type of the answer without parameters, in lower case. */
  readonly mediaType: string | undefined
  /** The documented media type that the answer uses. */
  readonly media: MediaType | undefined
  readonly json: () => Json
  readonly violations: () => readonly Violation[]
}

/** A body read as JSON, or why it is none. */
export type Json =
  | { readonly kind: 'json'; readonly text: string; readonly value: unknown }
  | { readonly kind: 'broken'; readonly why: string; readonly text: string }

/** A rule as it is broken by one answer. */
export type Complaint = {
  readonly expected: string
  /** Why that was to be expected of this one answer, in words that follow "because". */
  readonly because?: string
  readonly received: string
  /** Where the promise stands; default: the documented response. */
  readonly promised?: Position | undefined
  /** When it is not that of the check. */
  readonly level?: Level
}

/** `must`: the document, or a MUST of a standard it builds on. `should`: practice, red only with --strict. */
export type Level = 'must' | 'should'

/** Levels of nesting beyond which an answer is not judged (RFC 8259, section 9, allows a limit). */
const deepest = 1000

/** One rule that reads an answer. */
export type Check = {
  readonly id: string
  readonly level: Level
  /** What it proves, in one sentence. */
  readonly proves: string
  /** Who promised it. */
  readonly source: string
  /** A finding as it may look. */
  readonly example: { readonly expected: string; readonly received: string }
  run(evidence: Evidence): readonly Complaint[]
}

export function readEvidence(
  step: Step,
  exchange: Exchange & { kind: 'answered' },
  promises: Promises,
): Evidence {
  const { response } = exchange
  const documented = responseFor(step.operation, response.status)
  const types = new Set(headerValues(response, 'content-type').map(essence))
  const mediaType = types.size === 1 ? [...types][0] : undefined
  const media =
    mediaType === undefined ? undefined : matchMediaType(mediaType, documented?.content ?? [])
  const json = once(() => readJson(response))
  return {
    step,
    response,
    ms: exchange.ms,
    promises,
    documented,
    expected:
      !isRefuted(step, response.status) &&
      step.expect.some((pattern) => matchesStatus(step.operation, pattern, response.status)),
    mediaType,
    media,
    json,
    violations: once(() => {
      const body = json()
      if (media?.schema === undefined || !isJson(mediaType) || body.kind !== 'json') return []
      return violationsOf(promises.schemas, media.schema, body.value)
    }),
  }
}

/** JSON, or a type built on it (RFC 6839, section 3.1), parameters aside. */
export function isJson(mediaType: string | undefined): boolean {
  return mediaType !== undefined && /^[^/]+\/(?:.+\+)?json$/.test(essence(mediaType))
}

/** Whether an answer can hold no content at all (RFC 9110, sections 9.3.2, 15.3.5, 15.3.6, 15.4.5). */
export function isBodyless({ step, response }: Evidence): boolean {
  return step.operation.method === 'HEAD' || [204, 205, 304].includes(response.status)
}

/** A schema that does not compile is an error of its cell, said there; nothing can be judged by it here. */
function violationsOf(schemas: Schemas, schema: string, value: unknown): readonly Violation[] {
  try {
    return schemas.validator(schema)(value)
  } catch (error) {
    if (error instanceof AssayError) return []
    throw error
  }
}

function readJson(response: Response): Json {
  const { body } = response
  if (response.undecodable !== undefined)
    return { kind: 'broken', why: response.undecodable, text: '' }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return { kind: 'broken', why: 'it is not UTF-8', text: Buffer.from(body).toString('latin1') }
  }
  if (text.trim() === '') return { kind: 'broken', why: 'it is empty', text }
  if (text.startsWith('\uFEFF'))
    return { kind: 'broken', why: 'it begins with a byte order mark', text }
  if (isTooDeep(text))
    return { kind: 'broken', why: `it nests more than ${deepest} levels deep`, text }
  try {
    return { kind: 'json', text, value: JSON.parse(text) }
  } catch (error) {
    return { kind: 'broken', why: error instanceof Error ? error.message : String(error), text }
  }
}

/** Whether the brackets of a text nest too deep to be judged. */
function isTooDeep(text: string): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length && depth <= deepest; index += 1) {
    const character = text[index]
    if (inString && character === '\\') index += 1
    else if (character === '"') inString = !inString
    else if (!inString && (character === '[' || character === '{')) depth += 1
    else if (!inString && (character === ']' || character === '}')) depth -= 1
  }
  return depth > deepest
}

function once<T>(find: () => T): () => T {
  let found: { readonly value: T } | undefined
  return () => {
    found ??= { value: find() }
    return found.value
  }
}
