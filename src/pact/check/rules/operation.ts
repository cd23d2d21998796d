import { nearest } from '../../../document/index.ts'
import type { Interaction } from '../../pact.ts'
import type { Evidence } from '../evidence.ts'
import type { PactPromises } from '../promises.ts'
import type { PactComplaint, RuleFacts } from '../rule.ts'

/** The interaction asks for an operation that the document describes. */
export const operation: RuleFacts & {
  run(
    interaction: Interaction,
    evidence: Evidence & { readonly kind: 'miss' },
    promises: PactPromises,
  ): readonly PactComplaint[]
} = {
  id: 'pact-operation',
  level: 'must',
  proves: 'the path and the method of a request are those of an operation in the document',
  source: 'the paths of the document (OpenAPI 3.1, section 4.8.8)',
  example: {
    expected: 'a path of the document; the nearest is /api/tokens/{id}',
    received: 'DELETE /api/token/1',
  },

  run({ request }, { found }, { document }) {
    const { method, path, pointer } = request
    const received = `${method} ${path}`
    if (found.kind === 'no-method') {
      const methods = found.operations.map((each) => each.method)
      const [first] = found.operations
      return [
        {
          expected: `${methods.join(' or ')} for ${first?.path}`,
          received,
          promised: first?.pointer.replace(/\/[^/]*$/, '') ?? '/paths',
          at: `${pointer}/method`,
        },
      ]
    }
    const near = nearest(path, [...new Set(document.operations.map((each) => each.path))])
    const hint = near === undefined ? '' : `; the nearest is ${near}`
    return [
      {
        expected: `a path of the document${hint}`,
        received,
        promised: '/paths',
        at: `${pointer}/path`,
      },
    ]
  },
}
