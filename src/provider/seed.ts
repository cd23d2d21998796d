import { createLedger, type Ledger } from './ledger.ts'
import { createRecords, openStore, type Records, type Store, type Token } from './store.ts'

/** A store as it is found: our account with its key, and tokens that are nobody's to delete. */
export type Seeded = {
  readonly store: Store
  readonly ledger: Ledger
  /** The key of the account that is ours. */
  readonly owner: Token
  /** A key of another account. */
  readonly stranger: Token
}

/** Accounts that people already use; a region that is given none has its own. */
export type Accounts = Omit<Seeded, 'store'> & { readonly records: Records }

export function seedAccounts(): Accounts {
  const records = createRecords()
  const ledger = createLedger()
  const store = openStore(records, 'everywhere', createLedger())
  const seed = (name: string, account: string) => store.create({ name, account, createdBy: 'seed' })
  const owner = seed('account key', 'ours')
  seed('ci', 'ours')
  seed('laptop', 'ours')
  return { records, ledger, owner, stranger: seed('grafana', 'theirs') }
}

/** Opens accounts for one region. */
export function openSeeded({ records, ...accounts }: Accounts, region: string): Seeded {
  return { ...accounts, store: openStore(records, region, accounts.ledger) }
}
