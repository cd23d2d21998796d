import { isSafe, pathFromGiven } from '../plan/index.ts'
import { again, type Ground, hasInput, namesSomething, noRole, type Provocation } from './ground.ts'

/** 2XX: a valid request, on a resource arranged for this probe alone (RFC 9110, section 15.3). */
export function validScript({ operation, roles, status }: Ground): Provocation {
  const existing = roles.existing
  const safe = isSafe(operation.method)
  if (existing === undefined && !safe) return noRole('existing')
  const path = pathFromGiven(operation, 'existing', existing?.path ?? {})
  for (const check of [namesSomething(path), hasInput(operation)]) {
    if (check !== true) return check
  }
  const others = operation.responses
    .map((response) => response.status)
    .filter((each) => /^2/.test(each) && each !== status)
  const effect = safe ? 'reads' : 'acts on a resource that Assay made'
  return [
    {
      id: `${operation.id}/${status}/valid`,
      given: existing === undefined ? [] : [{ name: 'existing', role: 'existing', operation }],
      steps: [
        {
          name: 'a valid request',
          operation,
          path,
          use: { kind: 'configured' },
          expect: status === 'default' ? ['2XX'] : [status, ...others],
          because: 'the request is valid and what it names exists',
          raw: true,
          ...(safe ? { copies: again } : {}),
        },
      ],
      effect: { sound: effect, broken: effect, touchesOthers: false },
    },
  ]
}
