import { STATUS_CODES } from 'node:http'
import type { Response } from '../../exchange/index.ts'
import type { PactResponse } from '../pact.ts'
import { headerOf } from './location.ts'

/** One way in which an answer is not what a pact asks for. */
export type Mismatch = { readonly expected: string; readonly received: string }

export type Result =
  | { readonly kind: 'verified' }
  | { readonly kind: 'mismatches'; readonly mismatches: readonly Mismatch[] }
  /** The verifier could not do its work. */
  | { readonly kind: 'failed'; readonly reason: string }

/**
 * Reads the result of Pact's verifier, its JSON rather than its log.
 *
 * A pending interaction counts like any other: nothing that fails is silent.
 */
export function readResult(text: string): Result {
  const { result, errors = [], pendingErrors = [], interactionResults = [] } = parse(text)
  const problems = [...listOf(errors), ...listOf(pendingErrors)].map(({ mismatch }) => mismatch)
  const mismatches = problems.flatMap((problem) => listOf((problem as Members)?.mismatches ?? []))
  const failed = problems.map((problem) => (problem as Members)?.message).find(Boolean)
  if (failed !== undefined) return { kind: 'failed', reason: String(failed) }
  if (mismatches.length > 0) return { kind: 'mismatches', mismatches: mismatches.map(tell) }
  if (result === true && listOf(interactionResults).length === 1) return { kind: 'verified' }
  return { kind: 'failed', reason: 'it verified nothing' }
}

/** A body that is cut off or that its content coding does not fit is none that a consumer could read. */
export function unreadable(
  { undecodable, flaws = [] }: Response,
  { body }: Pick<PactResponse, 'body'>,
): readonly Mismatch[] {
  if (body.kind !== 'content') return []
  const cut = flaws.find(({ kind }) => kind === 'cut')
  return [
    ...(undecodable === undefined
      ? []
      : [{ expected: 'a body that can be decoded', received: undecodable }]),
    ...(cut === undefined ? [] : [{ expected: 'a complete body', received: cut.what }]),
  ]
}

type Members = Readonly<Record<string, unknown>>

function tell(mismatch: Members): Mismatch {
  const { type, key, actual, expected } = mismatch
  const sentence = String(mismatch.mismatch ?? type)
  switch (type) {
    case 'StatusMismatch':
      return { expected: String(expected), received: statusOf(Number(actual)) }
    case 'HeaderMismatch': {
      const name = headerOf(String(key))
      const rule = ruleOf(sentence) ?? `to be ${short(expected)}`
      const received = actual === '' ? `no ${name}, or an empty one` : `${name}: ${short(actual)}`
      return { expected: `the header ${name} ${rule}`, received }
    }
    case 'BodyTypeMismatch':
      return {
        expected: `a body of the media type ${short(expected)}`,
        received: `a body of the media type ${short(actual)}`,
      }
    default:
      return tellBody(mismatch, sentence)
  }
}

/** Puts the sentences of the verifier, of which there are a few shapes, into what was promised and what came. */
function tellBody({ path, actual, expected }: Members, sentence: string): Mismatch {
  const isWhole = path === undefined || path === '$' || path === '/'
  const place = isWhole ? 'the body' : String(path)
  const missing = /missing the following keys: (.*)$/s.exec(sentence)?.[1]
  if (missing !== undefined)
    return { expected: `${place} to have ${missing}`, received: `members ${short(actual)}` }
  if (/but was empty$/.test(sentence))
    return { expected: `${place} to be ${short(expected)}`, received: 'no body' }
  const broken = /^Failed to parse the actual body: '(.*)'$/s.exec(sentence)?.[1]
  if (broken !== undefined)
    return {
      expected: `${place} to be like ${short(expected)}`,
      received: `a body that cannot be read (${broken})`,
    }
  const rule = ruleOf(sentence)
  if (rule !== undefined) return { expected: `${place} ${rule}`, received: short(actual) }
  return {
    expected: `${place} to be ${short(expected)}`,
    received: `${short(actual)} (${sentence})`,
  }
}

/** What had to be so, out of a sentence such as "Expected 5 (Integer) to be the same type as …". */
function ruleOf(sentence: string): string | undefined {
  return /Expected .*? (to (?:be|contain|equal|have|include|match|start|end)\b.*)$/s.exec(
    sentence,
  )?.[1]
}

function statusOf(status: number): string {
  const phrase = STATUS_CODES[status]
  return phrase === undefined ? String(status) : `${status} ${phrase}`
}

const longest = 200

function short(value: unknown): string {
  const text =
    typeof value === 'string' && value !== '' ? value : (JSON.stringify(value) ?? 'nothing')
  return text.length <= longest ? text : `${text.slice(0, longest)}…`
}

function parse(text: string): Members {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Members) : {}
  } catch {
    return {}
  }
}

function listOf(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value : []
}
