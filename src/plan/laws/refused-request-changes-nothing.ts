import { isProtected, isSafe, type Step } from '../script.ts'
import type { Facts, Law } from './law.ts'
import { absences, documentsSuccess, ownPath, refusals } from './parts.ts'

const looks = ['as it was', 'as it still was', 'as it is then'] as const

/**
 * A request that is refused changes nothing: what it names reads as before.
 *
 * Whether a refused deletion deletes is seen by the probes of 401, whose resource must survive.
 */
export const refusedRequestChangesNothing: Law = {
  id: 'refused-request-changes-nothing',
  statement: 'a request that is refused changes nothing',
  proves:
    'A resource of our own is read twice, then changed without credential and with an unknown one, and read again: it must read as before. One that differs by itself shows nothing. Whether it is still there after a refused deletion is filed at 401.',
  source: 'the documented 401 (RFC 9110, section 15.5.2: the request has not been applied)',
  example: { expected: 'the same content as before', received: 'other content' },
  cure: 'look at the credential before the request is carried out.',
  statuses: ['2XX', '401'],

  applies: (facts) =>
    !isSafe(facts.operation.method) &&
    facts.operation.method !== 'DELETE' &&
    isProtected(facts.operation) &&
    refusals(facts.operation, 401).length > 0 &&
    ownPath(facts) !== undefined &&
    readerOf(facts) !== undefined,

  scripts(facts) {
    const { operation } = facts
    const path = ownPath(facts) ?? {}
    const [was, stillWas, then] = looks.map(
      (name): Step => ({
        name,
        operation: readerOf(facts) ?? operation,
        path,
        use: { kind: 'configured' },
        expect: ['2XX'],
        because: 'the resource exists',
      }),
    )
    const because = 'the requests before it were refused'
    return [
      {
        id: `${operation.id}/refused-request-changes-nothing`,
        given: [{ name: 'existing', role: 'existing', operation }],
        steps: [
          ...[was, stillWas].filter((step) => step !== undefined),
          ...['none', 'unknown'].map(
            (alteration): Step => ({
              name: `refused: ${alteration}`,
              operation,
              path,
              use: { kind: 'altered', alteration },
              expect: refusals(operation, 401),
              because: 'the credential is refused',
            }),
          ),
          ...(then === undefined ? [] : [then]),
        ],
        claims: [{ kind: 'same-content', steps: looks, because }],
        effect: {
          sound: 'is refused',
          broken: 'changes a resource that Assay made',
          touchesOthers: false,
        },
      },
    ]
  },
}

function readerOf({ onPath }: Facts) {
  return onPath.find(
    (each) =>
      each.method === 'GET' &&
      documentsSuccess(each) &&
      absences(each).length > 0 &&
      each.parameters.every(({ in: place, required }) => place === 'path' || !required),
  )
}
