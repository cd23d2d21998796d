import type { DocumentedResponse } from '../../document/index.ts'
import type { Response } from '../../exchange/index.ts'

/** How much of a header is compared: that it is there, or what of its value is no id, date or number. */
type Reading = (value: string) => string

const there: Reading = () => 'there'

/** Names in a list, whatever their order, case and parameters. */
const names: Reading = (value) =>
  [
    ...new Set(
      value
        .split(',')
        .map((part) => part.trim().toLowerCase())
        .filter((part) => part !== ''),
    ),
  ]
    .sort()
    .join(', ')

/** Directives such as `max-age=60`, a number as `n`. */
const directives: Reading = (value) => names(value.replaceAll(/=\s*"?\d+"?/g, '=n'))

/**
 * Headers by which a client acts, beside those that the document describes; in lower case.
 *
 * Left out: codings and framing, which clients undo unseen; what proxies say of themselves; texts.
 */
const known: Readonly<Record<string, Reading>> = {
  // How to authenticate (RFC 9110, section 11.6.1): the schemes, not their realms; of a 401 alone.
  'www-authenticate': schemes,
  // Which methods there are (RFC 9110, section 10.2.1).
  allow: names,
  // Where to go on, and when (RFC 9110, sections 10.2.2 and 10.2.3).
  location: there,
  'retry-after': there,
  // What may be kept, and how it is asked for again (RFC 9111, section 5.2; RFC 9110, section 8.8).
  'cache-control': directives,
  etag: there,
  'last-modified': there,
  // In which language texts are (RFC 9110, section 8.5).
  'content-language': names,
  // Whether browsers may ask (Fetch standard, section 3.2) and only over TLS (RFC 6797).
  'access-control-allow-origin': there,
  'access-control-allow-credentials': there,
  'access-control-expose-headers': there,
  'strict-transport-security': there,
  // Whether it goes away (RFC 9745, RFC 8594).
  deprecation: there,
  sunset: there,
}

/** Schemes of challenges: the words that parameters follow, or that stand alone. */
function schemes(value: string): string {
  const plain = value.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
  return names(
    plain
      .split(',')
      .map((part) => /^\s*([!#$%&'*+.^_`|~\w-]+)(?!\s*=)(?:\s|$)/.exec(part)?.[1] ?? '')
      .join(','),
  )
}

/**
 * Draws the headers that matter: name in lower case → what of it is compared.
 *
 * `unsaid` stands where an answer cannot show it: HSTS means nothing without TLS (RFC 6797, section 7.2).
 */
export function drawHeaders(
  response: Response,
  documented: DocumentedResponse,
  isSecure: boolean,
): Readonly<Record<string, string>> {
  const readings = readingsFor(documented)
  const found = new Map<string, string>()
  for (const [name, value] of response.headers) {
    const key = name.toLowerCase()
    if (!readings.has(key) || (key === 'www-authenticate' && response.status !== 401)) continue
    const before = found.get(key)
    found.set(key, before === undefined ? value : `${before}, ${value}`)
  }
  const drawn = [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, readings.get(name)?.(value).slice(0, 120)])
  return {
    ...Object.fromEntries(drawn),
    ...(isSecure ? {} : { 'strict-transport-security': 'unsaid' }),
  }
}

const readings = new WeakMap<DocumentedResponse, ReadonlyMap<string, Reading>>()

/** How each header of a documented response is read. */
function readingsFor(documented: DocumentedResponse): ReadonlyMap<string, Reading> {
  const before = readings.get(documented)
  if (before !== undefined) return before
  const own = new Map<string, Reading>([
    ...documented.headers.map(({ name }) => [name.toLowerCase(), there] as const),
    ...Object.entries(known),
  ])
  readings.set(documented, own)
  return own
}
