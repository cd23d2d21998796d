import type { Socket } from 'node:net'
import { internalError } from '../answer.ts'
import { caught, type Fault, type Visit } from '../fault.ts'
import { sendMessage } from '../message.ts'
import type { Store } from '../store.ts'

/** Counts per store, so that each region forgets with it. */
function createCounter(): (store: Store, name: string) => number {
  const counts = new WeakMap<Store, Map<string, number>>()
  return (store, name) => {
    const own = counts.get(store) ?? new Map<string, number>()
    counts.set(store, own)
    const count = (own.get(name) ?? 0) + 1
    own.set(name, count)
    return count
  }
}

const answers = createCounter()
const asked = createCounter()
const beside = new WeakMap<Store, Map<string, number>>()
const onSocket = new WeakMap<Socket, number>()

/** Milliseconds that nobody waits for gladly. */
const late = 2500

/** Each takes its time, or answers the same request now so and now otherwise. */
export const timeFaults: readonly Fault[] = [
  ...[200, 401, 404, 500].map(
    (status): Fault => ({
      name: `${status}-is-late`,
      statement: `the first ordinary answer of ${status} comes late`,
      caughtBy: caught('latency', status),
      send(response, message, visit) {
        const isLate =
          message.status === status && isOrdinary(visit) && answers(visit.store, `${status}`) === 1
        setTimeout(() => sendMessage(response, message), isLate ? late : 0)
      },
    }),
  ),
  unsteady(
    'not-found-fails-every-fifth-time',
    'every fifth time, the same 404 is a 500',
    404,
    ({ store, id }) => asked(store, id) % 5 === 0,
  ),
  unsteady(
    'not-found-fails-after-nine',
    'after nine times, the same 404 is a 500',
    404,
    ({ store, id }) => asked(store, id) > 9,
  ),
  unsteady(
    'unauthorized-fails-every-fifth-time',
    'every fifth time, the same 401 is a 500',
    401,
    ({ store, id }) => asked(store, id) % 5 === 0,
  ),
  unsteady(
    'not-found-fails-on-used-connection',
    'the same 404 over a connection already used is a 500',
    404,
    ({ request, store, id }) => {
      const count = (onSocket.get(request.socket) ?? 0) + 1
      onSocket.set(request.socket, count)
      return /^\w{6,}$/.test(id) && asked(store, id) > 1 && count > 1
    },
  ),
  {
    ...unsteady(
      'not-found-fails-beside-others',
      'a 404 that is asked for beside itself is a 500',
      404,
      ({ store, id }) => (beside.get(store)?.get(id) ?? 0) > 0,
    ),
    send(response, message, { store, id }) {
      const own = beside.get(store) ?? new Map<string, number>()
      beside.set(store, own)
      own.set(id, (own.get(id) ?? 0) + 1)
      setTimeout(() => {
        own.set(id, (own.get(id) ?? 1) - 1)
        sendMessage(response, message)
      }, 5)
    },
  },
  {
    name: 'not-found-hangs-up-every-fifth-time',
    statement: 'every fifth time, the same 404 is no answer at all',
    caughtBy: caught('stability', 404),
    send(response, message, visit) {
      const hangsUp =
        message.status === 404 && isOurs(visit) && asked(visit.store, visit.id) % 5 === 0
      if (hangsUp) response.socket?.destroy()
      else sendMessage(response, message)
    },
  },
]

/** With a credential, over a connection that is kept: no client makes such a request slow by itself. */
function isOrdinary({ authorization, request }: Visit): boolean {
  return authorization !== undefined && request.headers.connection !== 'close'
}

function unsteady(
  name: string,
  statement: string,
  status: number,
  fails: (visit: Visit) => boolean,
): Fault {
  return {
    name,
    statement,
    caughtBy: caught('stability', status),
    answer: (answer, visit) =>
      answer.status === status && isOurs(visit) && fails(visit) ? internalError : answer,
  }
}

/** What is asked with our own key, or with none, about what never was: nothing else may notice. */
function isOurs({ authorization, owner, store, id }: Visit): boolean {
  const mine = authorization === undefined || authorization === `key-${owner.value}`
  return mine && store.find(id) === undefined && store.departedId(id) === undefined
}
