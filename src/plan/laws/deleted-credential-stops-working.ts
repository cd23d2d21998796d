import { responseFor } from '../../document/index.ts'
import { isProtected, pathFromGiven, pathToNothing, type Script, type Step } from '../script.ts'
import type { Facts, Law } from './law.ts'

const id = 'deleted-credential-stops-working'

/** So many credentials are deleted: how long one goes on working differs from time to time. */
const samples = [1, 2, 3]

/**
 * A credential that was deleted no longer authenticates, at once or within the declared budget.
 *
 * The credential is first shown to work, and another to be refused, so that one which never worked
 * and a region that lets everybody in prove nothing. It is deleted and used again and again on what
 * does not exist, which harms nothing as long as it works, and at last on a resource of our own.
 */
export const deletedCredentialStopsWorking: Law = {
  id,
  statement: 'a deleted credential stops working',
  proves:
    'Credentials of our own are shown to work, deleted, and used again and again on what does not exist, until they are refused three times in a row; then on another resource of our own. Where targets name the same `account`, each deletion is looked at in the next three of them too. How long it took is reported, and judged against the `revocationBudget` of the target where the credential is used; without one it has to stop at once.',
  source: 'the documented 401 of an operation that deletes credentials',
  example: {
    expected: '401, because the credential was deleted 1240 ms before, and 1000 ms are allowed',
    received: '404 Not Found',
  },
  cure: 'look for a cache of credentials, or a replica that learns late. How long a target may take is declared as its `revocationBudget`.',
  statuses: ['2XX', '401', '404'],

  applies: ({ operation, roles }) =>
    operation.method === 'DELETE' &&
    roles.existing?.credential !== undefined &&
    isProtected(operation) &&
    operation.parameters.some((parameter) => parameter.in === 'path') &&
    operation.responses.some(({ status }) => status.startsWith('2')) &&
    [401, 404].every((status) => responseFor(operation, status)?.status === String(status)),

  scripts: (facts) => samples.map((sample) => here(facts, sample)),
  across: (facts) => samples.map((sample) => elsewhere(facts, sample)),
}

function here(facts: Facts, sample: number): Script {
  const { operation } = facts
  const isFirst = sample === 1
  return {
    id: `${operation.id}/${id}${isFirst ? '' : `/${sample}`}`,
    given: [
      { name: 'existing', role: 'existing', operation },
      ...(isFirst ? [{ name: 'witness', role: 'existing', operation }] : []),
    ],
    steps: [
      works(facts),
      refusesOthers(facts),
      deletes(facts),
      stops(facts),
      ...(isFirst ? [stopsOnOurs(facts)] : []),
    ],
    effect: {
      sound: 'deletes a resource that Assay made',
      broken: `deletes ${isFirst ? 'two resources' : 'a resource'} that Assay made`,
      touchesOthers: false,
    },
  }
}

function elsewhere(facts: Facts, sample: number): Script {
  const { operation } = facts
  const premise =
    'a credential that was made there is not let in here: the account is not shared, or a longer consistencyWindow has to be declared'
  return {
    id: `${operation.id}/${id}/elsewhere/${sample}`,
    given: [{ name: 'existing', role: 'existing', operation }],
    steps: [
      { ...refusesOthers(facts), premise: 'this region lets everybody in' },
      { ...works(facts), premise },
      { ...deletes(facts), atOrigin: true },
      stops(facts),
    ],
    effect: {
      sound: 'deletes a resource that Assay made, in another region',
      broken: 'deletes a resource that Assay made, in another region',
      touchesOthers: false,
    },
  }
}

function works(facts: Facts): Step {
  return {
    ...onNothing(facts),
    name: 'show that the credential works',
    use: keyOf(facts),
    expect: ['404'],
    because: 'the credential is valid and the id names nothing',
  }
}

function refusesOthers(facts: Facts): Step {
  return {
    ...onNothing(facts),
    name: 'show that another is refused',
    use: { kind: 'altered', alteration: 'unknown' },
    expect: ['401'],
    because: 'the credential was never given to anybody',
  }
}

function deletes(facts: Facts): Step {
  return {
    ...onOurs(facts, 'existing'),
    name: 'delete the credential',
    use: { kind: 'configured' },
    expect: ['2XX'],
    because: 'the resource exists',
  }
}

function stops(facts: Facts): Step {
  const because = 'the credential was deleted just before'
  return {
    ...onNothing(facts),
    name: 'use the deleted credential',
    use: keyOf(facts),
    expect: ['401'],
    because,
    refutes: { statuses: ['2XX', '404', '410'], because },
    until: {
      within: 'revocationBudget',
      before: ['404', '410'],
      what: 'the credential was deleted',
    },
  }
}

function stopsOnOurs(facts: Facts): Step {
  const because = 'the credential was deleted, and refused before'
  return {
    ...onOurs(facts, 'witness'),
    name: 'use the deleted credential on a resource of our own',
    use: keyOf(facts),
    expect: ['401'],
    because,
    refutes: { statuses: ['2XX'], because },
  }
}

function onNothing({ operation }: Facts): Pick<Step, 'operation' | 'path'> {
  return { operation, path: pathToNothing(operation) }
}

function onOurs({ operation, roles }: Facts, given: string): Pick<Step, 'operation' | 'path'> {
  return { operation, path: pathFromGiven(operation, given, roles.existing?.path ?? {}) }
}

function keyOf({ roles }: Facts): Step['use'] {
  return { kind: 'given', given: 'existing', value: roles.existing?.credential ?? '' }
}
