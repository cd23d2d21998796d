import { parseSource } from '../../document/index.ts'
import { AssayError } from '../../errors.ts'
import type { Pact } from '../pact.ts'
import { readPact } from '../read.ts'
import { hrefOf, isObject, itemsOf, type Members, membersOf } from './json.ts'
import type { Broker } from './open.ts'

export type FetchOptions = {
  /** The branch of the provider: what is pending is known per branch. Without it nothing is pending. */
  readonly branch?: string | undefined
  /** Adds work in progress: pacts of other branches published since then, `YYYY-MM-DD`. */
  readonly wipSince?: string | undefined
  /** Which pacts are meant. Default: those of the consumers' main branches, and those deployed or released. */
  readonly selectors?: readonly Members[] | undefined
}

/** A pact that the broker wants verified. */
export type FetchedPact = {
  readonly pact: Pact
  /** Not yet fulfilled by this branch of the provider: it is told when it fails, but not red. */
  readonly pending: boolean
  readonly wip: boolean
  /** Where the broker keeps it, in words that tell it later why it was selected. */
  readonly address: string
  /** The versions of the consumer that have this content. */
  readonly consumerVersions: readonly string[]
  /** Where a verification of it is published. */
  readonly resultsAt: string
}

export const defaultSelectors: readonly Members[] = [
  { mainBranch: true },
  { deployedOrReleased: true },
]

/**
 * Fetches the pacts that a provider has to fulfil, as the broker selects them.
 *
 * @throws AssayError as `Broker.ask` and `readPact` do
 */
export async function fetchPacts(
  broker: Broker,
  provider: string,
  { branch, wipSince, selectors = defaultSelectors }: FetchOptions = {},
): Promise<readonly FetchedPact[]> {
  const place = broker.link('pb:provider-pacts-for-verification', { provider })
  const { found, value } = await broker.ask('POST', place, {
    consumerVersionSelectors: selectors,
    ...(branch === undefined ? {} : { providerVersionBranch: branch, includePendingStatus: true }),
    ...(wipSince === undefined ? {} : { includeWipPactsSince: wipSince }),
  })
  // A provider that nobody has a pact with is not known to the broker.
  if (!found) return []
  const { pacts } = membersOf(value._embedded)
  if (!Array.isArray(pacts)) throw unfit(broker, 'it lists no pacts, not even none')
  const fetched = await Promise.all(pacts.map((each) => fetchWanted(broker, membersOf(each))))
  return branch === undefined ? fetched.map((each) => ({ ...each, pending: false })) : fetched
}

async function fetchWanted(broker: Broker, wanted: Members): Promise<FetchedPact> {
  const { pending, wip } = membersOf(wanted.verificationProperties)
  const address = hrefOf(wanted, 'self') ?? ''
  const fetched = await fetchPact(broker, address)
  if (fetched === undefined) throw unfit(broker, 'a pact that it wants verified is not there')
  return { ...fetched, address, pending: pending === true, wip: wip === true }
}

/** Fetches one pact; undefined: the broker does not have it. */
export async function fetchPact(
  broker: Broker,
  place: string,
): Promise<Omit<FetchedPact, 'pending' | 'wip' | 'address'> | undefined> {
  const { found, value } = await broker.ask('GET', place)
  if (!found) return undefined
  const resultsAt = hrefOf(value, 'pb:publish-verification-results')
  if (resultsAt === undefined) throw unfit(broker, 'a pact has no place for its results')
  const links = membersOf(value._links)
  const versions = itemsOf(links['pb:consumer-versions'] ?? links['pb:consumer-version'])
  const name = hrefOf(value, 'pb:pact-version') ?? place
  return {
    pact: readPact(await parseSource(JSON.stringify(asPublished(value)), name)),
    consumerVersions: versions.map((version) => String(membersOf(version).name)),
    resultsAt,
  }
}

/** The pact without what the broker adds: links, the time, and an id of each interaction. */
function asPublished({ _links, createdAt, ...pact }: Members): Members {
  const withoutIds = (list: unknown) =>
    Array.isArray(list) ? list.map((each) => (isObject(each) ? withoutId(each) : each)) : list
  return {
    ...pact,
    ...('interactions' in pact ? { interactions: withoutIds(pact.interactions) } : {}),
    ...('messages' in pact ? { messages: withoutIds(pact.messages) } : {}),
  }
}

function withoutId({ _id, ...interaction }: Members): Members {
  return interaction
}

function unfit({ url }: Broker, message: string): AssayError {
  return new AssayError('BROKER_FAILED', `the broker at ${url} contradicts itself: ${message}`, {
    hint: 'try again; if it stays so, look at its log',
  })
}
