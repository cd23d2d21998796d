import { type Answer, deleted, internalError, notFound, unauthorized } from './answer.ts'
import type { Fault, Visit } from './fault.ts'

/**
 * Revokes and deletes a token: 401 before anything else, then 404, then 200.
 *
 * A token of another account is no more there than one that never was.
 */
export function deleteToken(visit: Visit, faults: readonly Fault[], fails: boolean): Answer {
  let answer = fails ? internalError : decide(visit, faults)
  for (const fault of faults) answer = fault.answer?.(answer, visit) ?? answer
  return answer
}

function decide(visit: Visit, faults: readonly Fault[]): Answer {
  const { store, id } = visit
  try {
    let caller = store.authenticate(visit.authorization)
    for (const fault of faults) {
      if (fault.authenticate !== undefined) caller = fault.authenticate(caller, visit)
    }
    if (caller === undefined) return unauthorized
    let token = store.find(id)
    if (token?.account !== caller.account) token = undefined
    for (const fault of faults) {
      if (fault.find !== undefined) token = fault.find(token, visit)
    }
    if (token === undefined) return notFound
    const meant = token
    const removes = faults.every((fault) => fault.removes?.(meant, visit) ?? true)
    if (removes) store.remove(meant, 'deleted')
    return deleted
  } catch {
    return internalError
  }
}
