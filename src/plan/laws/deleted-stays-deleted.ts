import type { Operation } from '../../document/index.ts'
import { pathFromGiven, type Step } from '../script.ts'
import type { Facts, Law } from './law.ts'
import { absences, documentsSuccess, idParameter, witnessOf } from './parts.ts'

/** Why nothing is there, in words that follow "because". */
export const deletedBefore = 'it was deleted just before'

/**
 * What was deleted is gone: deleting it again finds nothing, and so does reading it (RFC 9110, section 9.3.5).
 *
 * Where the document lets a deletion succeed whatever is there, only reading can show it.
 */
export const deletedStaysDeleted: Law = {
  id: 'deleted-stays-deleted',
  statement: 'what was deleted stays deleted',
  proves:
    'A resource of our own is deleted, then deleted again and, where the document has a GET on its path, read; nothing may be found.',
  source: 'the documented 404 of a deleting operation (RFC 9110, section 9.3.5)',
  example: { expected: '404, because it was deleted just before', received: '200 OK' },
  cure: 'answer 404 once it is gone; if deleting again is meant to succeed, do not document a 404 for it.',
  statuses: ['2XX', '404'],

  applies: (facts) =>
    facts.operation.method === 'DELETE' &&
    idParameter(facts.operation) !== undefined &&
    documentsSuccess(facts.operation) &&
    witnessOf(facts) !== undefined,

  scripts(facts) {
    const { operation } = facts
    return [
      {
        id: `${operation.id}/deleted-stays-deleted`,
        given: [{ name: 'existing', role: 'existing', operation }],
        steps: [
          {
            ...onIt(operation, facts),
            name: 'delete it',
            expect: ['2XX'],
            because: 'the resource exists',
          },
          ...lookAgain(facts),
        ],
        effect: {
          sound: 'deletes a resource that Assay made',
          broken: 'deletes a resource that Assay made',
          touchesOthers: false,
        },
      },
    ]
  },
}

function lookAgain(facts: Facts): readonly Step[] {
  const { operation, onPath } = facts
  const readers = onPath.filter(({ method }) => method === 'GET')
  const reader = witnessOf({ ...facts, operation: readers[0] ?? operation })
  const looks = [
    { name: 'delete it again', by: operation },
    ...(reader?.method === 'GET' ? [{ name: 'look for it', by: reader }] : []),
  ]
  return looks
    .filter(({ by }) => absences(by).length > 0)
    .map(({ name, by }) => ({
      ...onIt(by, facts),
      name,
      expect: absences(by),
      because: deletedBefore,
      refutes: { statuses: ['2XX'], because: deletedBefore },
      until: { within: 'consistencyWindow', before: ['2XX'] },
    }))
}

function onIt(operation: Operation, { roles }: Facts): Pick<Step, 'operation' | 'path' | 'use'> {
  const path = pathFromGiven(operation, 'existing', roles.existing?.path ?? {})
  return { operation, path, use: { kind: 'configured' } }
}
