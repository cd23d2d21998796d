import type { Category, Generator, Matcher, MatchingRule, Place } from './pact.ts'
import { type PathStep, parsePathExpression } from './path-expression.ts'
import {
  invalid,
  isObject,
  itemsOf,
  type Members,
  memberAt,
  membersOf,
  type Spot,
} from './shape.ts'

const categories: Readonly<Record<string, Category>> = {
  method: 'method',
  path: 'path',
  query: 'query',
  header: 'header',
  headers: 'header',
  body: 'body',
  status: 'status',
}

/** Categories that are one value, so that no place within them is named. */
const whole: ReadonlySet<Category> = new Set(['method', 'path', 'status'])

/**
 * Reads matching rules: those of version 3 by category, those of version 2 by one path expression
 * each (`$.body.items[*].id`, `$.headers.Accept`, `$.path`), which any version may still hold.
 *
 * @throws AssayError PACT_INVALID
 */
export function readRules(spot: Spot): readonly MatchingRule[] {
  return membersOf(spot).flatMap((member) => {
    if (member.name.startsWith('$')) return [readRule(member, placeOfExpression(member))]
    const category = categories[member.name]
    if (category === undefined) return []
    return readCategory(member, category).map(([entry, at]) => readRule(entry, { category, at }))
  })
}

/** Reads generators, by category as matching rules of version 3. Throws PACT_INVALID. */
export function readGenerators(spot: Spot): readonly Generator[] {
  return membersOf(spot).flatMap((member) => {
    const category = categories[member.name]
    if (category === undefined) return []
    return readCategory(member, category).map(([entry, at]) => {
      if (!isObject(entry.value) || typeof entry.value.type !== 'string')
        throw invalid(entry, 'a generator, an object with a "type"')
      const { type, ...settings } = entry.value
      return { category, at, type, settings, pointer: entry.pointer }
    })
  })
}

function readCategory(
  member: Spot,
  category: Category,
): readonly (readonly [Spot, readonly PathStep[]])[] {
  if (whole.has(category)) {
    const inner = membersOf(member).find(({ name }) => name === '' || name === '$')
    const isEmpty = isObject(member.value) && Object.keys(member.value).length === 0
    return isEmpty ? [] : [[inner ?? member, []]]
  }
  return membersOf(member).map((entry) => [entry, placeIn(entry, category)])
}

/** A body is walked by expressions; headers and parameters have names, which newer writers put the same way. */
function placeIn(entry: Spot & { readonly name: string }, category: Category): readonly PathStep[] {
  const isName = category !== 'body' && !entry.name.startsWith('$')
  const [, name = '', index] = /^(.*?)(?:\[(\d+|\*)\])?$/s.exec(entry.name) ?? []
  if (isName && index !== '*') {
    const named = { kind: 'name', name } as const
    return index === undefined ? [named] : [named, { kind: 'index', index: Number(index) }]
  }
  const steps = isName ? [{ kind: 'name', name } as const] : parsePathExpression(entry.name)
  if (steps === undefined) throw invalid(entry, 'named by a path expression')
  return steps
}

/** The category stands first in an expression of version 2. */
function placeOfExpression(entry: Spot & { readonly name: string }): Place {
  const [first, ...at] = parsePathExpression(entry.name) ?? []
  const category = first?.kind === 'name' ? categories[first.name] : undefined
  if (category === undefined)
    throw invalid(entry, 'named by a path expression into path, query, headers or body')
  return { category, at }
}

function readRule(entry: Spot, place: Place): MatchingRule {
  if (!isObject(entry.value)) throw invalid(entry, 'a matching rule, an object')
  const list = memberAt(entry, 'matchers')
  const spots = list.value === undefined ? [entry] : itemsOf(list)
  return {
    ...place,
    combine: entry.value.combine === 'OR' ? 'OR' : 'AND',
    matchers: spots.map(readMatcher),
    pointer: entry.pointer,
  }
}

/** Some writers leave the name of a matcher out, where its settings tell it. */
const tells = ['regex', 'timestamp', 'datetime', 'date', 'time'] as const

function readMatcher(spot: Spot): Matcher {
  if (!isObject(spot.value)) throw invalid(spot, 'a matcher, an object')
  const match = matchOf(spot.value)
  if (match === undefined) throw invalid(spot, 'a matcher with its name in "match"')
  return { ...spot.value, match }
}

function matchOf(settings: Members): string | undefined {
  const { match } = settings
  if (typeof match === 'string') return synonyms[match] ?? match
  const told = tells.find((name) => settings[name] !== undefined)
  if (told !== undefined) return synonyms[told] ?? told
  return settings.min !== undefined || settings.max !== undefined ? 'type' : undefined
}

const synonyms: Readonly<Record<string, string>> = {
  timestamp: 'datetime',
  real: 'decimal',
  min: 'type',
  max: 'type',
  'min-type': 'type',
  'max-type': 'type',
  'min-max-type': 'type',
  'array-contains': 'arrayContains',
  'each-key': 'eachKey',
  'each-value': 'eachValue',
  'not-empty': 'notEmpty',
  'status-code': 'statusCode',
  'content-type': 'contentType',
}
