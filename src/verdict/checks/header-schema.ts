import { type Check, printable } from '../evidence.ts'

/** The documented response headers are there, with values that conform to their schemas. */
export const headerSchema: Check = {
  id: 'header-schema',
  level: 'must',
  proves: 'documented headers are there where they are required, and conform to their schemas',
  source: 'the headers of the documented response (OpenAPI 3.1, section 4.8.21; style `simple`)',
  example: { expected: 'the header X-RateLimit-Remaining: integer', received: 'many' },
  cure: 'send the header as documented, or take `required` or the schema out of the document.',

  run({ headers, promises }) {
    return headers()
      .filter(({ keyword }) => keyword !== 'format')
      .map(({ header, keyword, expected, received, promised }) => ({
        expected,
        rule: JSON.stringify([header.toLowerCase(), promised, keyword]),
        received: printable(received.slice(0, 160)),
        promised: promises.document.positionOf(promised),
      }))
  },
}
