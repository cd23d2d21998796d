import {
  type Document,
  type DocumentedResponse,
  type MediaType,
  responseFor,
} from '../document/index.ts'
import { AssayError, type Position } from '../errors.ts'
import {
  type Attempt,
  headerValues,
  type RecordedRequest,
  type Response,
} from '../exchange/index.ts'
import { methodOf, type Step, type Weight, weigh } from '../plan/index.ts'
import { cut, type Schemas, type Violation } from '../schema/index.ts'
import type { Envelope } from './envelope.ts'
import { steady } from './fingerprint.ts'
import { type HeaderViolation, readHeaders } from './headers.ts'
import { essence, isJsonName, matchMediaType } from './media-type.ts'
import type { Unsteady } from './steadiness.ts'
import type { Sent } from './trace.ts'

/** What every judgement rests on: the promises, made ready to be compared with an answer. */
export type Promises = {
  readonly document: Document
  readonly schemas: Schemas
  readonly envelope: Envelope | undefined
  /** Milliseconds within which the target is said to answer; undefined: nobody said so. */
  readonly latencyBudget?: number | undefined
}

/** One answer to one step, beside what the document says about it. Derived facts are found once, when asked for. */
export type Evidence = {
  readonly step: Step
  readonly request: RecordedRequest
  readonly response: Response
  readonly ms: number
  /** Whether the opening of a connection is in that time. */
  readonly fresh: boolean
  readonly manner: Sent['manner']
  /** What the copies of its step were answered, where they differ; told by the first odd one. */
  readonly unsteady: Unsteady | undefined
  /** Whether it only asks for patience: another copy, or the same request sent again, shows the rest. */
  readonly isPatience: boolean
  /** What came of the same request before, when its connection failed. */
  readonly lost: readonly (Attempt & { kind: 'lost' })[]
  /** Whether another copy was answered as expected, or this one only asks for patience. */
  readonly isCopyOfExpected: boolean
  /** Names of the secrets that are credentials, in this probe. */
  readonly credentials: ReadonlySet<string>
  readonly promises: Promises
  /** What the document says about the status that came. */
  readonly documented: DocumentedResponse | undefined
  /** What the status that came means to the step. */
  readonly weight: Weight
  /** Whether it is one that the step expects. */
  readonly expected: boolean
  /** What this answer shows beside others of its script that it should not. */
  readonly unfitting: readonly Complaint[]
  /** The media type of the answer without parameters, in lower case. */
  readonly mediaType: string | undefined
  /** The documented media type that the answer uses. */
  readonly media: MediaType | undefined
  readonly json: () => Json
  /** How the body differs from its schema. */
  readonly violations: () => readonly Violation[]
  /** How the documented headers differ from theirs. */
  readonly headers: () => readonly HeaderViolation[]
}

/** A body read as JSON, or why it is none. */
export type Json =
  | { readonly kind: 'json'; readonly text: string; readonly value: unknown }
  | {
      readonly kind: 'broken'
      readonly why: string
      readonly text: string
      /** One word for why. */
      readonly flaw: string
    }

/** A rule as it is broken by one answer. */
export type Complaint = {
  readonly expected: string
  /** Why that was to be expected of this one answer, in words that follow "because". */
  readonly because?: string
  readonly received: string
  /**
   * Which rule is broken, and how: a name that neither ids, dates and texts of the answer nor our
   * wording change. It tells apart what has to be mended apart.
   */
  readonly rule: string
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
  /**
   * Where it files. `came`: the status that came, when it is documented. `hoped`: the status that was
   * expected; such a finding ends the script. `any`: the status that came, else the one expected.
   * `probe`: what the probe is about.
   */
  readonly files?: 'came' | 'hoped' | 'any' | 'probe'
  /** What it proves, in one sentence. */
  readonly proves: string
  /** Who promised it. */
  readonly source: string
  /** A finding as it may look. */
  readonly example: { readonly expected: string; readonly received: string }
  /** How to put it right, or how to silence it honestly. */
  readonly cure: string
  run(evidence: Evidence): readonly Complaint[]
}

export type Circumstances = {
  /** Where the copies of the step were not answered alike. */
  readonly unsteady?: Unsteady | undefined
  /** Whether it is told to wait, and another answer shows what the step is about. */
  readonly isPatience?: boolean
  /** Whether it was obeyed. */
  readonly isRefusal?: boolean
  readonly lost?: readonly (Attempt & { kind: 'lost' })[]
  readonly credentials?: ReadonlySet<string>
  readonly unfitting?: readonly Complaint[]
}

