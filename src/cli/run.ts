import type { Command } from 'commander'
import type { RunEvent } from '../run.ts'
import { type BaselineFlags, updateBaseline, withBaselineOptions } from './baseline.ts'
import {
  count,
  prepareOptions,
  type TargetFlags,
  twin,
  withShardOption,
  withTargetOptions,
} from './options.ts'
import { type Progress, showProgress } from './progress.ts'
import { type ReportFlags, readDestinations, withReportOptions, writeReports } from './reports.ts'
import { beginning, stopOnSignals } from './signals.ts'

type RunFlags = TargetFlags &
  ReportFlags &
  BaselineFlags & {
    readonly seed?: number
    readonly journal?: string
  }

/** `assay run`: look at targets, tell what was seen, exit by it. */
export function addRun(program: Command): void {
  withBaselineOptions(
    withReportOptions(
      withShardOption(
        withTargetOptions(
          program
            .command('run')
            .description(
              'provoke every documented status on every target and judge what comes back',
            )
            .argument(
              '[suite]',
              'suite file; default: the control plane with its embedded reference provider',
            ),
        ),
      ),
    ),
  )
    .addOption(twin('--seed <n>', 'makes the random parts of requests repeat').argParser(count(0)))
    .addOption(
      twin('--journal <folder>', 'where created resources are noted; default: .assay/journal'),
    )
    .action(runSuite)
}

async function runSuite(suite: string | undefined, flags: RunFlags): Promise<void> {
  const destinations = readDestinations(flags)
  const [{ run }, { collectReport }] = await Promise.all([
    import('../run.ts'),
    import('../collect.ts'),
  ])
  const stopping = stopOnSignals()
  const progress = showProgress(process.stderr)
  let ended: (RunEvent & { kind: 'ended' }) | undefined
  const observe = (event: RunEvent) => {
    progress.observe(event)
    if (event.kind === 'ended') ended = event
  }
  const report = await collect(progress, () =>
    collectReport(
      run({
        ...prepareOptions(suite, flags),
        strict: flags.strict,
        baseline: flags.baseline,
        baselineUpdate: flags.baselineUpdate,
        seed: flags.seed,
        journal: flags.journal,
        signal: stopping.signal,
      }),
      { strict: flags.strict ?? false, observe: beginning(stopping, observe) },
    ),
  )
  await writeReports(report, destinations)
  await updateBaseline(ended, process.stderr)
}

async function collect<T>(progress: Progress, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    progress.end()
  }
}
