import { answerViolations, isBodyless } from '../answer.ts'
import { hasContent, tellViolation } from '../body.ts'
import type { Match } from '../evidence.ts'
import { namesOf } from '../media.ts'
import type { PactComplaint, Rule } from '../rule.ts'

/**
 * The body that is asked for is one that may come.
 *
 * It is the least that a consumer needs, so nothing is missing from it.
 */
export const answerBody: Rule = {
  id: 'pact-answer-body',
  level: 'must',
  proves:
    'the body that a pact asks for may come: every member that it names fits the documented schema',
  source: 'the schema of the documented response (OpenAPI 3.1, section 4.8.24)',
  example: { expected: 'string at /error', received: '404' },

  run(match) {
    const { response } = match.interaction
    if (match.documented === undefined) return []
    if (!hasContent(response)) return withoutBody(match)
    const none = noBody(match)
    if (none !== undefined) return [none]
    return answerViolations(match).map((violation) => tellViolation(response, violation))
  },
}

/** A body where there can be none, or where none is documented. */
function noBody(match: Match): PactComplaint | undefined {
  const { documented, interaction, operation } = match
  const { response } = interaction
  if (response.body.kind !== 'content') return undefined
  const bare = isBodyless(match)
  if (!bare && documented?.content.length !== 0) return undefined
  const reason = operation.method === 'HEAD' ? 'an answer to HEAD' : String(response.status)
  return {
    expected: bare ? `no body, as ${reason} has none` : 'no body, as none is documented',
    received: `${response.body.bytes.length} bytes`,
    promised: documented?.promised ?? operation.pointer,
    at: response.body.pointer,
  }
}

/** Asking for an empty body refuses what is documented; saying nothing of it does not. */
function withoutBody(match: Match): readonly PactComplaint[] {
  const { documented, interaction, promises } = match
  const { body } = interaction.response
  const content = documented?.content ?? []
  if (body.kind !== 'empty' || content.length === 0 || isBodyless(match)) return []
  const mayBeEmpty = content.some(
    ({ schema }) =>
      schema === undefined ||
      [null, ''].some((value) => promises.part.validator(schema)(value).length === 0),
  )
  if (mayBeEmpty) return []
  return [
    {
      expected: `a body of ${namesOf(content)}, or nothing said of it`,
      received: 'an empty one',
      promised: documented?.promised ?? '',
      at: body.pointer,
    },
  ]
}
