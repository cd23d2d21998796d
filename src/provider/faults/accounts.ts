import { notFound, refuse } from '../answer.ts'
import { caught, type Fault, isOurs, type Visit } from '../fault.ts'
import type { Token } from '../store.ts'

const apart = 'accounts-stay-apart'

/** Each lets one account see or touch what belongs to another. */
export const accountFaults: readonly Fault[] = [
  {
    name: 'accounts-share-tokens',
    statement: 'a token of another account can be deleted',
    caughtBy: caught('status-code', apart),
    find: (token, { store, id }) => token ?? store.find(id),
  },
  {
    name: 'owner-reaches-every-account',
    statement: 'our account can delete a token of another',
    caughtBy: caught('status-code', apart),
    find: (token, visit) => token ?? (isOurs(visit) ? theirs(visit) : undefined),
  },
  {
    name: 'stranger-reaches-our-account',
    statement: 'another account can delete a token of ours',
    caughtBy: caught('status-code', apart),
    find: (token, visit) => token ?? (isOurs(visit) ? undefined : visit.store.find(visit.id)),
  },
  {
    name: 'foreign-token-is-forbidden',
    statement: 'a token of another account is answered 403',
    caughtBy: caught('status-code', apart),
    answer: (answer, visit) =>
      answer.status === 404 && isOurs(visit) && theirs(visit) !== undefined
        ? refuse(403, 'this token belongs to another account')
        : answer,
  },
  {
    name: 'foreign-token-is-told-apart',
    statement: 'a 404 has one more member where another account has the token',
    caughtBy: caught('answers-together', apart),
    answer: (answer, visit) =>
      answer.status === 404 && isOurs(visit) && theirs(visit) !== undefined
        ? { ...notFound, body: { success: false, error: 'API token not found', data: null } }
        : answer,
  },
  {
    name: 'foreign-token-is-deleted-behind-404',
    statement: 'a token of another account is answered 404 and deleted',
    caughtBy: caught('status-code', apart),
    find(token, visit) {
      const other = isOurs(visit) ? theirs(visit) : undefined
      if (token === undefined && other !== undefined) visit.store.remove(other, 'deleted')
      return token
    },
  },
  {
    name: 'our-token-is-deleted-behind-404',
    statement: 'what another account asks for is answered 404 and deleted',
    caughtBy: caught('status-code', apart),
    find(token, visit) {
      const own = isOurs(visit) ? undefined : visit.store.find(visit.id)
      if (token === undefined && own !== undefined) visit.store.remove(own, 'deleted')
      return token
    },
  },
]

function theirs({ store, id, owner }: Visit): Token | undefined {
  const token = store.find(id)
  return token?.account === owner.account ? undefined : token
}
