import { lookUp, splitPointer } from '../../document/index.ts'
import type { Violation } from '../../schema/index.ts'
import { isJson } from '../../verdict/index.ts'
import { hasContent, isKnown, judgeBody, type WithBody } from './body.ts'
import type { Match } from './evidence.ts'
import { saidType, undocumented } from './media.ts'
import { leadsTo } from './replaced.ts'

/** Whether an answer can hold no content at all (RFC 9110, sections 9.3.2, 15.3.5, 15.3.6, 15.4.5). */
export function isBodyless({ operation, interaction: { response } }: Match): boolean {
  return operation.method === 'HEAD' || [204, 205, 304].includes(response.status)
}

/** The answer, where it has a body that there is a promise for. */
export function promisedAnswer(match: Match): WithBody | undefined {
  const { documented, interaction } = match
  const { response } = interaction
  if (documented === undefined || documented.content.length === 0) return undefined
  if (isBodyless(match) || !hasContent(response)) return undefined
  return undocumented(response, documented.content) === undefined ? response : undefined
}

/** In what the body that is asked for differs from the schema, as far as a part of it can be told to. */
export function answerViolations(match: Match): readonly Violation[] {
  const answer = promisedAnswer(match)
  if (answer === undefined) return []
  const violations = judgeBody(answer, match.documented?.content ?? [], match.promises.part)
  return violations.filter((each) => !isStandIn(answer, each) && !isOfParts(answer, each))
}

/** What the prose promises beyond the schemas, of JSON that the schema did not refuse there. */
export function envelopeViolations(match: Match): readonly Violation[] {
  const answer = promisedAnswer(match)
  const { promises, interaction } = match
  const validate = promises.envelope?.validatorFor(interaction.response.status)
  if (answer?.body.json === undefined || validate === undefined) return []
  if (!isJson(saidType(answer)?.type ?? 'application/json')) return []
  const said = answerViolations(match).map(placeOf)
  return validate(answer.body.json.value).filter(
    (each) =>
      isKnown(answer, each) && !said.some((place) => `${placeOf(each)}/`.startsWith(`${place}/`)),
  )
}

function placeOf({ instance, member }: Violation): string {
  return member === undefined ? instance : `${instance}/${member}`
}

/** What the items of an example cannot be asked for where a matcher makes them stand for others. */
const ofItems = new Set(['minItems', 'uniqueItems', 'contains'])
const forItems = new Set(['type', 'eachValue', 'values', 'arrayContains'])

/**
 * Whether a list is only an example of its items: repeated as often as a matcher wants, or some of
 * many.
 */
function isStandIn({ rules }: WithBody, { instance, keyword }: Violation): boolean {
  if (!ofItems.has(keyword)) return false
  const segments = splitPointer(instance)
  return rules.some(
    ({ category, at, matchers }) =>
      category === 'body' &&
      leadsTo(at, segments) &&
      matchers.some(({ match }) => forItems.has(match)),
  )
}

/** Objects that look the same may differ in what is not told of them. */
function isOfParts({ body }: WithBody, { instance, keyword }: Violation): boolean {
  const items = lookUp(body.json?.value, splitPointer(instance))
  const isObject = (item: unknown) => typeof item === 'object' && item !== null
  return keyword === 'uniqueItems' && Array.isArray(items) && items.some(isObject)
}
