import { headerValues } from '../../exchange/index.ts'
import type { Complaint, Evidence } from '../evidence.ts'
import { isHttpDate } from './dates.ts'

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const quoted = '"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*"'
const mediaType = new RegExp(
  `^${token}/${token}(?:[ \\t]*;[ \\t]*(?:${token}=(?:${token}|${quoted}))?)*$`,
)
const tokens = new RegExp(`^(?:[ \\t]*(?:${token})?[ \\t]*(?:,|$))*$`)

type Grammar = {
  readonly header: string
  readonly form: string
  readonly fits: (value: string) => boolean
}

/** Headers whose grammar is closed: a sender MUST NOT send what does not fit it (RFC 9110, section 2.2). */
const grammars: readonly Grammar[] = [
  {
    header: 'Retry-After',
    form: 'seconds or an HTTP date (RFC 9110, section 10.2.3)',
    fits: (value) => /^\d+$/.test(value) || isHttpDate(value),
  },
  {
    header: 'Allow',
    form: 'a list of methods (RFC 9110, section 10.2.1)',
    fits: (value) => tokens.test(value),
  },
  {
    header: 'Location',
    form: 'a URI reference (RFC 9110, section 10.2.2)',
    fits: (value) => /^[!#-;=?-[\]_a-z~]+$/i.test(value),
  },
  {
    header: 'ETag',
    form: 'an entity tag in quotes (RFC 9110, section 8.8.3)',
    fits: (value) => /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/.test(value),
  },
  { header: 'Age', form: 'seconds (RFC 9111, section 5.1)', fits: (value) => /^\d+$/.test(value) },
  {
    header: 'Content-Range',
    form: 'a range of a unit (RFC 9110, section 14.4)',
    fits: (value) => new RegExp(`^${token} (?:\\d+-\\d+/(?:\\d+|\\*)|\\*/\\d+)$`).test(value),
  },
]

/** The values of headers that everybody reads are written as they read them. */
export function judgeValues({ response, media }: Evidence): readonly Complaint[] {
  const bad = grammars.flatMap(({ header, form, fits }) =>
    headerValues(response, header)
      .filter((value) => !fits(value))
      .map((value) => ({
        expected: `${header} as ${form}`,
        received: `${header}: ${value}`,
        rule: `${header} form`,
      })),
  )
  if (media === undefined) return bad
  const types = headerValues(response, 'content-type').filter((value) => !mediaType.test(value))
  const expected = 'Content-Type as a media type with parameters (RFC 9110, section 8.3.1)'
  const rule = 'Content-Type form'
  return [...bad, ...types.map((value) => ({ expected, received: `Content-Type: ${value}`, rule }))]
}

/** Of which a sender MUST NOT send several lines, as they are no lists (RFC 9110, section 5.3). */
const single = [
  'Date',
  'ETag',
  'Last-Modified',
  'Location',
  'Retry-After',
  'Age',
  'Expires',
  'Content-Range',
  'Content-Type',
]

/** No header that has one value has several; the same value again is read by all alike, hence `should`. */
export function judgeSingles({ response, mediaType: named }: Evidence): readonly Complaint[] {
  return single.flatMap((header): Complaint[] => {
    const values = headerValues(response, header)
    if (values.length < 2 || (header === 'Content-Type' && named === undefined)) return []
    const alike = new Set(values).size === 1
    return [
      {
        expected: `the header ${header} once (RFC 9110, section 5.3)`,
        received: values.map((value) => `${header}: ${value}`).join(' and '),
        rule: `${header} once${alike ? '' : ', different'}`,
        ...(alike ? { level: 'should' } : {}),
      },
    ]
  })
}
