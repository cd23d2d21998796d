import type { Schemas, Violation } from '../../../schema/index.ts'
import { promisedAnswer } from '../answer.ts'
import { hasContent, tellViolation, type WithBody } from '../body.ts'
import { meantMedia } from '../media.ts'
import { isMeant } from '../refusal.ts'
import type { Rule } from '../rule.ts'

/**
 * Members go in the direction that the schema gives them.
 *
 * What is `writeOnly` never comes back, so asking for it cannot be met; a `readOnly` member in a
 * request is ignored or refused (JSON Schema 2020-12 validation, section 9.4).
 */
export const direction: Rule = {
  id: 'pact-direction',
  level: 'must',
  proves:
    'no answer is asked for a `writeOnly` member, and no request holds a `readOnly` one (`should`)',
  source: 'readOnly and writeOnly (JSON Schema 2020-12 validation, section 9.4)',
  example: { expected: 'no value here at /password', received: '***' },

  run(match) {
    const { operation, interaction, documented, promises } = match
    const { request, response } = interaction
    const answer = promisedAnswer(match)
    const back =
      answer === undefined
        ? []
        : marked(answer, documented?.content ?? [], promises.writeOnly).map((each) => ({
            ...tellViolation(answer, each),
            expected: `no member that is writeOnly at ${each.instance}`,
          }))
    if (!hasContent(request) || isMeant('body', response.status)) return back
    const sent = marked(request, operation.requestBody?.content ?? [], promises.readOnly)
    return [
      ...back,
      ...sent.map((each) => ({
        ...tellViolation(request, each),
        expected: `no member that is readOnly at ${each.instance}`,
        level: 'should' as const,
      })),
    ]
  },
}

function marked(
  content: WithBody,
  documented: Parameters<typeof meantMedia>[1],
  schemas: Schemas,
): readonly Violation[] {
  const { json } = content.body
  if (json === undefined) return []
  const [media] = meantMedia(content, documented)
  return media?.schema === undefined ? [] : schemas.validator(media.schema)(json.value)
}
