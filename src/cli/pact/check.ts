import type { Command } from 'commander'
import { AssayError } from '../../errors.ts'
import { splitCannot, twin, withDocumentOptions } from '../options.ts'
import { type ReportFlags, readDestinations, withReportOptions, writeReports } from '../reports.ts'

type CheckFlags = ReportFlags & {
  readonly suite?: string
  readonly document?: string
  readonly envelope?: string
  readonly cannot?: string
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
      ),
    )
    .action(checkFiles)
}

async function checkFiles(files: readonly string[], flags: CheckFlags): Promise<void> {
  const destinations = readDestinations(flags)
  const messages = readReason(flags.cannot)
  const { checkPacts } = await import('../../check-pacts.ts')
  const { suite, document, envelope, strict } = flags
  const report = await checkPacts({ pacts: files, suite, document, envelope, strict, messages })
  await writeReports(report, destinations)
}

function readReason(cannot: string | undefined): string | undefined {
  if (cannot === undefined) return undefined
  const { status, reason } = splitCannot(cannot)
  if (status === 'messages') return reason
  throw new AssayError('USAGE', `a pact check can show ${JSON.stringify(status)}`, {
    hint: "only messages stay unjudged: --cannot 'messages=another tool verifies them'",
  })
}
