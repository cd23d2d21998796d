import type { Matcher } from '../pact.ts'
import { readDatePattern } from './date-pattern.ts'

/** Of which kind the values are that a matcher takes, told by some of them. */
export type Takes = {
  /** Whether the matcher takes its own example; undefined: that cannot be told. */
  fits(value: unknown): boolean | undefined
  /** Values that it takes, such that all values it takes are of the kind of one of them. */
  readonly some: readonly unknown[]
}

const formats: Readonly<Record<string, string>> = {
  date: 'yyyy-MM-dd',
  time: 'HH:mm:ss',
  datetime: "yyyy-MM-dd'T'HH:mm:ss",
}

/**
 * Says what a matcher takes, where it says more than its example (Pact specification 4, "Matchers").
 *
 * @returns undefined for matchers that take whatever is like the example
 */
export function takesOf(matcher: Matcher): Takes | undefined {
  const { match } = matcher
  switch (match) {
    case 'null':
      return { fits: (value) => value === null, some: [null] }
    case 'boolean':
      return { fits: (value) => /^(?:true|false)$/.test(String(value)), some: [true, false] }
    case 'number':
      return { fits: (value) => typeof value === 'number', some: [0, 1, -1, 1.5, 100] }
    case 'integer':
      return { fits: (value) => Number.isInteger(value), some: [0, 1, -1, 7, 100] }
    case 'decimal':
      return {
        fits: (value) => typeof value === 'number' && !Number.isInteger(value),
        some: [0.5, 1.5, -1.5, 100.25],
      }
    case 'date':
    case 'time':
    case 'datetime':
      return dates(matcher)
    default:
      return undefined
  }
}

function dates(matcher: Matcher): Takes | undefined {
  const format = matcher.format ?? matcher[matcher.match] ?? matcher.timestamp
  const text = typeof format === 'string' && format !== '' ? format : formats[matcher.match]
  const pattern = text === undefined ? undefined : readDatePattern(text)
  if (pattern === undefined) return undefined
  return {
    fits: (value) => typeof value === 'string' && pattern.takes.test(value),
    some: [pattern.sample],
  }
}

/** The pattern of a matcher `regex`; undefined where it is written for another kind of reader. */
export function regexOf({ match, regex }: Matcher): RegExp | undefined {
  if (match !== 'regex' || typeof regex !== 'string') return undefined
  try {
    return new RegExp(`^(?:${regex})$`, 'u')
  } catch {
    return undefined
  }
}
