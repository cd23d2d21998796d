import { type Command, Option } from 'commander'
import { AssayError } from '../errors.ts'
import { count, twin } from './options.ts'
import { stopOnSignals } from './signals.ts'

type ProviderFlags = {
  readonly regions: number
  readonly port: number
  readonly fault?: string[]
  readonly faultRegion?: string
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
      twin('--fault <name>', 'a promise to break; may be given several times').argParser(
        (value: string, before: string[] | undefined) => [...(before ?? []), ...value.split(',')],
      ),
    )
    .addOption(twin('--fault-region <name>', 'the region that breaks it; default: every one'))
    .addOption(new Option('--no-states', 'offer no state URL'))
    .addOption(new Option('--no-seam', 'offer no way to make a request fail inside'))
    .addOption(new Option('--list', 'list the faults and end'))
    .action(serve)
}

async function serve(flags: ProviderFlags): Promise<void> {
  const { faults, harmless, outages, startProvider } = await import('../provider/index.ts')
  const known = [...faults, ...harmless, ...outages]
  if (flags.list === true) {
    for (const { name, statement } of known)
      process.stdout.write(`${name.padEnd(36)}${statement}\n`)
    return
  }
  const regions = Array.from(
    { length: flags.regions },
    (_, index) => names[index] ?? `region-${index + 1}`,
  )
  await refuseUnknown(
    'fault',
    flags.fault ?? [],
    known.map(({ name }) => name),
  )
  await refuseUnknown('region', flags.faultRegion === undefined ? [] : [flags.faultRegion], regions)
  const provider = await startProvider({
    regions,
    port: flags.port,
    states: flags.states,
    seam: flags.seam,
    faults: (flags.fault ?? []).map((name) => ({
      name,
      ...(flags.faultRegion === undefined ? {} : { region: flags.faultRegion }),
    })),
  })
  const told = provider.regions.map(({ name, url, statesUrl, apiKey, faultHeader }) => ({
    name,
    url,
    statesUrl,
    apiKey,
    faultHeader,
  }))
  process.stdout.write(`${JSON.stringify({ regions: told })}\n`)
  const stopping = stopOnSignals('ending')
  stopping.begin()
  stopping.signal.addEventListener('abort', () => void provider.close())
}

async function refuseUnknown(
  what: string,
  given: readonly string[],
  known: readonly string[],
): Promise<void> {
  const { nearest } = await import('../document/index.ts')
  for (const name of given) {
    if (known.includes(name)) continue
    const near = nearest(name, known)
    throw new AssayError('USAGE', `there is no ${what} "${name}"`, {
      hint:
        near === undefined ? 'assay provider --list lists the faults' : `did you mean "${near}"?`,
    })
  }
}
