import type { Command } from 'commander'
import { splitCannot, twin, withDocumentOptions } from '../options.ts'
import { type ReportFlags, readDestinations, withReportOptions, writeReports } from '../reports.ts'

type CheckFlags = ReportFlags & {
  readonly suite?: string
  readonly document?: string
  readonly envelope?: string
  readonly cannot?: string[]
}

/** `assay pact check`: any pact against the document; sends nothing. */
export function addCheck(pact: Command): void {
  withReportOptions(
    withDocumentOptions(
      pact
        .command('check')
        .description('judge pacts of any consumer by the document, before any provider runs')
        .argument('<files...>', 'pact files, or folders of which every *.json is a pact')
        .addOption(
          twin('--suite <file>', 'suite file that names document, envelope and credential'),
        ),
    ),
  )
    .addOption(
      twin(
        '--cannot <messages=reason>',
        'why messages in a pact, which are not HTTP, stay unjudged',
      ).argParser((value: string, before: string[] | undefined) => [
        ...(before ?? []),
        ...value.split('\n').filter((line) => line !== ''),
      ]),
    )
    .action(checkFiles)
}

async function checkFiles(files: readonly string[], flags: CheckFlags): Promise<void> {
  const destinations = readDestinations(flags)
  const messages = readReason(flags.cannot ?? [])
  const { checkPacts } = await import('../../check-pacts.ts')
  const { suite, document, envelope, strict } = flags
  const report = await checkPacts({ pacts: files, suite, document, envelope, strict, messages })
  await writeReports(report, destinations)
}

/** What live targets cannot show is nothing to a pact, so that one environment serves both commands. */
function readReason(cannot: readonly string[]): string | undefined {
  return cannot.map(splitCannot).find(({ status }) => status === 'messages')?.reason
}
