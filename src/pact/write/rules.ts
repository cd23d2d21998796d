/** One matcher, as version 4 of the Pact specification writes it. */
export type Matcher =
  | { readonly match: 'equality' | 'integer' | 'number' | 'boolean' | 'null' | 'values' }
  | { readonly match: 'type'; readonly min?: number; readonly max?: number }
  | { readonly match: 'regex'; readonly regex: string }
  | { readonly match: 'date' | 'time' | 'datetime'; readonly format: string }
  | { readonly match: 'statusCode'; readonly status: string }
  | { readonly match: 'eachKey'; readonly rules: readonly Matcher[]; readonly value: string }

export type Rule = { readonly combine: 'AND' | 'OR'; readonly matchers: readonly Matcher[] }

/** Rules by the path expression of the value that they are about. */
export type Rules = readonly (readonly [path: string, rule: Rule])[]

export function all(...matchers: readonly Matcher[]): Rule {
  return { combine: 'AND', matchers }
}

export function either(...matchers: readonly Matcher[]): Rule {
  return { combine: 'OR', matchers }
}

/** A regular expression of Pact takes the whole text. */
export function regex(text: string): Matcher {
  return { match: 'regex', regex: text }
}

/** Takes any value where the example is a scalar or null. */
export const anything = regex('^[\\s\\S]*$')

/** Takes any members, and none; the members of the example are compared only where they come. */
export const anyMembers: Matcher = { match: 'eachKey', rules: [anything], value: 'key' }

/** Says of a place in an answer that no pact can tell what may stand there. */
export class Unsayable extends Error {}

/**
 * The path expression of a member.
 *
 * @throws Unsayable for a name that a path expression cannot hold
 */
export function memberPath(at: string, name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return `${at}.${name}`
  if (name === '' || name.includes("'"))
    throw new Unsayable(`a pact has no path for the member ${JSON.stringify(name)} of ${at}`)
  return `${at}['${name}']`
}
