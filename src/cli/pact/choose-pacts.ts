import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { AssayError } from '../../errors.ts'
import type { FetchedPact, Pact } from '../../pact/index.ts'
import { byWayOf } from '../../way.ts'
import { type BrokerFlags, withBroker } from './broker.ts'

export type ChoosingFlags = BrokerFlags & {
  readonly suite?: string
  readonly document?: string
  readonly provider?: string
  readonly fromBroker?: boolean
  readonly providerBranch: string
  readonly wipSince?: string
}

/** What is to be verified, and what a broker says of it where the broker selected. */
export type Chosen = { readonly pacts: readonly Pact[]; readonly fetched: readonly FetchedPact[] }

/**
 * Reads the pacts to verify: those at the places named, else the committed ones; with `fromBroker` those
 * that the broker selects, and never because a broker happens to be named in the environment.
 *
 * @throws AssayError USAGE, PACT_NONE, BROKER_URL_INVALID; as `loadPacts` and `fetchPacts` do
 */
export async function choosePacts(
  locations: readonly string[],
  flags: ChoosingFlags,
): Promise<Chosen> {
  if (flags.fromBroker) return fromBroker(locations, flags)
  const { loadPacts } = await import('../../pact/index.ts')
  const places = locations.length > 0 ? locations : [requireFolder(flags)]
  return { pacts: ofProvider(await loadPacts(places, byWayOf()), flags.provider), fetched: [] }
}

async function fromBroker(locations: readonly string[], flags: ChoosingFlags): Promise<Chosen> {
  if (locations.length > 0) {
    throw new AssayError('USAGE', 'pacts come from files or from the broker, not from both', {
      hint: 'name no pact beside --from-broker',
    })
  }
  const provider = flags.provider ?? (await knownProvider(flags))
  const { fetchPacts } = await import('../../pact/index.ts')
  const { providerBranch: branch, wipSince } = flags
  const fetched = await withBroker(flags, (broker) =>
    fetchPacts(broker, provider, { branch, wipSince }),
  )
  if (fetched === undefined) {
    throw new AssayError('BROKER_URL_INVALID', 'there is no broker to ask for pacts', {
      hint: 'set PACT_BROKER_BASE_URL to its address, or leave --from-broker out',
    })
  }
  if (fetched.length > 0) return { pacts: fetched.map(({ pact }) => pact), fetched }
  const message = `the broker selects no pact of the provider ${JSON.stringify(provider)}`
  throw new AssayError('PACT_NONE', message, {
    hint: 'it selects what is on the main branch of a consumer, deployed or released; --provider names another',
  })
}

/** The provider that the suite names, else the only one of the committed pacts. */
async function knownProvider(flags: ChoosingFlags): Promise<string> {
  const { readSuite } = await import('../../prepare.ts')
  const { pact } = await readSuite(flags)
  if (pact?.provider !== undefined) return pact.provider
  const folder = committedFolder(flags)
  const { loadPacts } = await import('../../pact/index.ts')
  const pacts = folder === undefined ? [] : await loadPacts([folder])
  const [provider, ...others] = new Set(pacts.map((each) => each.provider))
  if (provider !== undefined && others.length === 0) return provider
  throw new AssayError('USAGE', 'it is not clear which provider the broker is to be asked for', {
    hint: 'name it with --provider, or in the suite: pact: { provider: … }',
  })
}

function requireFolder(flags: ChoosingFlags): string {
  const folder = committedFolder(flags)
  if (folder !== undefined) return folder
  throw new AssayError('PACT_NONE', 'there is no folder contracts, and no pact was named', {
    hint: 'name pact files, or folders with *.json',
  })
}

/** Where pacts are committed: in this folder, else beside the folder of the suite. */
function committedFolder({ suite, document }: ChoosingFlags): string | undefined {
  const own = fileURLToPath(new URL('../../../contracts', import.meta.url))
  const besideSuite = suite === undefined ? own : path.join(path.dirname(suite), '..', 'contracts')
  const isBare = suite === undefined && document !== undefined
  return ['contracts', ...(isBare ? [] : [besideSuite])].find((folder) => existsSync(folder))
}

function ofProvider(pacts: readonly Pact[], provider: string | undefined): readonly Pact[] {
  const chosen = pacts.filter((pact) => provider === undefined || pact.provider === provider)
  if (chosen.length > 0) return chosen
  const known = [...new Set(pacts.map((pact) => pact.provider))]
  throw new AssayError('PACT_NONE', `no pact is one of the provider "${provider}"`, {
    hint: `they name ${known.join(', ')}`,
  })
}
