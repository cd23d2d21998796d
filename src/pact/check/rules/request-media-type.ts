import { hasContent } from '../body.ts'
import { namesOf, undocumented } from '../media.ts'
import { isMeant } from '../refusal.ts'
import type { Rule } from '../rule.ts'

/** The body of the request is in a documented media type; names compare without case and parameters. */
export const requestMediaType: Rule = {
  id: 'pact-request-media-type',
  level: 'must',
  proves: 'the body of a request is in a media type that the operation takes',
  source: 'the request body of the operation (OpenAPI 3.1, section 4.8.13)',
  example: { expected: 'Content-Type: application/json', received: 'Content-Type: text/plain' },

  run({ operation, interaction: { request, response } }) {
    const documented = operation.requestBody?.content ?? []
    if (documented.length === 0 || !hasContent(request)) return []
    if (isMeant('media-type', response.status)) return []
    const other = undocumented(request, documented)
    if (other === undefined) return []
    return [
      {
        expected: `Content-Type: ${namesOf(documented)}`,
        received: `Content-Type: ${other.text}`,
        promised: `${operation.requestBody?.pointer}/content`,
        at: other.at,
      },
    ]
  },
}
