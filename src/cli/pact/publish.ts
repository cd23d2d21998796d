import type { Command } from 'commander'
import { AssayError } from '../../errors.ts'
import type { Broker, Pact, Verification } from '../../pact/index.ts'
import { byWayOf } from '../../way.ts'
import { twin } from '../options.ts'
import { type BrokerFlags, withBroker, withBrokerOptions } from './broker.ts'

type PublishFlags = BrokerFlags & {
  readonly consumerVersion?: string
  readonly branch?: string
  readonly verified?: string
  readonly providerBranch: string
  readonly createEnvironments?: boolean
}

/** `assay pact publish`: pacts, and what was seen of them, to a Pact Broker. */
export function addPublish(pact: Command): void {
  withBrokerOptions(
    pact
      .command('publish')
      .description('publish pacts, or the verifications of them, to a Pact Broker')
      .argument(
        '[files...]',
        'pact files or folders; default: contracts, unless --verified is given',
      ),
  )
    .addOption(twin('--consumer-version <version>', 'of the consumer; default: the git commit'))
    .addOption(twin('--branch <name>', 'of the consumer; default: the git branch'))
    .addOption(
      twin(
        '--verified <folder>',
        'publish the verifications in this folder, one version per region',
      ),
    )
    .addOption(
      twin('--provider-branch <name>', 'the branch that the verified versions are of').default(
        'main',
      ),
    )
    .addOption(
      twin('--create-environments', 'create the environment of a region where the broker has none'),
    )
    .action(publish)
}

async function publish(files: readonly string[], flags: PublishFlags): Promise<void> {
  const named = files.length === 0 && flags.verified === undefined ? ['contracts'] : files
  const { loadPacts, loadVerifications } = await import('../../pact/index.ts')
  const pacts = named.length === 0 ? [] : await loadPacts(named, byWayOf())
  const results = flags.verified === undefined ? [] : await loadVerifications(flags.verified)
  const done = await withBroker(flags, async (broker) => {
    if (pacts.length > 0) await tellPacts(broker, pacts, flags)
    if (results.length > 0) await tellResults(broker, results, flags)
    return true
  })
  if (done) return
  throw new AssayError('BROKER_URL_INVALID', 'there is no broker to publish to', {
    hint: 'set PACT_BROKER_BASE_URL to its address',
  })
}

async function tellPacts(
  broker: Broker,
  pacts: readonly Pact[],
  flags: PublishFlags,
): Promise<void> {
  const { publishPacts, readBranch, readConsumerVersion } = await import('../../pact/index.ts')
  const names = pacts.map(({ name }) => name)
  const version = await readConsumerVersion(names, flags.consumerVersion)
  const revision = { version, branch: await readBranch(flags.branch) }
  await publishPacts(broker, pacts, revision)
  for (const { consumer, provider } of pacts) {
    const what = `${consumer} with ${provider}`
    process.stdout.write(`PUBLISHED  ${what}   ${version}   ${revision.branch}\n`)
  }
}

async function tellResults(
  broker: Broker,
  verifications: readonly Verification[],
  { consumerVersion, providerBranch, createEnvironments }: PublishFlags,
): Promise<void> {
  const { publishResults, readConsumerVersion } = await import('../../pact/index.ts')
  const published = await publishResults(broker, verifications, {
    branch: providerBranch,
    consumerVersion: (file) => readConsumerVersion([file], consumerVersion),
    createEnvironments: createEnvironments ?? false,
  })
  for (const { region, version: number, success, deployed, pending } of published) {
    const what = [
      success ? 'success' : 'failure',
      ...(pending.length > 0 ? [`pending and not fulfilled: ${pending.join(', ')}`] : []),
      ...(deployed ? ['recorded as deployed'] : []),
    ]
    process.stdout.write(`PUBLISHED  ${region}   ${number}   ${what.join('; ')}\n`)
  }
}
