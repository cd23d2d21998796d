import { createStore, type Store, type Token } from './store.ts'

/** A store as it is found: our account with its key, and tokens that are nobody's to delete. */
export type Seeded = {
  readonly store: Store
  /** The key of the account that is ours. */
  readonly owner: Token
  /** A key of another account. */
  readonly stranger: Token
}

/** Opens a store that people already use. */
export function seedStore(): Seeded {
  const store = createStore()
  const seed = (name: string, account: string) => store.create({ name, account, createdBy: 'seed' })
  const owner = seed('account key', 'ours')
  seed('ci', 'ours')
  seed('laptop', 'ours')
  return { store, owner, stranger: seed('grafana', 'theirs') }
}
