import { pathFromGiven, type Script, type Step } from '../script.ts'
import type { Facts, Law } from './law.ts'
import {
  absences,
  documentsSuccess,
  idParameter,
  ordinary,
  ownPath,
  survives,
  withId,
  witnessOf,
} from './parts.ts'

/** Ways to write an id that is another one and looks like it, or that a careless reader takes for it. */
const lookAlikes = ['other-case', 'space-before', 'space-after', 'cut', 'longer', 'zero-before']
const wildLookAlikes = ['encoded-twice', 'nul-after', 'star', 'percent', 'underscore', 'decimal']

/** A deletion deletes the resource that the path names, exactly that, and nothing else (RFC 9110, section 9.3.5). */
export const onlyTheNamedIsDeleted: Law = {
  id: 'only-the-named-is-deleted',
  statement: 'a deletion deletes what it names and nothing else',
  proves:
    'Two more resources of our own, made before and after the one that is deleted, must still be there; ids that look like that of a resource of our own must not delete it.',
  source: 'the path of the operation, which names one resource (RFC 9110, section 9.3.5)',
  example: {
    expected: '2XX, because only the resource beside it was deleted',
    received: '404 Not Found',
  },
  cure: 'compare whole ids, byte for byte, after decoding once. Ids that have several spellings are declared under `cannot`.',
  statuses: ['2XX', '404'],

  applies: (facts) =>
    facts.operation.method === 'DELETE' &&
    documentsSuccess(facts.operation) &&
    ownPath(facts) !== undefined &&
    witnessOf(facts) !== undefined,

  scripts: (facts) => [
    neighbours(facts),
    resembling(facts, 'look-alikes', lookAlikes),
    resembling(facts, 'wild-look-alikes', wildLookAlikes),
  ],
}

function neighbours(facts: Facts): Script {
  const { operation, roles } = facts
  const because = 'only the resource beside it was deleted'
  return {
    id: `${operation.id}/only-the-named-is-deleted/neighbours`,
    given: ['before', 'existing', 'after'].map((name) => ({ name, role: 'existing', operation })),
    steps: [
      {
        name: 'delete the one in the middle',
        operation,
        path: pathFromGiven(operation, 'existing', roles.existing?.path ?? {}),
        use: { kind: 'configured' },
        expect: ['2XX'],
        because: 'the resource exists',
      },
      survives(facts, 'the one made before is still there', { given: 'before', because }),
      survives(facts, 'the one made after is still there', { given: 'after', because }),
    ],
    effect: {
      sound: 'deletes resources that Assay made',
      broken: 'deletes something else than it should',
      touchesOthers: false,
    },
  }
}

function resembling(facts: Facts, name: string, likenesses: readonly string[]): Script {
  const { operation, roles } = facts
  const value = roles.existing?.path?.[idParameter(operation) ?? ''] ?? ''
  const path = ownPath(facts) ?? {}
  const found = absences(operation)
  return {
    id: `${operation.id}/only-the-named-is-deleted/${name}`,
    given: [{ name: 'existing', role: 'existing', operation }],
    steps: [
      ordinary(facts),
      ...likenesses.map((likeness): Step => {
        const because = `its id only looks like that of a resource (${likeness})`
        return {
          name: `on an id that looks like it: ${likeness}`,
          operation,
          path: withId(facts, path, {
            kind: 'like',
            given: 'existing',
            value,
            likeness,
          }),
          use: { kind: 'configured' },
          because,
          ...(found.length > 0
            ? { expect: found, refutes: { statuses: ['2XX'], because } }
            : { expect: ['2XX'] }),
          allows: ['3XX', '4XX', '5XX'],
        }
      }),
      survives(facts, 'the resource survived', {
        because: 'only ids that look like its were named',
      }),
    ],
    effect: {
      sound: 'finds nothing, then deletes a resource that Assay made',
      broken: 'deletes a resource that Assay made',
      touchesOthers: false,
    },
  }
}
