import { findWriteOnly } from '../../schema/index.ts'
import {
  type Check,
  type Complaint,
  type Evidence,
  isJson,
  ruleOf,
  withPlace,
} from '../evidence.ts'

/**
 * The body conforms to the schema of the status that came (OpenAPI 3.1, section 4.8.24).
 *
 * What is `writeOnly` should not come back (JSON Schema 2020-12, validation, section 9.4).
 */
export const bodySchema: Check = {
  id: 'body-schema',
  level: 'must',
  proves: 'the body conforms to the schema that is documented for the status that came',
  source:
    'the schema of the documented response (OpenAPI 3.1, section 4.8.24); `should` for a value that is `writeOnly`',
  example: {
    expected: 'property "error" (string, required)',
    received: '{"success":false,"message":"no such token"}',
  },
  cure: 'answer as documented, or correct the schema in the document; what may be added later is no violation unless it is forbidden.',

  run(evidence) {
    const { violations, promises } = evidence
    const broken = violations().filter(({ keyword }) => keyword !== 'format')
    return [
      ...broken.map((violation) => ({
        expected: withPlace(violation),
        received: violation.received,
        rule: ruleOf(violation),
        promised: promises.document.positionOf(violation.schema),
      })),
      ...sentBack(evidence),
    ]
  },
}

function sentBack({ json, media, mediaType, promises }: Evidence): readonly Complaint[] {
  const body = json()
  if (media?.schema === undefined || !isJson(mediaType) || body.kind !== 'json') return []
  return findWriteOnly(promises.document, media.schema, body.value).map(({ instance, schema }) => ({
    expected: `no value at ${instance}, which is writeOnly`,
    received: 'one',
    rule: `writeOnly ${schema}`,
    promised: promises.document.positionOf(schema),
    level: 'should',
  }))
}
