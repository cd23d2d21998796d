import type { Response } from '../../exchange/index.ts'
import type { Content } from '../pact.ts'
import type { DoorAnswer } from './door.ts'
import type { Hole } from './holes.ts'
import { aliasOf } from './location.ts'
import { wantedValues } from './wanted.ts'

/** Headers of the connection with the target, or of a content coding that is undone by now. */
const ownHeaders =
  /^(connection|content-encoding|content-length|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i

/**
 * Makes of what a target answered what the verifier gets.
 *
 * Secrets are masked already. A value that the pact wants to find again becomes its placeholder, for
 * that is what the verifier knows; every other value stays, so that its form can be matched.
 */
export function toAnswer(
  { status, headers, body }: Response,
  holes: readonly Hole[],
  expected: Content,
): DoorAnswer {
  const names = new Set(wantedValues(expected).map(({ name }) => name))
  const known = holes.filter(({ name }) => names.has(name))
  return {
    status,
    headers: headers
      .filter(([name]) => !ownHeaders.test(name))
      .map(([name, value]) => {
        const written = writable(placeholders(value, known))
        return [aliasOf(name), /^content-type$/i.test(name) ? lowerType(written) : written] as const
      }),
    body:
      known.length === 0
        ? body
        : Buffer.from(placeholders(Buffer.from(body).toString('latin1'), known), 'latin1'),
  }
}

function placeholders(text: string, holes: readonly Hole[]): string {
  return holes.reduce((shown, { value, placeholder }) => {
    if (typeof value !== 'string' || value === '') return shown
    const bytes = Buffer.from(value, 'utf8').toString('latin1')
    return shown.replaceAll(bytes, placeholder)
  }, text)
}

/** A media type is the same in capital letters (RFC 9110, section 8.3.1), which no matcher of a pact knows. */
function lowerType(contentType: string): string {
  return contentType.replace(/^[^;]*/, (type) => type.toLowerCase())
}

/** What a target may send although no server may write it (RFC 9110, section 5.5). */
function writable(value: string): string {
  return value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?')
}
