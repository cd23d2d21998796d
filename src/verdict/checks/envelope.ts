import type { Violation } from '../../schema/index.ts'
import { type Check, isBodyless, isJson, ruleOf, withPlace } from '../evidence.ts'

/**
 * The body keeps the envelope that the prose of the document promises for its status.
 *
 * What the schema of the document already refuses is not said a second time.
 */
export const envelope: Check = {
  id: 'envelope',
  level: 'must',
  proves: 'the body keeps what the prose of the document promises beyond its schemas',
  source: 'the prose of the document, as the envelope file states it',
  example: { expected: 'false at /success', received: 'true' },
  cure: 'let one place write the envelope from the status, or correct the envelope file if the prose was misread.',

  run(evidence) {
    const { promises, response, documented, mediaType, media } = evidence
    const validate = promises.envelope?.validatorFor(response.status)
    if (validate === undefined || documented === undefined) return []
    if (media === undefined && documented.content.length > 0) return []
    if (isBodyless(evidence) || !isJson(mediaType)) return []
    const body = evidence.json()
    if (body.kind !== 'json') return []
    const said = evidence
      .violations()
      .filter(({ keyword }) => keyword !== 'format')
      .map(placeOf)
    return validate(body.value)
      .filter(
        (violation) => !said.some((place) => `${placeOf(violation)}/`.startsWith(`${place}/`)),
      )
      .map((violation) => ({
        expected: withPlace(violation),
        received: violation.received,
        rule: ruleOf(violation),
        promised: promises.envelope?.positionOf(violation.schema),
      }))
  },
}

function placeOf({ instance, member }: Violation): string {
  return member === undefined ? instance : `${instance}/${member}`
}
