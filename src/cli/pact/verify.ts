import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { AssayError } from '../../errors.ts'
import type { Verification } from '../../pact/index.ts'
import type { RunEvent } from '../../run.ts'
import type { VerifyEvent } from '../../verify.ts'
import { count, prepareOptions, type TargetFlags, twin, withTargetOptions } from '../options.ts'
import { showProgress } from '../progress.ts'
import { type ReportFlags, readDestinations, withReportOptions, writeReports } from '../reports.ts'
import { beginning, stopOnSignals } from '../signals.ts'
import { withBrokerOptions } from './broker.ts'
import { type ChoosingFlags, choosePacts } from './choose-pacts.ts'

type VerifyFlags = TargetFlags &
  ReportFlags &
  ChoosingFlags & {
    readonly providerVersion?: string
    readonly results: string
    readonly seed?: number
    readonly journal?: string
  }

/** `assay pact verify`: have pacts verified on targets, tell what was seen, keep it for the gate. */
export function addVerify(pact: Command): void {
  withBrokerOptions(
    withReportOptions(
      withTargetOptions(
        pact
          .command('verify')
          .description('verify pacts on every target, and write one file per region for the gate')
          .argument('[pacts...]', 'pact files, URLs or folders; default: contracts'),
      ),
    ),
  )
    .addOption(twin('--suite <file>', 'suite file; default: the control plane'))
    .addOption(
      twin(
        '--provider <name>',
        'only the pacts of this provider; a broker is asked for those of it, default: the one that suite or committed pacts name',
      ),
    )
    .addOption(
      twin(
        '--from-broker',
        'verify what the broker selects instead of files: pacts of main branches, and those deployed or released',
      ),
    )
    .addOption(
      twin(
        '--provider-branch <name>',
        'the branch of what runs there: the broker knows what is pending for it',
      ).default('main'),
    )
    .addOption(
      twin(
        '--wip-since <date>',
        'with --from-broker: add work in progress, pacts of other branches published since YYYY-MM-DD',
      ).argParser(date),
    )
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
  const [{ verifyPacts }, { collectReport }] = await Promise.all([
    import('../../verify.ts'),
    import('../../collect.ts'),
  ])
  const stopping = stopOnSignals()
  const chosen = await choosePacts(locations, flags)
  const progress = showProgress(process.stderr)
  const verifications: Verification[] = []
  const { strict = false, seed, journal, providerVersion } = flags
  const events = verifyPacts({
    ...prepareOptions(flags.suite, flags),
    ...chosen,
    strict,
    providerVersion,
    seed,
    journal,
    signal: stopping.signal,
  })
  try {
    const observe = beginning(stopping, progress.observe)
    const report = await collectReport(splitOff(events, verifications), { strict, observe })
    await writeVerifications(verifications, flags.results)
    await writeReports(report, destinations)
  } finally {
    progress.end()
  }
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

/** A day of the calendar; the broker would take others for no day at all. */
function date(value: string): string {
  const day = new Date(`${value}T00:00:00Z`)
  const isDay = /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(day.getTime())
  if (isDay && day.toISOString().startsWith(value)) return value
  throw new InvalidArgumentError('It must be a day like 2026-01-31.')
}
