import { type Fault, tunable, type Visit } from '../fault.ts'
import type { Departure } from '../store.ts'

const milliseconds = { usual: 2000, unit: 'milliseconds' }

/** Each lets a key that was deleted in for a while; the first takes regions that share their account. */
export const lateRevocations: readonly Fault[] = [
  late(
    'revocation-reaches-here-late',
    'a key that was deleted in another region is let in for a while',
    (departure, visit) => departure.region !== visit.store.region,
  ),
  late(
    'revocation-is-late',
    'a key that was deleted is let in for a while, in its own region too',
    () => true,
  ),
]

function late(
  name: string,
  statement: string,
  isMeant: (departure: Departure, visit: Visit) => boolean,
): Fault {
  return tunable(milliseconds, (ms) => ({
    name,
    statement,
    caughtBy: [],
    authenticate(caller, visit) {
      const departure = visit.store.departedKey(visit.authorization)
      if (caller !== undefined || departure?.how !== 'deleted') return caller
      const isLate = isMeant(departure, visit) && Date.now() - departure.at < ms
      return isLate ? departure.token : undefined
    },
  }))
}
