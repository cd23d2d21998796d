import { findDuplicateKeys } from '../../document/index.ts'
import { type Check, type Evidence, isBodyless, isJson } from '../evidence.ts'

/**
 * The body is one complete JSON text in UTF-8 without byte order mark (RFC 8259, sections 2 and 8.1).
 *
 * A member that stands twice with different values means different things to different readers
 * (RFC 8259, section 4).
 */
export const bodyEncoding: Check = {
  id: 'body-encoding',
  level: 'must',
  proves: 'the body is one complete JSON text in UTF-8, under the content coding it names',
  source: 'RFC 8259; RFC 9110, section 8.4 for content codings',
  example: {
    expected: 'one complete JSON text',
    received: '{"success":false,"err: Unterminated string in JSON at position 20',
  },

  run(evidence) {
    const { undecodable } = evidence.response
    if (undecodable !== undefined && !isBodyless(evidence))
      return [{ expected: 'a body that can be decoded', received: undecodable }]
    if (!promisesJson(evidence)) return []
    const json = evidence.json()
    if (json.kind === 'broken') {
      return [
        {
          expected: 'one complete JSON text',
          received: printable(`${cut(json.text)}: ${json.why}`),
        },
      ]
    }
    return findDuplicateKeys(json.text).map(({ pointer, differs }) => ({
      expected: `the member ${pointer} once`,
      received: differs ? 'it twice, with different values' : 'it twice, with the same value',
      level: differs ? 'must' : 'should',
    }))
  },
}

/** An empty body without a media type is a missing JSON text where nothing but JSON is documented. */
function promisesJson(evidence: Evidence): boolean {
  const { documented, response, media, mediaType } = evidence
  if (documented === undefined || documented.content.length === 0 || isBodyless(evidence))
    return false
  if (media !== undefined) return isJson(mediaType)
  return (
    response.body.length === 0 &&
    mediaType === undefined &&
    documented.content.every(({ name }) => isJson(name))
  )
}

function cut(text: string): string {
  if (text === '') return 'a body'
  return text.length <= 120 ? text : `${text.slice(0, 120)}… (${text.length} characters)`
}

/** Control characters as JSON writes them, so that none reaches a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\0-\x1f\x7f-\x9f]/g, (character) =>
    character < ' '
      ? JSON.stringify(character).slice(1, -1)
      : `\\u00${character.charCodeAt(0).toString(16)}`,
  )
}
