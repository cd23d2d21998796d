import { createHash, randomBytes } from 'node:crypto'
import type { Ledger, Touch } from './ledger.ts'

/** An API token, which is an API key: it authenticates as `key-<value>`. */
export type Token = {
  readonly id: string
  readonly value: string
  readonly name: string
  readonly description?: string
  readonly account: string
  readonly createdBy: 'seed' | 'state' | 'api'
  /** Who asked for it, as `Ledger` knows them; a seed has none. */
  readonly maker?: string
  readonly createdAt: string
}

export type Wish = Pick<Token, 'name' | 'account' | 'createdBy'> & { readonly description?: string }

/** How a token left: by the operation, or before anybody knew it; where, and when in milliseconds since 1970. */
export type Departure = {
  readonly token: Token
  readonly how: 'deleted' | 'revoked'
  readonly region: string
  readonly at: number
}

/** The tokens of accounts as one region sees them. */
export type Store = {
  readonly region: string
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

/** What is kept of the tokens of some accounts; several regions may share it. */
export type Records = {
  readonly byId: Map<string, Token>
  readonly byKey: Map<string, Token>
  readonly goneById: Map<string, Departure>
  readonly goneByKey: Map<string, Departure>
}

const remembered = 10_000

export function createRecords(): Records {
  return { byId: new Map(), byKey: new Map(), goneById: new Map(), goneByKey: new Map() }
}

/** Opens records for one region. Ids are hashes of random values, so neither can be guessed. */
export function openStore(records: Records, region: string, ledger: Ledger): Store {
  const { byId, byKey, goneById, goneByKey } = records
  const note = (token: Token, how: Touch['how']) => ledger.note({ ...show(token), region, how })

  return {
    region,
    tokens: () => byId.values(),
    find: (id) => byId.get(id),
    authenticate: (authorization) =>
      authorization === undefined ? undefined : byKey.get(authorization),
    create(wish) {
      const value = randomBytes(24).toString('hex')
      const id = createHash('sha256').update(value).digest('hex')
      const createdAt = new Date().toISOString()
      const token = { ...wish, ...ledger.maker(), id, value, createdAt }
      byId.set(id, token)
      byKey.set(keyOf(token), token)
      note(token, 'created')
      return token
    },
    remove(token, how) {
      if (byId.delete(token.id)) note(token, how ?? 'cleared')
      byKey.delete(keyOf(token))
      if (how === undefined) return
      const departure = { token, how, region, at: Date.now() }
      remember(goneById, token.id, departure)
      remember(goneByKey, keyOf(token), departure)
    },
    departedId: (id) => goneById.get(id),
    departedKey: (authorization) =>
      authorization === undefined ? undefined : goneByKey.get(authorization),
  }
}

/** What may be told of a token: all but its value. */
export type StoredToken = Pick<Token, 'id' | 'name' | 'account' | 'createdBy' | 'maker'>

export function show({ id, name, account, createdBy, maker }: Token): StoredToken {
  return { id, name, account, createdBy, ...(maker === undefined ? {} : { maker }) }
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
