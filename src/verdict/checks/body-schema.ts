import { cut, type Violation } from '../../schema/index.ts'
import type { Check } from '../evidence.ts'

/**
 * The body conforms to the schema of the status that came (OpenAPI 3.1, section 4.8.24).
 *
 * `format` is an annotation in JSON Schema 2020-12 unless the dialect asserts it, hence `should`.
 */
export const bodySchema: Check = {
  id: 'body-schema',
  level: 'must',
  proves: 'the body conforms to the schema that is documented for the status that came',
  source: 'the schema of the documented response (OpenAPI 3.1, section 4.8.24)',
  example: {
    expected: 'property "error" (string, required)',
    received: '{"success":false,"message":"no such token"}',
  },

  run({ violations, promises }) {
    return violations().map((violation) => ({
      expected: withPlace(violation),
      received: violation.received,
      promised: promises.document.positionOf(violation.schema),
      ...(violation.keyword === 'format' ? { level: 'should' as const } : {}),
    }))
  },
}

export function withPlace({ expected, instance }: Violation): string {
  return instance === '' ? expected : `${expected} at ${cut(instance)}`
}
