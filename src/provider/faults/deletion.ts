import { refuse } from '../answer.ts'
import { caught, type Fault, type Visit } from '../fault.ts'
import type { Token } from '../store.ts'

const staysDeleted = 'deleted-stays-deleted'
const stopsWorking = 'deleted-credential-stops-working'

/** Tokens that a fault met before: each belongs to one store only, and is forgotten with it. */
const triedOnce = new WeakSet<Token>()
const halfDeleted = new WeakSet<Token>()

/** Each does something else than to delete the token once and for all. */
export const deletionFaults: readonly Fault[] = [
  {
    name: 'delete-can-be-repeated',
    statement: 'deleting a token again answers 200 again',
    caughtBy: caught('status-code', staysDeleted),
    find: (token, visit) => token ?? deletedToken(visit),
  },
  {
    name: 'delete-does-nothing',
    statement: 'deleting answers 200 and deletes nothing',
    caughtBy: caught('status-code', staysDeleted, stopsWorking),
    removes: () => false,
  },
  {
    name: 'delete-takes-two',
    statement: 'only the second delete of a token deletes it',
    caughtBy: caught('status-code', staysDeleted, stopsWorking),
    removes: (token) => metBefore(halfDeleted, token),
  },
  {
    name: 'deleted-key-still-works',
    statement: 'the key that is a deleted token is let in',
    caughtBy: caught('status-code', stopsWorking),
    authenticate: (caller, visit) => caller ?? deletedCaller(visit),
  },
  {
    name: 'deleted-key-finds-nothing',
    statement: 'the key that is a deleted token is let in but finds nothing',
    caughtBy: caught('status-code', stopsWorking),
    authenticate: (caller, visit) => caller ?? deletedCaller(visit),
    find: (token, visit) => (deletedCaller(visit) === undefined ? token : undefined),
  },
  {
    name: 'deleted-key-fails-inside',
    statement: 'the key that is a deleted token makes a request fail inside',
    caughtBy: caught('status-code', 401),
    authenticate(caller, visit) {
      if (deletedCaller(visit) !== undefined) throw new Error('the key has no owner')
      return caller
    },
  },
  {
    name: 'first-delete-fails-inside',
    statement: 'the first request to delete a token fails inside',
    caughtBy: caught('status-code', 200),
    find(token) {
      if (token !== undefined && !metBefore(triedOnce, token)) throw new Error('not yet')
      return token
    },
  },
  {
    name: 'second-delete-fails-inside',
    statement: 'deleting a token again fails inside',
    caughtBy: caught('status-code', 404),
    find(token, visit) {
      if (token === undefined && deletedToken(visit) !== undefined) throw new Error('no row')
      return token
    },
  },
  {
    name: 'second-delete-answers-410',
    statement: 'deleting a token again answers 410',
    caughtBy: caught('status-code', 404),
    answer: (answer, visit) =>
      answer.status === 404 && deletedToken(visit) !== undefined
        ? refuse(410, 'API token is gone')
        : answer,
  },
  {
    name: 'new-token-is-not-found',
    statement: 'a token that was just made is not found',
    caughtBy: caught('status-code', 200),
    find: (token) => (token?.createdBy === 'seed' ? token : undefined),
  },
]

function deletedToken({ store, id }: Visit): Token | undefined {
  const departure = store.departedId(id)
  return departure?.how === 'deleted' ? departure.token : undefined
}

function deletedCaller({ store, authorization }: Visit): Token | undefined {
  const departure = store.departedKey(authorization)
  return departure?.how === 'deleted' ? departure.token : undefined
}

function metBefore(met: WeakSet<Token>, token: Token): boolean {
  const known = met.has(token)
  met.add(token)
  return known
}
