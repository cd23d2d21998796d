import { lookUp, type Pointer, splitPointer } from '../../../document/index.ts'
import type { Validate, Violation } from '../../../schema/index.ts'
import { promisedAnswer } from '../answer.ts'
import { hasContent, isKnown, type WithBody } from '../body.ts'
import type { Match } from '../evidence.ts'
import { regexOf, takesOf } from '../matcher.ts'
import { replaceAt } from '../meanings.ts'
import { meantMedia } from '../media.ts'
import { type PlacedRule, placedRules } from '../placed-rules.ts'
import { isMeant } from '../refusal.ts'
import type { PactComplaint, Rule } from '../rule.ts'

/**
 * A matcher takes a value that the schema allows.
 *
 * The schema judges the example elsewhere; here values that the matcher takes are put in its place,
 * and where the schema refuses each of them, none that the matcher takes can ever come.
 */
export const matcher: Rule = {
  id: 'pact-matcher',
  level: 'must',
  proves: 'every matcher in a body takes at least one value that the schema allows there',
  source: 'the schemas of the document; the matchers of the Pact specification',
  example: { expected: 'integer at /count', received: 'the matcher decimal' },

  run(match) {
    const { interaction, operation, documented, promises } = match
    const { request, response } = interaction
    const answer = promisedAnswer(match)
    const judged: PactComplaint[] = []
    if (answer !== undefined) {
      const [media] = meantMedia(answer, documented?.content ?? [])
      if (media?.schema !== undefined)
        judged.push(...judgeContent(match, answer, promises.part.validator(media.schema)))
    }
    if (hasContent(request) && !isMeant('body', response.status)) {
      const [media] = meantMedia(request, operation.requestBody?.content ?? [])
      if (media?.schema !== undefined)
        judged.push(...judgeContent(match, request, promises.request.validator(media.schema)))
    }
    return judged
  },
}

function judgeContent(
  { promises: { document } }: Match,
  content: WithBody,
  validate: Validate,
): readonly PactComplaint[] {
  const { json } = content.body
  if (json === undefined) return []
  const said = validate(json.value)
  return placedRules(content, json.value).flatMap((placed) => {
    if (said.some(({ instance }) => isAround(placed.instance, instance))) return []
    const tried: Tried = {
      value: lookUp(json.value, splitPointer(placed.instance)),
      refuse: (value) =>
        validate(replaceAt(json.value, splitPointer(placed.instance), value)).filter(
          (each) => isAround(placed.instance, each.instance) && isKnown(content, each),
        ),
      valueAt: (pointer) => document.valueAt(pointer),
    }
    const refused = placed.matchers.map((each) => refusal(each, tried))
    const isDeaf = placed.combine === 'OR' ? !refused.includes(undefined) : refused.some(Boolean)
    const index = refused.findIndex(Boolean)
    const violation = refused[index]
    if (!isDeaf || violation === undefined) return []
    return [
      {
        expected: `${violation.expected} at ${placed.instance || 'the whole'}`,
        received: `the matcher ${shown(placed.matchers[index])}`,
        promised: violation.schema,
        at: placed.pointer,
      },
    ]
  })
}

type Tried = {
  readonly value: unknown
  /** What the schema has against another value at the place. */
  refuse(value: unknown): readonly Violation[]
  valueAt(pointer: Pointer): unknown
}

/** What the schema has against every value that a matcher takes; undefined: nothing, or it is not sure. */
function refusal(each: PlacedRule['matchers'][number], tried: Tried): Violation | undefined {
  if (Array.isArray(tried.value) && each.match === 'type') return refusedLength(each, tried)
  const regex = regexOf(each)
  if (regex !== undefined) return refusedRegex(regex, tried)
  const takes = takesOf(each)
  if (takes === undefined || takes.fits(tried.value) === true) return undefined
  const refused = takes.some.map((value) => tried.refuse(value).find(isDecisive))
  return refused.includes(undefined) ? undefined : refused[0]
}

/** Keywords that refuse a value for its kind, so that others of that kind fare no better. */
const decisive = new Set([
  'type',
  'enum',
  'const',
  'format',
  'not',
  'false schema',
  'anyOf',
  'oneOf',
])

function isDecisive({ keyword }: Violation): boolean {
  return decisive.has(keyword)
}

/** A list is as long as the matcher says at least, and at most. */
function refusedLength(
  { min, max }: PlacedRule['matchers'][number],
  { value, refuse }: Tried,
): Violation | undefined {
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  const limits = [
    [min, 'maxItems'],
    [max, 'minItems'],
  ] as const
  for (const [length, keyword] of limits) {
    if (typeof length !== 'number' || length > 1000 || items.length === 0) continue
    const list = Array.from({ length }, (_, index) => items[index % items.length])
    const found = refuse(list).find((each) => each.keyword === keyword)
    if (found !== undefined) return found
  }
  return undefined
}

/** Where the schema lists its values, one of them has to match. */
function refusedRegex(regex: RegExp, { value, refuse, valueAt }: Tried): Violation | undefined {
  if (typeof value !== 'string' || regex.test(value)) return undefined
  const found = refuse('\u{f8ff}').find(({ keyword }) => keyword === 'enum' || keyword === 'const')
  if (found === undefined) return undefined
  const listed = valueAt(found.schema)
  const values = found.keyword === 'enum' && Array.isArray(listed) ? listed : [listed]
  return values.some((each) => typeof each === 'string' && regex.test(each)) ? undefined : found
}

function isAround(place: Pointer, instance: Pointer): boolean {
  return `${instance}/`.startsWith(`${place}/`)
}

function shown(each: PlacedRule['matchers'][number] | undefined): string {
  const { match, ...settings } = each ?? { match: '' }
  return Object.keys(settings).length === 0 ? match : `${match} ${JSON.stringify(settings)}`
}
