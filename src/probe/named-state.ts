import { pathFromGiven, type Script } from '../plan/index.ts'
import type { Role } from '../target/index.ts'
import type { Ground } from './ground.ts'

/** Any other status: a valid request in the provider state that the suite names for it. */
export function namedStateScript({ operation, status }: Ground, role: Role): Script {
  return {
    id: `${operation.id}/${status}/state`,
    given: [{ name: status, role: status, operation }],
    steps: [
      {
        name: `a request while ${role.state}`,
        operation,
        path: pathFromGiven(operation, status, role.path ?? {}),
        use:
          role.credential === undefined
            ? { kind: 'configured' }
            : { kind: 'given', given: status, value: role.credential },
        expect: [status],
        because: role.state,
      },
    ],
    effect: {
      sound: 'is answered as the state says',
      broken: 'acts on a resource that Assay made',
      touchesOthers: false,
    },
  }
}
