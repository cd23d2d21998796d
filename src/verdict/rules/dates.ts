import { headerValues } from '../../exchange/index.ts'
import type { Complaint, Evidence } from '../evidence.ts'

/**
 * `Date` is there, and dates are written as HTTP writes them.
 *
 * An origin server with a clock MUST send `Date` with 2XX, 3XX and 4XX (RFC 9110, section 6.6.1); one
 * without must not. Nobody outside knows whether it has a clock, so its absence is `should`.
 */
export function judgeDates({ response }: Evidence): readonly Complaint[] {
  const { status } = response
  const absent =
    status >= 200 && status < 500 && headerValues(response, 'date').length === 0
      ? [
          {
            expected: 'the header Date',
            received: 'none',
            rule: 'Date absent',
            level: 'should' as const,
          },
        ]
      : []
  const malformed = ['Date', 'Last-Modified'].flatMap((name) =>
    headerValues(response, name)
      .filter((value) => !isHttpDate(value))
      .map((value) => ({
        expected: `${name} as an HTTP date`,
        received: `${name}: ${value}`,
        rule: `${name} form`,
      })),
  )
  return [...absent, ...malformed]
}

/** A sender MUST write IMF-fixdate (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`. */
export function isHttpDate(text: string): boolean {
  const known = text.endsWith(':60 GMT') ? text.replace(':60 GMT', ':59 GMT') : text
  const date = new Date(known)
  return !Number.isNaN(date.getTime()) && date.toUTCString() === known
}
