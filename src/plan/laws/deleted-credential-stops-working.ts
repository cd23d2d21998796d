import { responseFor } from '../../document/index.ts'
import { isProtected, pathFromGiven, pathToNothing } from '../script.ts'
import type { Law } from './law.ts'

/**
 * A credential that was deleted no longer authenticates.
 *
 * The credential is first shown to work, so that one which never worked proves nothing; then it is
 * deleted and tried on another resource of our own.
 */
export const deletedCredentialStopsWorking: Law = {
  id: 'deleted-credential-stops-working',
  statement: 'a deleted credential stops working',
  proves:
    'A credential of our own is shown to work, deleted, and tried on another resource of our own.',
  source: 'the documented 401 of an operation that deletes credentials',
  example: {
    expected: '401, because the credential was deleted just before',
    received: '200 OK',
  },
  cure: 'look for a cache of credentials, or a replica that learns late. A target that takes its time says so under `cannot`, with a date.',
  statuses: ['2XX', '401', '404'],

  applies: ({ operation, roles }) =>
    operation.method === 'DELETE' &&
    roles.existing?.credential !== undefined &&
    isProtected(operation) &&
    operation.parameters.some((parameter) => parameter.in === 'path') &&
    operation.responses.some(({ status }) => status.startsWith('2')) &&
    [401, 404].every((status) => responseFor(operation, status)?.status === String(status)),

  scripts({ operation, roles }) {
    const existing = roles.existing
    const key = { kind: 'given', given: 'existing', value: existing?.credential ?? '' } as const
    const pathTo = (given: string) => pathFromGiven(operation, given, existing?.path ?? {})
    return [
      {
        id: `${operation.id}/deleted-credential-stops-working`,
        given: [
          { name: 'existing', role: 'existing', operation },
          { name: 'witness', role: 'existing', operation },
        ],
        steps: [
          {
            name: 'show that the credential works',
            operation,
            path: pathToNothing(operation),
            use: key,
            expect: ['404'],
            because: 'the credential is valid and the id names nothing',
          },
          {
            name: 'delete the credential',
            operation,
            path: pathTo('existing'),
            use: { kind: 'configured' },
            expect: ['2XX'],
            because: 'the resource exists',
          },
          {
            name: 'use the deleted credential',
            operation,
            path: pathTo('witness'),
            use: key,
            expect: ['401'],
            because: 'the credential was deleted just before',
            refutes: { statuses: ['2XX'], because: 'the credential was deleted just before' },
          },
        ],
        effect: {
          sound: 'deletes a resource that Assay made',
          broken: 'deletes two resources that Assay made',
          touchesOthers: false,
        },
      },
    ]
  },
}
