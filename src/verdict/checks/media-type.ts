import { headerValues } from '../../exchange/index.ts'
import { type Check, isBodyless } from '../evidence.ts'
import { essence } from '../media-type.ts'

/**
 * The response names a documented media type.
 *
 * Names compare without case and without parameters such as `charset` (RFC 9110, section 8.3.1).
 */
export const mediaType: Check = {
  id: 'media-type',
  level: 'must',
  proves: 'the answer names a media type that is documented for its status',
  source: 'the content of the documented response (OpenAPI 3.1, section 4.8.17)',
  example: { expected: 'Content-Type: application/json', received: 'Content-Type: text/html' },
  cure: 'name the media type that is documented, or document the one that is sent. Parameters and case never matter.',

  run(evidence) {
    const { documented, response, media } = evidence
    if (documented === undefined || isBodyless(evidence) || media !== undefined) return []
    const values = headerValues(response, 'content-type')
    const empty = response.body.length === 0
    if (documented.content.length === 0) {
      if (empty) return []
      return [
        {
          expected: 'no content, as none is documented',
          received: `${response.body.length} bytes, ${named(values)}`,
          rule: 'content',
          level: 'should',
        },
      ]
    }
    if (empty && values.length === 0) return []
    const expected = documented.content.map(({ name }) => name).join(' or ')
    const rule = [...new Set(values.map(essence))].sort().join(' and ')
    return [{ expected: `Content-Type: ${expected}`, received: named(values), rule }]
  },
}

function named(values: readonly string[]): string {
  if (values.length === 0) return 'no Content-Type'
  return values.map((value) => `Content-Type: ${value}`).join(' and ')
}
