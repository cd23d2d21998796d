import { pathFromGiven } from '../plan/index.ts'
import { type Ground, isSafe, noRole, type Provocation } from './ground.ts'

/** 2XX: a valid request, on a resource arranged for this probe alone (RFC 9110, section 15.3). */
export function validScript({ operation, roles, status }: Ground): Provocation {
  const existing = roles.existing
  const unfilled = operation.parameters.find(
    (parameter) =>
      parameter.required &&
      !(parameter.in === 'path' && Object.hasOwn(existing?.path ?? {}, parameter.name)) &&
      parameter.example === undefined,
  )
  if (existing === undefined && !isSafe(operation.method))
    return { reason: noRole(operation, 'existing') }
  if (unfilled !== undefined) {
    return {
      reason: `nothing says what the ${unfilled.in} parameter "${unfilled.name}" of a valid request is`,
    }
  }
  if (operation.requestBody?.required && operation.requestBody.content[0]?.example === undefined) {
    return { reason: 'the document has no example of the body that a valid request needs' }
  }
  const successes = operation.responses
    .map((response) => response.status)
    .filter((each) => /^2/.test(each))
  return [
    {
      id: `${operation.id}/${status}/valid`,
      given: existing === undefined ? [] : [{ name: 'existing', role: 'existing', operation }],
      steps: [
        {
          name: 'a valid request',
          operation,
          path: pathFromGiven(operation, 'existing', existing?.path ?? {}),
          use: { kind: 'configured' },
          expect: [status, ...successes.filter((each) => each !== status)],
          because: 'the request is valid and what it names exists',
        },
      ],
      effect: {
        sound: isSafe(operation.method) ? 'reads' : 'acts on a resource that Assay made',
        broken: isSafe(operation.method) ? 'reads' : 'acts on a resource that Assay made',
        touchesOthers: false,
      },
    },
  ]
}
