import { isSafe, pathFromGiven } from '../plan/index.ts'
import type { Role } from '../target/index.ts'
import { absentPath, again, type Ground, hasInput, type Provocation } from './ground.ts'

/** A status by name: a valid request in the provider state that the suite names for it. */
export function namedStateScript(ground: Ground, name: string, role: Role): Provocation {
  const { operation, status } = ground
  const path = pathFromGiven(operation, name, role.path ?? {})
  const aimless = Object.values(path).some(({ kind }) => kind === 'absent')
  for (const check of [aimless ? absentPath(ground) : true, hasInput(operation)]) {
    if (check !== true) return check
  }
  return [
    {
      id: `${operation.id}/${status}/state${name === status ? '' : `-${name}`}`,
      given: [{ name, role: name, operation }],
      steps: [
        {
          name: `a request while ${role.state}`,
          operation,
          path,
          use:
            role.credential === undefined
              ? { kind: 'configured' }
              : { kind: 'given', given: name, value: role.credential },
          expect: [name],
          because: role.state,
          raw: true,
          ...(isSafe(operation.method) ? { copies: again } : {}),
        },
      ],
      effect: {
        sound: 'is answered as the state says',
        broken: isSafe(operation.method) ? 'reads' : 'acts, and may leave something behind',
        touchesOthers: false,
      },
    },
  ]
}
