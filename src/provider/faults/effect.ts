import { internalError, refuse } from '../answer.ts'
import { caught, type Fault } from '../fault.ts'
import { sendMessage } from '../message.ts'
import type { Store } from '../store.ts'

const repeats = caught('status-code', 'failed-request-can-be-repeated')

/** The ids whose deletion is being answered, or whose request failed inside, per store. */
const underway = new WeakMap<Store, Set<string>>()
const failed = new WeakMap<Store, Set<string>>()

/** Each does by halves what was asked for, or twice. */
export const effectFaults: readonly Fault[] = [
  {
    name: 'failed-request-deletes-all-the-same',
    statement: 'a request that fails inside deletes all the same',
    caughtBy: repeats,
    answer(answer, { store, id }) {
      const token = answer.status === 500 ? store.find(id) : undefined
      if (token !== undefined) store.remove(token, 'deleted')
      return answer
    },
  },
  {
    name: 'failed-request-leaves-a-lock',
    statement: 'after a request that failed inside, the token is locked',
    caughtBy: repeats,
    answer: (answer, { store, id }) =>
      wasHere(failed, store, id, answer.status) ? locked : answer,
  },
  {
    // Unprovoked, so it is found where the success was expected.
    name: 'failure-lasts',
    statement: 'after a request that failed inside, the same fails inside again',
    caughtBy: caught('status-code', 200),
    answer: (answer, { store, id }) =>
      wasHere(failed, store, id, answer.status) ? internalError : answer,
  },
  {
    name: 'both-deletions-succeed',
    statement: 'of two deletions at once both answer 200',
    caughtBy: caught('answers-together', 'one-of-two-deletions-wins'),
    find: (token, { store, id }) =>
      token ?? (setOf(underway, store).has(id) ? store.departedId(id)?.token : undefined),
    send: slowly,
  },
  {
    name: 'second-of-two-deletions-fails-inside',
    statement: 'of two deletions at once one fails inside',
    caughtBy: caught('stability', 200),
    find(token, { store, id }) {
      if (token === undefined && setOf(underway, store).has(id)) throw new Error('deadlock')
      return token
    },
    send: slowly,
  },
]

const locked = refuse(409, 'the token is locked')

/** Takes 5 ms for a 200, and knows meanwhile which id it is about. */
function slowly(
  ...[response, message, { store, id }]: Parameters<NonNullable<Fault['send']>>
): void {
  if (message.status !== 200) {
    sendMessage(response, message)
    return
  }
  setOf(underway, store).add(id)
  setTimeout(() => {
    setOf(underway, store).delete(id)
    sendMessage(response, message)
  }, 5)
}

/** Whether a request for the same id failed before; notes the one that does now. */
function wasHere(
  map: WeakMap<Store, Set<string>>,
  store: Store,
  id: string,
  status: number,
): boolean {
  const known = setOf(map, store)
  if (status !== 500) return known.has(id)
  known.add(id)
  return false
}

function setOf(map: WeakMap<Store, Set<string>>, store: Store): Set<string> {
  const known = map.get(store) ?? new Set()
  map.set(store, known)
  return known
}
