import { isSafe, pathFromGiven, type Script, type Step } from '../script.ts'
import type { Facts, Law } from './law.ts'
import { absences, ordinary, ownPath, survives, witnessOf } from './parts.ts'

const because = 'the resource belongs to another account'

/** What belongs to another account is neither touched nor revealed: it is answered as if it were not there. */
export const accountsStayApart: Law = {
  id: 'accounts-stay-apart',
  statement: 'a resource of another account is neither touched nor revealed',
  proves:
    'A resource of a second account is asked for with the credential of the first, which must be told what it is told of an id that does not exist, and the other way round; then each owner must still have it.',
  source:
    'the documented 404 (RFC 9110, section 15.5.5; CWE-639); a 403 where the document has one',
  example: { expected: '404, because the resource belongs to another account', received: '200 OK' },
  cure: 'look for the resource among those of the caller. Without a second account, name no `foreign` state.',
  statuses: ['2XX', '404'],
  means: ['foreign'],

  applies: (facts) =>
    ownPath(facts, 'foreign') !== undefined && absences(facts.operation).length > 0,

  scripts: (facts) => [theirs(facts), ...ours(facts)],
}

/** How an operation answers for what the caller does not own. */
function denied({ operation }: Facts): Pick<Step, 'operation' | 'expect' | 'refutes' | 'because'> {
  const { responses } = operation
  const forbids = responses.some(({ status }) => status === '403')
  return {
    operation,
    expect: [...absences(operation), ...(forbids ? ['403'] : [])],
    because,
    refutes: { statuses: ['2XX', ...(forbids ? [] : ['403'])], because },
  }
}

function theirs(facts: Facts): Script {
  const { operation, roles } = facts
  const mapping = roles.foreign?.path ?? {}
  const refusal = denied(facts)
  const owner = roles.foreign?.credential
  const witness = witnessOf(facts)
  const remains: readonly Step[] =
    isSafe(operation.method) || owner === undefined || witness === undefined
      ? []
      : [
          {
            ...survives(facts, 'its owner still has it', {
              because: 'another account asked for it',
            }),
            path: pathFromGiven(witness, 'foreign', mapping),
            use: { kind: 'given', given: 'foreign', value: owner },
          },
        ]
  const names: readonly [string, string] = ['on what does not exist', 'on what is theirs']
  return {
    id: `${operation.id}/accounts-stay-apart/theirs`,
    given: [{ name: 'foreign', role: 'foreign', operation }],
    steps: [
      ordinary(facts),
      {
        ...refusal,
        name: names[1],
        path: pathFromGiven(operation, 'foreign', mapping),
        use: { kind: 'configured' },
      },
      ...remains,
    ],
    ...(refusal.expect.includes('403')
      ? {}
      : {
          claims: [
            { kind: 'same-answer', steps: names, because: 'what does not exist is answered so' },
          ],
        }),
    effect: {
      sound: 'finds nothing; what the state made is removed by its owner',
      broken: 'acts on a resource that the state made',
      touchesOthers: false,
    },
  }
}

/** Only where the state answers the credential of the other account too. */
function ours(facts: Facts): readonly Script[] {
  const { operation, roles } = facts
  const path = ownPath(facts)
  const value = roles.foreign?.credential
  if (path === undefined || value === undefined || isSafe(operation.method)) return []
  return [
    {
      id: `${operation.id}/accounts-stay-apart/ours`,
      given: [
        { name: 'foreign', role: 'foreign', operation },
        { name: 'existing', role: 'existing', operation },
      ],
      steps: [
        ordinary(facts, { kind: 'given', given: 'foreign', value }),
        {
          ...denied(facts),
          name: 'with their credential, on what is ours',
          path,
          use: { kind: 'given', given: 'foreign', value },
        },
        survives(facts, 'the resource survived', { because: 'another account asked for it' }),
      ],
      effect: {
        sound: 'finds nothing, then acts on a resource that Assay made',
        broken: 'acts on a resource that Assay made',
        touchesOthers: false,
      },
    },
  ]
}