export function readEvidence(
  { step, exchange, manner }: Sent & { readonly exchange: { readonly kind: 'answered' } },
  promises: Promises,
  {
    unsteady,
    isPatience = false,
    credentials = new Set(),
    unfitting = [],
    lost = [],
  }: Circumstances = {},
): Evidence {
  const { response } = exchange
  const documented = documentedFor(step, response.status)
  const weight = weigh(step, response.status)
  const types = new Set(headerValues(response, 'content-type').map(essence))
  const mediaType = types.size === 1 ? [...types][0] : undefined
  const media =
    mediaType === undefined ? undefined : matchMediaType(mediaType, documented?.content ?? [])
  const json = once(() => unwrap(readJson(response), media, promises.schemas))
  return {
    step,
    request: exchange.request,
    response,
    manner,
    unsteady: unsteady?.odd.exchange === exchange ? unsteady : undefined,
    isPatience,
    lost,
    isCopyOfExpected: unsteady !== undefined || isPatience,
    credentials,
    ms: exchange.ms,
    fresh: exchange.fresh === true,
    promises,
    documented,
    weight,
    expected: weight === 'expected',
    unfitting,
    mediaType,
    media,
    json,
    violations: once(() => {
      const body = json()
      if (media?.schema === undefined || !isJson(mediaType) || body.kind !== 'json') return []
      return violationsOf(promises.schemas, media.schema, body.value)
    }),
    headers: once(() => readHeaders(response, documented, promises)),
  }
}

/** What the document says about a status; nothing where another than the operation may have answered. */
export function documentedFor(step: Step, status: number): DocumentedResponse | undefined {
  return step.elsewhere === true ? undefined : responseFor(step.operation, status)
}

/** A text that holds JSON where the schema wants no text was encoded once too often. */
function unwrap(body: Json, media: MediaType | undefined, schemas: Schemas): Json {
  if (body.kind !== 'json' || typeof body.value !== 'string' || media?.schema === undefined)
    return body
  if (!/^\s*[[{]/.test(body.value) || violationsOf(schemas, media.schema, body.value).length === 0)
    return body
  try {
    JSON.parse(body.value)
    return {
      kind: 'broken',
      why: 'it is JSON inside a JSON string',
      text: body.text,
      flaw: 'nested',
    }
  } catch {
    return body
  }
}

/** JSON, or a type built on it (RFC 6839, section 3.1), parameters aside. */
export function isJson(mediaType: string | undefined): boolean {
  return mediaType !== undefined && isJsonName(mediaType)
}

/** Whether an answer can hold no content at all (RFC 9110, sections 9.3.2, 15.3.5, 15.3.6, 15.4.5). */
export function isBodyless({ step, response }: Evidence): boolean {
  return methodOf(step) === 'HEAD' || [204, 205, 304].includes(response.status)
}

/** A schema that does not compile is an error of its cell, said there; nothing can be judged by it here. */
export function violationsOf(
  schemas: Schemas,
  schema: string,
  value: unknown,
): readonly Violation[] {
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
    return { kind: 'broken', why: response.undecodable, text: '', flaw: 'coding' }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    const [why, flaw] =
      body[0] === 0x1f && body[1] === 0x8b
        ? ['it is gzip, and no header says so', 'gzip']
        : ['it is not UTF-8', 'charset']
    return { kind: 'broken', why, text: Buffer.from(body).toString('latin1'), flaw }
  }
  if (text.trim() === '') return { kind: 'broken', why: 'it is empty', text, flaw: 'empty' }
  if (text.startsWith('\uFEFF'))
    return { kind: 'broken', why: 'it begins with a byte order mark', text, flaw: 'mark' }
  if (isTooDeep(text))
    return {
      kind: 'broken',
      why: `it nests more than ${deepest} levels deep`,
      text,
      flaw: 'depth',
    }
  try {
    return { kind: 'json', text, value: JSON.parse(text) }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { kind: 'broken', why, text, flaw: 'syntax' }
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

/** Control characters as JSON writes them, so that none reaches a terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\0-\x1f\x7f-\x9f]/g, (character) =>
    character < ' '
      ? JSON.stringify(character).slice(1, -1)
      : `\\u00${character.charCodeAt(0).toString(16)}`,
  )
}

/** Which keyword is broken, and at which place of a value; it does not matter in which item. */
export function ruleOf({ schema, instance, member = '' }: Violation): string {
  return JSON.stringify([schema, steady(instance), steady(member)])
}

/** What a violation expects, and where in the value. */
export function withPlace({ expected, instance }: Violation): string {
  return instance === '' ? expected : `${expected} at ${cut(instance)}`
}
