import { namesOf, undocumented } from '../media.ts'
import type { Rule } from '../rule.ts'

/** The answer is asked for in a documented media type; names compare without case and parameters. */
export const answerMediaType: Rule = {
  id: 'pact-answer-media-type',
  level: 'must',
  proves: 'an answer is asked for in a media type that is documented for its status',
  source: 'the content of the documented response (OpenAPI 3.1, section 4.8.17)',
  example: {
    expected: 'Content-Type: application/problem+json',
    received: 'Content-Type: application/json',
  },

  run({ documented, interaction: { response } }) {
    if (documented === undefined || documented.content.length === 0) return []
    const other = undocumented(response, documented.content)
    if (other === undefined) return []
    return [
      {
        expected: `Content-Type: ${namesOf(documented.content)}`,
        received: `Content-Type: ${other.text}`,
        promised: `${documented.pointer}/content`,
        at: other.at,
      },
    ]
  },
}
