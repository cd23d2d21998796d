import { type Command, InvalidArgumentError } from 'commander'
import { AssayError } from '../../errors.ts'
import type { GateAnswer, GateRegion } from '../../pact/index.ts'
import { byWayOf } from '../../way.ts'
import { twin } from '../options.ts'
import { type BrokerFlags, withBroker, withBrokerOptions } from './broker.ts'

type GateFlags = BrokerFlags & {
  readonly providerVersion?: string
  readonly providerBranch: string
  readonly provider?: string[]
  readonly suite?: string
  readonly target?: string[]
  readonly region?: string[]
  readonly results: string
  readonly broker: boolean
  readonly maxAge: number
}

/** `assay pact gate`: may this version run in every region? */
export function addGate(pact: Command): void {
  const words = (value: string, before: string[] | undefined) => [
    ...(before ?? []),
    ...value.split(/[\s,]+/).filter((part) => part !== ''),
  ]
  withBrokerOptions(
    pact
      .command('gate')
      .description(
        'say whether a version was seen to fulfil every pact in every region: 0 yes, 1 no',
      )
      .argument('[files...]', 'pact files or folders; default: contracts'),
  )
    .addOption(twin('--provider-version <version>', 'the version that is to run there'))
    .addOption(
      twin(
        '--provider-branch <name>',
        'its branch, which says what is pending in the broker',
      ).default('main'),
    )
    .addOption(
      twin(
        '--provider <name>',
        'ask the broker for this provider; default: those of the pacts',
      ).argParser(words),
    )
    .addOption(twin('--suite <file>', 'suite file whose targets say which regions there are'))
    .addOption(twin('--target <name>', 'a target of the suite, or all').argParser(words))
    .addOption(twin('--region <name>', 'a region, instead of those of the suite').argParser(words))
    .addOption(
      twin('--results <folder>', 'where the verification of each region is read from').default(
        '.assay/verifications',
      ),
    )
    .addOption(twin('--no-broker', 'read the verifications from files although a broker is named'))
    .addOption(
      twin('--max-age <time>', 'how long a verification in a file holds, such as 90m, 24h or 7d')
        .argParser(age)
        .default(86_400_000, '24h'),
    )
    .action(gate)
}

async function gate(files: readonly string[], flags: GateFlags): Promise<void> {
  const { providerVersion: version } = flags
  if (version === undefined) {
    throw new AssayError('USAGE', 'a gate is about one version, and none was named', {
      hint: 'name the version of the provider that is to run with --provider-version',
    })
  }
  const asked = { files: files.length === 0 ? ['contracts'] : files, version, flags }
  const regions = await readRegions(flags)
  const answers = (await askBroker(asked, regions)) ?? (await askFiles(asked, regions))
  process.stdout.write(renderAnswers(answers))
  process.exitCode = answers.every(isOpen) ? 0 : 1
}

type Asked = {
  readonly files: readonly string[]
  readonly version: string
  readonly flags: GateFlags
}

async function readRegions({ suite, target, region }: GateFlags): Promise<readonly GateRegion[]> {
  const [{ chooseRegions }, { readSuite }] = await Promise.all([
    import('../../pact/index.ts'),
    import('../../prepare.ts'),
  ])
  const regions = chooseRegions(await readSuite({ suite }), { regions: region, targets: target })
  if (regions.length > 0) return regions
  throw new AssayError('USAGE', 'the suite has no region to ask about', {
    hint: 'name each with --region',
  })
}

/** undefined: no broker is named, or none is to be asked. */
async function askBroker({ files, version, flags }: Asked, regions: readonly GateRegion[]) {
  if (!flags.broker) return undefined
  return withBroker(flags, async (broker) => {
    const { gateByBroker, loadPacts } = await import('../../pact/index.ts')
    const providers =
      flags.provider ?? (await loadPacts(files, byWayOf())).map(({ provider }) => provider)
    const answers: GateAnswer[] = []
    for (const provider of new Set(providers)) {
      const question = { provider, version, branch: flags.providerBranch }
      const names = regions.map(({ region }) => region)
      answers.push(...(await gateByBroker(broker, { ...question, regions: names })))
    }
    return answers
  })
}

async function askFiles({ files, version, flags }: Asked, regions: readonly GateRegion[]) {
  const { gateByFiles, loadPacts } = await import('../../pact/index.ts')
  const { results, maxAge } = flags
  const pacts = await loadPacts(files, byWayOf())
  return gateByFiles({ pacts, regions, results, version, maxAge, now: Date.now() })
}

function renderAnswers(answers: readonly GateAnswer[]): string {
  const lines = answers.flatMap((answer) => {
    const { region, provider, version, pacts, reasons } = answer
    const what = `${region}   ${provider} ${version}`
    if (isOpen(answer))
      return [`YES   ${what}   ${pacts} ${pacts === 1 ? 'pact' : 'pacts'} fulfilled`]
    return [`NO    ${what}`, ...reasons.map((reason) => `      reason    ${oneLine(reason)}`)]
  })
  const open = answers.filter(isOpen).length
  return `${[...lines, '', `${open} of ${answers.length} yes`].join('\n')}\n`
}

function isOpen({ reasons }: GateAnswer): boolean {
  return reasons.length === 0
}

/** Reasons come from files and from a broker: nothing in them may look like another line of ours. */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ')
}

function age(value: string): number {
  const [, amount = '', unit = ''] = /^([1-9]\d*)(m|h|d)$/.exec(value) ?? []
  const minutes = { m: 1, h: 60, d: 1440 }[unit]
  if (minutes !== undefined) return Number(amount) * minutes * 60_000
  throw new InvalidArgumentError('It must be like 90m, 24h or 7d.')
}
