import { type Command, Option } from 'commander'
import { chooseFaults, listFaults } from './fault-choices.ts'
import { count, duration, twin, words } from './options.ts'
import { stopOnSignals } from './signals.ts'

type ProviderFlags = {
  readonly regions: number
  readonly port: number
  readonly latency: number
  readonly jitter: number
  readonly sharedAccount?: boolean
  readonly fault?: string[]
  readonly faultRegion?: string[]
  readonly seed: number
  readonly states: boolean
  readonly seam: boolean
  readonly list?: boolean
}

const names = ['aws-us-east-1', 'aws-eu-west-1', 'aws-us-west-2', 'gcp-us-central1']

/** `assay provider`: serve the reference control plane until it is stopped. */
export function addProvider(program: Command): void {
  program
    .command('provider')
    .description('serve the reference control plane and print one JSON line that says where')
    .addOption(twin('--regions <n>', 'how many regions').argParser(count(1)).default(4))
    .addOption(
      twin('--port <n>', 'port of the first region; 0: any free ones')
        .argParser(count(0))
        .default(0),
    )
    .addOption(
      twin('--latency <time>', 'how long each answer takes, such as 80ms or 2s')
        .argParser(duration)
        .default(0),
    )
    .addOption(
      twin('--jitter <time>', 'by how much each answer comes earlier or later, at most')
        .argParser(duration)
        .default(0),
    )
    .addOption(twin('--shared-account', 'one account for all regions: what one makes, all have'))
    .addOption(
      twin(
        '--fault <name>',
        'a promise to break: NAME, NAME=AMOUNT, NAME@REGION or both; may be given several times',
      ).argParser(words),
    )
    .addOption(
      twin(
        '--fault-region <name>',
        'a region that breaks it; default: every one; may be given several times',
      ).argParser(words),
    )
    .addOption(twin('--seed <n>', 'makes jitter and losses repeat').argParser(count(0)).default(1))
    .addOption(new Option('--no-states', 'offer no state URL'))
    .addOption(new Option('--no-seam', 'offer no way to make a request fail inside'))
    .addOption(new Option('--list', 'list the faults by kind and end'))
    .action(serve)
}

async function serve(flags: ProviderFlags): Promise<void> {
  const { repertoire, startProvider } = await import('../provider/index.ts')
  if (flags.list === true) {
    process.stdout.write(listFaults(repertoire))
    return
  }
  const regions = Array.from(
    { length: flags.regions },
    (_, index) => names[index] ?? `region-${index + 1}`,
  )
  const faults = await chooseFaults({
    faults: flags.fault ?? [],
    faultRegions: flags.faultRegion ?? [],
    regions,
    known: [...repertoire.values()].flat(),
  })
  const { port, states, seam, latency, jitter, seed, sharedAccount = false } = flags
  const options = { regions, port, states, seam, latency, jitter, seed, sharedAccount, faults }
  const provider = await startProvider(options)
  const told = provider.regions.map(({ name, url, statesUrl, apiKey, faultHeader }) => ({
    name,
    url,
    statesUrl,
    apiKey,
    faultHeader,
  }))
  process.stdout.write(`${JSON.stringify({ regions: told })}\n`)
  stopOnSignals('ending').addEventListener('abort', () => void provider.close())
}
