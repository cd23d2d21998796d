import { notFound } from '../answer.ts'
import { caught, type Fault, type Visit } from '../fault.ts'
import type { Token } from '../store.ts'

/** Whom a credential that must be refused is taken for; undefined: it is refused after all. */
type Mistake = (authorization: string, visit: Visit) => Token | undefined

const stopsWorking = 'deleted-credential-stops-working'

/** Each lets somebody in who must stay out, or keeps somebody out who must be let in. */
export const authenticationFaults: readonly Fault[] = [
  {
    name: 'accepts-no-credential',
    statement: 'a request without credential is let in',
    caughtBy: caught('status-code', 401),
    authenticate: (caller, { authorization, owner }) =>
      authorization === undefined ? owner : caller,
  },
  mistakes('accepts-empty-credential', 'an empty credential is let in', (authorization, visit) =>
    authorization === '' ? visit.owner : undefined,
  ),
  mistakes('accepts-bare-prefix', 'a prefix without key is let in', (authorization, visit) =>
    authorization === 'key-' ? visit.owner : undefined,
  ),
  mistakes('accepts-missing-prefix', 'a key without its prefix is let in', (authorization, visit) =>
    holder(authorization, visit),
  ),
  mistakes('accepts-any-prefix', 'a key behind another prefix is let in', (header, visit) =>
    header.includes('-') ? holder(header.slice(header.lastIndexOf('-') + 1), visit) : undefined,
  ),
  mistakes('accepts-bearer', 'a key behind the scheme Bearer is let in', (authorization, visit) =>
    authorization.startsWith('Bearer ') ? holder(authorization.slice(7), visit) : undefined,
  ),
  mistakes(
    'accepts-basic',
    'a key as the user name of the scheme Basic is let in',
    (header, visit) =>
      header.startsWith('Basic ')
        ? holder(Buffer.from(header.slice(6), 'base64').toString().replace(/:$/, ''), visit)
        : undefined,
  ),
  mistakes('ignores-white-space', 'a key with a space inside is let in', (header, { store }) =>
    header.startsWith('key-') ? store.authenticate(header.replaceAll(' ', '')) : undefined,
  ),
  mistakes('accepts-truncated-key', 'a key that is cut off is let in', (authorization, visit) =>
    authorization.length < 'key-'.length + 16
      ? undefined
      : search(visit, ({ value }) => `key-${value}`.startsWith(authorization)),
  ),
  mistakes(
    'ignores-last-character',
    'a key with another last character is let in',
    (header, visit) =>
      search(visit, ({ value }) => `key-${value}`.slice(0, -1) === header.slice(0, -1)),
  ),
  mistakes('accepts-any-key', 'any text behind the prefix is let in', (header, visit) =>
    /^key-./.test(header) ? visit.owner : undefined,
  ),
  mistakes('revoked-key-still-works', 'a revoked key is let in', (authorization, { store }) => {
    const departure = store.departedKey(authorization)
    return departure?.how === 'revoked' ? departure.token : undefined
  }),
  {
    name: 'existing-token-needs-no-credential',
    statement: 'who names a token that exists is let in',
    caughtBy: caught('status-code', 401, stopsWorking),
    authenticate: (caller, { store, id, owner }) =>
      caller ?? (store.find(id) === undefined ? undefined : owner),
  },
  {
    name: 'refused-request-still-deletes',
    statement: 'a request that is answered 401 deletes all the same',
    caughtBy: caught('status-code', 401),
    authenticate(caller, { store, id }) {
      const token = caller === undefined ? store.find(id) : undefined
      if (token !== undefined) store.remove(token, 'deleted')
      return caller
    },
  },
  {
    name: 'existence-before-authentication',
    statement: 'who is not let in learns which ids exist',
    caughtBy: caught('status-code', 401),
    answer: (answer, { store, id }) =>
      answer.status === 401 && store.find(id) === undefined ? notFound : answer,
  },
  {
    name: 'new-key-is-refused',
    statement: 'a key that was just made is refused',
    caughtBy: caught('status-code', 404),
    authenticate: (caller) => (caller?.createdBy === 'seed' ? caller : undefined),
  },
]

function mistakes(name: string, statement: string, mistake: Mistake): Fault {
  return {
    name,
    statement,
    caughtBy: caught('status-code', 401),
    authenticate: (caller, visit) =>
      caller ??
      (visit.authorization === undefined ? undefined : mistake(visit.authorization, visit)),
  }
}

function holder(key: string, { store }: Visit): Token | undefined {
  return store.authenticate(`key-${key}`)
}

function search({ store }: Visit, wanted: (token: Token) => boolean): Token | undefined {
  return [...store.tokens()].find(wanted)
}
