import type { Received } from './receive.ts'

/** How long an answer asks to wait (milliseconds): `none` when it does not say, `unreadable` when not in a form of HTTP. */
export type RetryAfter = number | 'none' | 'unreadable'

const time = '\\d\\d:\\d\\d:\\d\\d'

/** The three forms of a date that a recipient has to accept (RFC 9110, section 5.6.7). */
const dates = [
  new RegExp(`^[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} ${time} GMT$`),
  new RegExp(`^[A-Z][a-z]{5,8}, \\d\\d-[A-Z][a-z]{2}-\\d\\d ${time} GMT$`),
  new RegExp(`^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d ${time} \\d{4}$`),
]

/**
 * Reads `Retry-After`: whole seconds, or an HTTP date (RFC 9110, section 10.2.3).
 *
 * A date counts from the `Date` of the same answer, so that two clocks need not agree. Of several
 * values the longest holds.
 */
export function readRetryAfter(headers: Received['headers'], now = Date.now()): RetryAfter {
  const valuesOf = (wanted: string) =>
    headers.flatMap(([name, value]) => (name.toLowerCase() === wanted ? [value.trim()] : []))
  const [sent = ''] = valuesOf('date')
  const from = readDate(sent) ?? now
  const waits = valuesOf('retry-after').map((text) => {
    if (/^\d+$/.test(text)) return Number(text) * 1000
    const date = readDate(text)
    return date === undefined ? Number.NaN : Math.max(0, date - from)
  })
  if (waits.length === 0) return 'none'
  const longest = Math.max(...waits)
  return Number.isNaN(longest) ? 'unreadable' : longest
}

function readDate(text: string): number | undefined {
  if (!dates.some((form) => form.test(text))) return undefined
  const ms = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(ms) ? undefined : ms
}
