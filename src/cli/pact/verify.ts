import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { AssayError } from '../../errors.ts'
import type { Pact, Verification } from '../../pact/index.ts'
import type { RunEvent } from '../../run.ts'
import type { VerifyEvent } from '../../verify.ts'
import { count, prepareOptions, type TargetFlags, twin, withTargetOptions } from '../options.ts'
import { showProgress } from '../progress.ts'
import { type ReportFlags, readDestinations, withReportOptions, writeReports } from '../reports.ts'
import { stopOnSignals } from '../signals.ts'

type VerifyFlags = TargetFlags &
  ReportFlags & {
    readonly suite?: string
    readonly provider?: string
    readonly providerVersion?: string
    readonly results: string
    readonly seed?: number
    readonly journal?: string
  }

/** `assay pact verify`: have pacts verified on targets, tell what was seen, keep it for the gate. */
export function addVerify(pact: Command): void {
  withReportOptions(
    withTargetOptions(
      pact
        .command('verify')
        .description('verify pacts on every target, and write one file per region for the gate')
        .argument('[pacts...]', 'pact files, URLs or folders; default: contracts/'),
    ),
  )
    .addOption(twin('--suite <file>', 'suite file; default: the control plane'))
    .addOption(twin('--provider <name>', 'only the pacts of this provider'))
    .addOption(twin('--provider-version <version>', 'what runs there: the gate asks for it'))
    .addOption(
      twin('--results <folder>', 'where the verification of each region goes').default(
        '.assay/verifications',
      ),
    )
    .addOption(twin('--seed <n>', 'makes the random parts of requests repeat').argParser(count(0)))
    .addOption(
      twin('--journal <folder>', 'where created resources are noted; default: .assay/journal'),
    )
    .action(verify)
}

async function verify(locations: readonly string[], flags: VerifyFlags): Promise<void> {
  const destinations = readDestinations(flags)
  const [{ verifyPacts }, { collectReport }, { loadPacts }] = await Promise.all([
    import('../../verify.ts'),
    import('../../collect.ts'),
    import('../../pact/index.ts'),
  ])
  const places = locations.length > 0 ? locations : [defaultPacts(flags)]
  const pacts = ofProvider(await loadPacts(places), flags.provider)
  const signal = stopOnSignals()
  const progress = showProgress(process.stderr)
  const verifications: Verification[] = []
  const { strict = false, seed, journal, providerVersion } = flags
  const events = verifyPacts({
    ...prepareOptions(flags.suite, flags),
    pacts,
    providerVersion,
    seed,
    journal,
    signal,
  })
  try {
    const observe = progress.observe
    const report = await collectReport(splitOff(events, verifications), { strict, observe })
    await writeVerifications(verifications, flags.results)
    await writeReports(report, destinations)
  } finally {
    progress.end()
  }
}

/** The pacts that are committed: in this folder, else beside the folder of the suite. */
function defaultPacts({ suite, document }: VerifyFlags): string {
  const own = fileURLToPath(new URL('../../../contracts', import.meta.url))
  const besideSuite = suite === undefined ? own : path.join(path.dirname(suite), '..', 'contracts')
  const candidates = [
    'contracts',
    ...(suite === undefined && document !== undefined ? [] : [besideSuite]),
  ]
  const found = candidates.find((folder) => existsSync(folder))
  if (found !== undefined) return found
  throw new AssayError('PACT_NONE', 'there is no folder contracts/, and no pact was named', {
    hint: 'name pact files, or folders with *.json',
  })
}

function ofProvider(pacts: readonly Pact[], provider: string | undefined): readonly Pact[] {
  const chosen = pacts.filter((pact) => provider === undefined || pact.provider === provider)
  if (chosen.length > 0) return chosen
  const known = [...new Set(pacts.map((pact) => pact.provider))]
  throw new AssayError('PACT_NONE', `no pact is one of the provider "${provider}"`, {
    hint: `they name ${known.join(', ')}`,
  })
}

/** Keeps the verifications of a stream, and lets the rest of it pass. */
async function* splitOff(
  events: AsyncIterable<VerifyEvent>,
  verifications: Verification[],
): AsyncGenerator<RunEvent> {
  for await (const event of events) {
    if (event.kind === 'verified') verifications.push(event.verification)
    else yield event
  }
}

async function writeVerifications(
  verifications: readonly Verification[],
  folder: string,
): Promise<void> {
  const { verificationFileName } = await import('../../pact/index.ts')
  try {
    await mkdir(folder, { recursive: true })
    for (const each of verifications) {
      const file = path.join(folder, verificationFileName(each))
      await writeFile(file, `${JSON.stringify(each, null, 2)}\n`)
    }
  } catch (cause) {
    throw new AssayError('REPORT_UNWRITABLE', `no verification can be written to ${folder}`, {
      hint: 'name a writable folder with --results; the gate would read an old one otherwise',
      cause,
    })
  }
}
