import type { Step } from '../script.ts'
import { deletedBefore, deletedStaysDeleted } from './deleted-stays-deleted.ts'
import type { Law } from './law.ts'
import { absences, documentsSuccess, ownPath } from './parts.ts'

const step = 'delete it twice at once'

/** Of two deletions at once, one deletes and the other finds nothing. */
export const oneOfTwoDeletionsWins: Law = {
  id: 'one-of-two-deletions-wins',
  statement: 'of two deletions at once, one deletes and the other finds nothing',
  proves:
    'A resource of our own is deleted twice in a row, another by two requests at once; one must succeed, the other find nothing. Level `should`. Not asked of a target that declares a `consistencyWindow`, where both may.',
  source: 'practice: no answer says that it did what another request did',
  example: { expected: 'one 2XX and one 404', received: '200 and 200' },
  cure: 'delete and look in one statement, and answer by what it deleted.',
  statuses: ['2XX', '404'],

  applies: (facts) =>
    facts.operation.method === 'DELETE' &&
    documentsSuccess(facts.operation) &&
    ownPath(facts) !== undefined &&
    absences(facts.operation).length > 0,

  scripts(facts) {
    const { operation } = facts
    const conflict = operation.responses.some(({ status }) => status === '409') ? ['409'] : []
    const loser = [...absences(operation), ...conflict]
    const onFirst: Pick<Step, 'operation' | 'path' | 'use'> = {
      operation,
      path: ownPath(facts, 'first', 'existing') ?? {},
      use: { kind: 'configured' },
    }
    const because = 'both requests came at once, and only one of them can delete it'
    return [
      {
        id: `${operation.id}/one-of-two-deletions-wins`,
        given: ['first', 'existing'].map((name) => ({ name, role: 'existing', operation })),
        steps: [
          {
            ...onFirst,
            name: 'delete another one',
            expect: ['2XX'],
            because: 'the resource exists',
          },
          {
            ...onFirst,
            name: 'delete that one again',
            expect: absences(operation),
            because: deletedBefore,
            refutes: { statuses: ['2XX'], because: deletedBefore, law: deletedStaysDeleted.id },
            until: { within: 'consistencyWindow', before: ['2XX'] },
          },
          {
            name: step,
            operation,
            path: ownPath(facts) ?? {},
            use: { kind: 'configured' },
            copies: { inTurn: 0, atOnce: 2 },
            expect: ['2XX', ...loser],
            because,
          },
        ],
        claims: [{ kind: 'one-of-each', step, answers: [['2XX'], loser], because }],
        effect: {
          sound: 'deletes a resource that Assay made',
          broken: 'deletes a resource that Assay made',
          touchesOthers: false,
        },
      },
    ]
  },
}
