import { joinPointer, lookUp, type Pointer } from '../../document/index.ts'
import type { Content, Matcher, MatchingRule } from '../pact.ts'
import { type PathStep, parsePathExpression } from '../path-expression.ts'

/** A matching rule of a body at one place of the example. */
export type PlacedRule = Pick<MatchingRule, 'combine' | 'matchers' | 'pointer'> & {
  readonly instance: Pointer
}

/** Finds the places in an example that the matching rules of its body speak of, those within matchers too. */
export function placedRules({ rules }: Content, example: unknown): readonly PlacedRule[] {
  return rules
    .filter(({ category }) => category === 'body')
    .flatMap(unfold)
    .flatMap(({ at, combine, matchers, pointer }) =>
      placesOf(at, example).map((instance) => ({ instance, combine, matchers, pointer })),
    )
}

/** `eachValue` and `arrayContains` hold rules for what is inside (Pact specification 4). */
function unfold(rule: MatchingRule): readonly MatchingRule[] {
  const inner = rule.matchers.flatMap((matcher): readonly MatchingRule[] => {
    const { match, rules, variants } = matcher
    if (match === 'eachValue' && Array.isArray(rules))
      return [{ ...rule, at: [...rule.at, { kind: 'any' }], matchers: rules.filter(isMatcher) }]
    if (match !== 'arrayContains' || !Array.isArray(variants)) return []
    return variants.flatMap((variant: unknown) => rulesOfVariant(rule, variant))
  })
  return [rule, ...inner]
}

function rulesOfVariant(rule: MatchingRule, variant: unknown): readonly MatchingRule[] {
  const index = lookUp(variant, ['index'])
  const rules = lookUp(variant, ['rules'])
  if (typeof index !== 'number' || typeof rules !== 'object' || rules === null) return []
  return Object.entries(rules).flatMap(([expression, list]) => {
    const steps = parsePathExpression(expression)
    const matchers = lookUp(list, ['matchers'])
    if (steps === undefined || !Array.isArray(matchers)) return []
    const at: readonly PathStep[] = [...rule.at, { kind: 'index', index }, ...steps]
    return [{ ...rule, at, matchers: matchers.filter(isMatcher) }]
  })
}

function isMatcher(value: unknown): value is Matcher {
  return typeof lookUp(value, ['match']) === 'string'
}

function placesOf(steps: readonly PathStep[], value: unknown): readonly Pointer[] {
  const [first, ...rest] = steps
  if (first === undefined) return value === undefined ? [] : ['']
  const names =
    first.kind === 'any'
      ? keysOf(value)
      : [first.kind === 'name' ? first.name : String(first.index)]
  return names.flatMap((name) =>
    placesOf(rest, lookUp(value, [name])).map((place) => joinPointer('', name) + place),
  )
}

function keysOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}
