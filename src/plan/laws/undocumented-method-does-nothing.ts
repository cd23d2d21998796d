import { isSafe, type Script, type Step } from '../script.ts'
import type { Facts, Law } from './law.ts'
import { ownPath, survives, witnessOf } from './parts.ts'

const reading = ['GET', 'HEAD', 'OPTIONS']
const writing = ['PUT', 'POST', 'PATCH', 'DELETE']

/** A method that the document does not have on a path is refused and does nothing (RFC 9110, section 15.5.6). */
export const undocumentedMethodDoesNothing: Law = {
  id: 'undocumented-method-does-nothing',
  statement: 'a method that is not documented does nothing',
  proves:
    'Methods that the document does not have on the path are sent to a resource of our own, which must survive them; off class `disposable` only GET, HEAD and OPTIONS. Another answer than 405 is `should`.',
  source: 'the paths of the document; 405 by RFC 9110, section 15.5.6',
  example: {
    expected: '2XX, because methods that are not documented do nothing',
    received: '404 Not Found',
  },
  cure: 'answer 405 with `Allow` to what is not meant to be there, or document it.',
  statuses: ['2XX', '404'],

  applies: (facts) =>
    speaksForPath(facts) && ownPath(facts) !== undefined && witnessOf(facts) !== undefined,

  scripts(facts) {
    const documented = new Set(facts.onPath.map(({ method }) => method))
    if (documented.has('GET')) documented.add('HEAD')
    return [
      { name: 'reading', methods: reading },
      { name: 'writing', methods: writing },
    ]
      .map(({ name, methods }) => ({
        name,
        methods: methods.filter((each) => !documented.has(each)),
      }))
      .filter(({ methods }) => methods.length > 0)
      .map(({ name, methods }) => script(facts, name, methods))
  },
}

/** One operation is enough to look at a path: the one that deletes, else the first. */
function speaksForPath({ operation, onPath }: Facts): boolean {
  return operation === (onPath.find(({ method }) => method === 'DELETE') ?? onPath[0])
}

function script(facts: Facts, name: string, methods: readonly string[]): Script {
  const { operation } = facts
  return {
    id: `${operation.id}/undocumented-method-does-nothing/${name}`,
    given: [{ name: 'existing', role: 'existing', operation }],
    steps: [
      ...methods.map((method): Step => {
        const because = `the document has no ${method} on this path`
        return {
          name: `${method}, which is not documented`,
          operation,
          method,
          elsewhere: true,
          path: ownPath(facts) ?? {},
          use: { kind: 'configured' },
          expect: ['405'],
          because,
          allows: ['501', ...(method === 'OPTIONS' ? ['2XX'] : [])],
          frownsOn: { statuses: ['2XX', '3XX', '4XX', '5XX'], because },
        }
      }),
      survives(facts, 'the resource survived', {
        because: 'methods that are not documented do nothing',
      }),
    ],
    effect: {
      sound: `is refused${isSafe(operation.method) ? '' : ', then acts on a resource that Assay made'}`,
      broken: 'acts on a resource that Assay made',
      touchesOthers: false,
    },
  }
}
