import { pathToNothing } from '../plan/index.ts'
import { absentPath, again, aimAt, type Ground, hasInput, type Provocation } from './ground.ts'

/** 404: a well-formed name of nothing (RFC 9110, section 15.5.5). What was just deleted is a law. */
export function notFoundScript(ground: Ground): Provocation {
  const { operation, status } = ground
  for (const check of [absentPath(ground), hasInput(operation)]) {
    if (check !== true) return check
  }
  return [
    {
      id: `${operation.id}/${status}/absent`,
      given: [],
      steps: [
        {
          name: 'on what cannot exist',
          operation,
          path: pathToNothing(operation),
          use: { kind: 'configured' },
          ...aimAt(ground, 404, 'the path names nothing that exists'),
          raw: true,
          copies: again,
        },
      ],
      effect: { sound: 'finds nothing', broken: 'acts on nothing', touchesOthers: false },
    },
  ]
}
