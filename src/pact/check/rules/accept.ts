import { joinPointer } from '../../../document/index.ts'
import { essence } from '../../../verdict/index.ts'
import { isMeant } from '../refusal.ts'
import type { Rule } from '../rule.ts'

/** What the request accepts is among what the answer may be; errors may come in any media type. */
export const accept: Rule = {
  id: 'pact-accept',
  level: 'must',
  proves: 'the header Accept takes a media type that is documented for the answer asked for',
  source: 'RFC 9110, section 12.5.1; the content of the documented response',
  example: { expected: 'Accept to take application/json', received: 'Accept: text/csv' },

  run({ interaction: { request, response }, documented }) {
    const own = request.headers.filter(([name]) => name.toLowerCase() === 'accept')
    const offered = documented?.content.map(({ name }) => essence(name)) ?? []
    if (own.length === 0 || offered.length === 0) return []
    if (response.status >= 300 || isMeant('accept', response.status)) return []
    const ranges = own
      .flatMap(([, value]) => value.split(','))
      .filter(isWanted)
      .map(essence)
    if (ranges.length === 0) return []
    if (offered.some((type) => ranges.some((range) => overlaps(range, type)))) return []
    return [
      {
        expected: `Accept to take ${offered.join(' or ')}`,
        received: `Accept: ${own.map(([, value]) => value).join(', ')}`,
        promised: `${documented?.pointer}/content`,
        at: joinPointer(`${request.pointer}/headers`, own[0]?.[0] ?? 'Accept'),
      },
    ]
  },
}

/** A weight of zero refuses a media type (RFC 9110, section 12.4.2). */
function isWanted(range: string): boolean {
  return range.trim() !== '' && !/;\s*q\s*=\s*0(?:\.0*)?\s*(?:;|$)/i.test(range)
}

/** Either may be a range such as `text/*`. */
function overlaps(first: string, second: string): boolean {
  const [type, subtype] = first.split('/')
  const [otherType, otherSubtype] = second.split('/')
  const same = (a: string | undefined, b: string | undefined) => a === b || a === '*' || b === '*'
  return same(type, otherType) && same(subtype, otherSubtype)
}
