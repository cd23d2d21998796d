import {
  type CredentialUse,
  isProtected,
  pathToNothing,
  type Script,
  type Step,
} from '../script.ts'
import type { Facts, Law } from './law.ts'
import { absences, idParameter, refusals } from './parts.ts'

/** Where a key may be shown that the document does not ask for there. */
const elsewhere = [
  'in-authorization',
  'in-x-api-key',
  'in-x-api-key-as-written',
  'in-x-auth-token',
  'in-cookie',
]
const inQuery = ['in-query-key', 'in-query-api_key', 'in-query-access_token', 'in-query-as-written']
/** Who lets these in is found at 401, and shows nothing of what is tried after them. */
const refusedAnyway = ['none', 'unknown', 'wrong-prefix']
const otherCases = ['prefix-in-other-case', 'key-in-other-case']

/** A key counts only where and as the document asks for it. */
export const credentialFormIsEnforced: Law = {
  id: 'credential-form-is-enforced',
  statement: 'a key counts only where and as the document asks for it',
  proves:
    'A key of our own is shown to work, then tried in other headers, in a cookie, in the query (class `disposable` only) and in other letters; the last is `should`. Prefix and scheme are probes of 401.',
  source:
    'the security scheme of the operation (OpenAPI 3.1, section 4.8.27; CWE-598 for the query)',
  example: {
    expected: '401, because the key stands in the header X-API-Key',
    received: '404 Not Found',
  },
  cure: 'read the credential in one place, or document the other places as alternatives under `security`.',
  statuses: ['401', '404'],

  applies: ({ operation, roles }) =>
    isProtected(operation) &&
    idParameter(operation) !== undefined &&
    roles.existing?.credential !== undefined &&
    refusals(operation, 401).length > 0 &&
    absences(operation).length > 0,

  scripts: (facts) => [
    tries(facts, 'elsewhere', elsewhere),
    tries(facts, 'in-query', inQuery),
    tries(facts, 'other-case', otherCases, 'should'),
  ],
}

function tries(
  { operation, roles }: Facts,
  name: string,
  alterations: readonly string[],
  level: 'must' | 'should' = 'must',
): Script {
  const of = { given: 'existing', value: roles.existing?.credential ?? '' }
  const path = pathToNothing(operation)
  const ask = (use: CredentialUse) => ({ operation, path, use })
  return {
    id: `${operation.id}/credential-form-is-enforced/${name}`,
    given: [{ name: 'existing', role: 'existing', operation }],
    steps: [
      {
        ...ask({ kind: 'given', ...of }),
        name: 'show that the key works',
        expect: absences(operation),
        because: 'the key is shown as the document asks, and the id names nothing',
      },
      ...refusedAnyway.map(
        (alteration): Step => ({
          ...ask({ kind: 'altered', alteration, ...(alteration === 'wrong-prefix' ? { of } : {}) }),
          name: `show that it is refused: ${alteration}`,
          expect: refusals(operation, 401),
          because: 'the credential is none that was given to anybody',
        }),
      ),
      ...alterations.map((alteration): Step => {
        const because = `the key is shown otherwise than documented (${alteration})`
        const letIn = { statuses: ['2XX', '404', '410'], because }
        return {
          ...ask({ kind: 'altered', alteration, of }),
          name: alteration,
          expect: refusals(operation, 401),
          because,
          ...(level === 'should' ? { frownsOn: letIn } : { refutes: letIn }),
        }
      }),
    ],
    effect: { sound: 'is refused', broken: 'acts on nothing', touchesOthers: false },
  }
}
