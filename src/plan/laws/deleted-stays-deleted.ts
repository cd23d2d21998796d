import { responseFor } from '../../document/index.ts'
import { pathFromGiven } from '../script.ts'
import type { Law } from './law.ts'

/** What was deleted is gone: deleting it again finds nothing (RFC 9110, section 9.3.5). */
export const deletedStaysDeleted: Law = {
  id: 'deleted-stays-deleted',
  statement: 'what was deleted stays deleted',
  proves: 'A resource of our own is deleted twice; the second time nothing may be found.',
  source: 'the documented 404 of a deleting operation (RFC 9110, section 9.3.5)',
  example: { expected: '404, because it was deleted just before', received: '200 OK' },
  statuses: ['2XX', '404'],

  applies: (operation) =>
    operation.method === 'DELETE' &&
    operation.parameters.some((parameter) => parameter.in === 'path') &&
    documented(operation, '2') &&
    responseFor(operation, 404)?.status.startsWith('4') === true,

  script(operation, roles) {
    const path = pathFromGiven(operation, 'existing', roles.existing?.path ?? {})
    const shared = { operation, path, use: { kind: 'configured' } } as const
    return {
      id: `${operation.id}/deleted-stays-deleted`,
      given: [{ name: 'existing', role: 'existing', operation }],
      steps: [
        { ...shared, name: 'delete it', expect: ['2XX'], because: 'the resource exists' },
        {
          ...shared,
          name: 'delete it again',
          expect: [responseFor(operation, 404)?.status === '404' ? '404' : '4XX'],
          because: 'it was deleted just before',
          refutes: { statuses: ['2XX'], because: 'it was deleted just before' },
        },
      ],
      effect: {
        sound: 'deletes a resource that Assay made',
        broken: 'deletes a resource that Assay made',
        touchesOthers: false,
      },
    }
  },
}

function documented(operation: Parameters<Law['applies']>[0], digit: string): boolean {
  return operation.responses.some(({ status }) => status.startsWith(digit))
}
