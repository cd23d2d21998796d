import { createHash, randomBytes } from 'node:crypto'

/** An API token, which is an API key: it authenticates as `key-<value>`. */
export type Token = {
  readonly id: string
  readonly value: string
  readonly name: string
  readonly description?: string
  readonly account: string
  readonly createdBy: 'seed' | 'state' | 'api'
  readonly createdAt: string
}

export type Wish = Pick<Token, 'name' | 'account' | 'createdBy'> & { readonly description?: string }

/** How a token left: by the operation, or before anybody knew it. */
export type Departure = { readonly token: Token; readonly how: 'deleted' | 'revoked' }

/** The tokens of one region. */
export type Store = {
  tokens(): Iterable<Token>
  find(id: string): Token | undefined
  /** The token whose key this is, in its exact form `key-<value>`. */
  authenticate(authorization: string | undefined): Token | undefined
  create(wish: Wish): Token
  /** Takes a token out; with `how` its departure is remembered, for faults that mistake it. */
  remove(token: Token, how?: Departure['how']): void
  departedId(id: string): Departure | undefined
  departedKey(authorization: string | undefined): Departure | undefined
}

const remembered = 10_000

/** Opens an empty store. Ids are hashes of random values, so neither can be guessed. */
export function createStore(): Store {
  const byId = new Map<string, Token>()
  const byKey = new Map<string, Token>()
  const goneById = new Map<string, Departure>()
  const goneByKey = new Map<string, Departure>()

  return {
    tokens: () => byId.values(),
    find: (id) => byId.get(id),
    authenticate: (authorization) =>
      authorization === undefined ? undefined : byKey.get(authorization),
    create(wish) {
      const value = randomBytes(24).toString('hex')
      const id = createHash('sha256').update(value).digest('hex')
      const token = { ...wish, id, value, createdAt: new Date().toISOString() }
      byId.set(id, token)
      byKey.set(keyOf(token), token)
      return token
    },
    remove(token, how) {
      byId.delete(token.id)
      byKey.delete(keyOf(token))
      if (how === undefined) return
      remember(goneById, token.id, { token, how })
      remember(goneByKey, keyOf(token), { token, how })
    },
    departedId: (id) => goneById.get(id),
    departedKey: (authorization) =>
      authorization === undefined ? undefined : goneByKey.get(authorization),
  }
}

function keyOf({ value }: Token): string {
  return `key-${value}`
}

/** Keeps the latest; the oldest goes first. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value)
  if (map.size <= remembered) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}
