import { envelopeViolations, promisedAnswer } from '../answer.ts'
import { tellViolation } from '../body.ts'
import type { Rule } from '../rule.ts'

/** The body that is asked for keeps the envelope that the prose of the document promises for its status. */
export const envelope: Rule = {
  id: 'pact-envelope',
  level: 'must',
  proves: 'the body that a pact asks for keeps what the prose of the document promises',
  source: 'the prose of the document, as the envelope file states it',
  example: { expected: 'false at /success', received: 'true' },

  run(match) {
    const answer = promisedAnswer(match)
    if (answer === undefined) return []
    return envelopeViolations(match).map((violation) => ({
      ...tellViolation(answer, violation),
      promised: match.promises.envelope?.positionOf(violation.schema) ?? '',
    }))
  },
}
