import type { Document } from '../../document/index.ts'
import { type Check, type Level, ruleOf, withPlace } from '../evidence.ts'

/**
 * Body and headers have the `format`s that their schemas name.
 *
 * In OpenAPI 3.0 a format is part of the type; in 3.1 it is an annotation unless the dialect asserts it
 * (JSON Schema 2020-12, validation, section 7.2.1).
 */
export const format: Check = {
  id: 'format',
  level: 'should',
  proves: 'texts and numbers have the formats that their schemas name',
  source:
    '`format` in the schema: `must` in OpenAPI 3.0 (section 4.4), `should` in 3.1, where it is an annotation (JSON Schema 2020-12, validation, section 7.2.1)',
  example: {
    expected: 'a value in the format "date-time" at /data/createdAt',
    received: '"yesterday"',
  },
  cure: 'answer in the format that is documented, or take the `format` out of the schema if it was never meant.',

  run({ violations, headers, promises }) {
    const { document } = promises
    const level = levelIn(document)
    return [
      ...violations()
        .filter(({ keyword }) => keyword === 'format')
        .map((each) => ({
          expected: withPlace(each),
          received: each.received,
          rule: ruleOf(each),
          at: each.schema,
        })),
      ...headers()
        .filter(({ keyword }) => keyword === 'format')
        .map(({ header, expected, received, promised }) => ({
          expected,
          received,
          rule: JSON.stringify([header.toLowerCase(), promised]),
          at: promised,
        })),
    ].map(({ at, ...told }) => ({
      ...told,
      promised: document.positionOf(at),
      level,
    }))
  },
}

function levelIn({ root }: Document): Level {
  return String(root.openapi).startsWith('3.0') ? 'must' : 'should'
}
