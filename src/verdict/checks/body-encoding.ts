import { findDuplicateKeys } from '../../document/index.ts'
import { type Check, type Evidence, isBodyless, isJson, printable } from '../evidence.ts'
import { steady } from '../fingerprint.ts'

/**
 * The body is complete (RFC 9112, section 8), and one JSON text in UTF-8 without byte order mark (RFC
 * 8259, sections 2 and 8.1).
 *
 * Where the framing is broken there is no telling what the body is, and `protocol` says so. A member
 * that stands twice with different values means different things to different readers
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
  cure: 'send what one JSON encoder wrote, once, with the length that it has and the coding that the request accepts.',

  run(evidence) {
    const { undecodable, flaws = [] } = evidence.response
    const end = flaws.find(({ kind }) => kind === 'cut')
    if (end !== undefined) return [{ expected: 'the whole body', received: end.what, rule: 'cut' }]
    if (undecodable !== undefined && !isBodyless(evidence))
      return [{ expected: 'a body that can be decoded', received: undecodable, rule: 'coding' }]
    if (!promisesJson(evidence)) return []
    const json = evidence.json()
    if (json.kind === 'broken') {
      if (flaws.length > 0) return []
      return [
        {
          expected: 'one complete JSON text',
          received: printable(`${cut(json.text)}: ${json.why}`),
          rule: json.flaw,
        },
      ]
    }
    return findDuplicateKeys(json.text).map(({ pointer, differs }) => ({
      expected: `the member ${pointer} once`,
      received: differs ? 'it twice, with different values' : 'it twice, with the same value',
      rule: `${steady(pointer)} twice${differs ? ', different' : ''}`,
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
