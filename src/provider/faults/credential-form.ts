import { unauthorized } from '../answer.ts'
import { type Catch, caught, type Fault, type Visit } from '../fault.ts'
import type { Store, Token } from '../store.ts'

const form = caught('status-code', 'credential-form-is-enforced')

/** Each takes a key where or as it is not documented, or tells too much to who is not let in. */
export const credentialFormFaults: readonly Fault[] = [
  takes('key-in-x-api-key', 'a key in the header X-API-Key is let in', ({ request }) =>
    headerOf(request.headers['x-api-key']),
  ),
  takes('credential-in-x-api-key', 'a credential in the header X-API-Key is let in', (visit) =>
    bare(headerOf(visit.request.headers['x-api-key'])),
  ),
  takes('key-in-x-auth-token', 'a key in the header X-Auth-Token is let in', ({ request }) =>
    headerOf(request.headers['x-auth-token']),
  ),
  takes(
    'key-in-cookie',
    'a key in a cookie is let in',
    ({ request }) => /(?:^|; )api_key=([^;]*)/.exec(request.headers.cookie ?? '')?.[1],
  ),
  takes('key-in-query', 'a key in the query is let in', (visit) => queryOf(visit, 'api_key')),
  takes('token-in-query', 'a key in the query, as a token, is let in', (visit) =>
    queryOf(visit, 'access_token'),
  ),
  takes('credential-in-query', 'a credential in the query is let in', (visit) =>
    bare(queryOf(visit, 'Authorization')),
  ),
  takes('prefix-has-no-case', 'a prefix in other letters is let in', ({ authorization }) =>
    /^key-/i.test(authorization ?? '') ? authorization?.slice(4) : undefined,
  ),
  {
    ...takes('key-has-no-case', 'a key in other letters is let in', () => undefined),
    authenticate: (caller, { authorization = '', store }) =>
      caller ?? search(store, ({ value }) => `key-${value}` === authorization.toLowerCase()),
  },
  ...[
    { name: 'unauthorized-tells-that-it-exists', member: { data: null } },
    { name: 'unauthorized-tells-what-it-is', member: { token: { name: 'ci' } } },
  ].map(
    ({ name, member }): Fault => ({
      name,
      statement: `a 401 has the member ${Object.keys(member)[0]} where the token exists`,
      caughtBy: caught('answers-together', 'authentication-before-existence'),
      answer: (answer, { store, id }) =>
        answer.status === 401 && store.find(id) !== undefined
          ? { ...unauthorized, body: { ...(answer.body as object), ...member } }
          : answer,
    }),
  ),
]

/** The bare key that a request shows somewhere. */
function takes(
  name: string,
  statement: string,
  keyIn: (visit: Visit) => string | undefined,
  caughtBy: readonly Catch[] = form,
): Fault {
  return {
    name,
    statement,
    caughtBy,
    authenticate(caller, visit) {
      const key = keyIn(visit)
      return caller ?? (key === undefined ? undefined : visit.store.authenticate(`key-${key}`))
    },
  }
}

function bare(credential: string | undefined): string | undefined {
  return credential?.startsWith('key-') === true ? credential.slice(4) : undefined
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0]
}

function queryOf({ request }: Visit, name: string): string | undefined {
  const query = request.url?.split('?')[1] ?? ''
  return new URLSearchParams(query).get(name) ?? undefined
}

function search(store: Store, wanted: (token: Token) => boolean): Token | undefined {
  return [...store.tokens()].find(wanted)
}
