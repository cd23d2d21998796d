import { STATUS_CODES } from 'node:http'

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

type Members = Readonly<Record<string, unknown>>

function tell(mismatch: Members): Mismatch {
  const { type, key, path, actual, expected } = mismatch
  const rule = ruleOf(String(mismatch.mismatch ?? ''))
  switch (type) {
    case 'StatusMismatch':
      return { expected: String(expected), received: statusOf(Number(actual)) }
    case 'HeaderMismatch': {
      const header = `the header ${key}`
      const received = actual === '' ? `no ${key}, or an empty one` : `${key}: ${short(actual)}`
      return { expected: `${header} ${rule ?? `to be ${short(expected)}`}`, received }
    }
    case 'BodyTypeMismatch':
      return {
        expected: `a body of the media type ${short(expected)}`,
        received: `a body of the media type ${short(actual)}`,
      }
    default: {
      const place = path === undefined || path === '$' ? 'the body' : String(path)
      if (rule !== undefined) return { expected: `${place} ${rule}`, received: short(actual) }
      const why = String(mismatch.mismatch ?? type)
      return {
        expected: `${place} to be ${short(expected)}`,
        received: `${short(actual)} (${why})`,
      }
    }
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
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
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
