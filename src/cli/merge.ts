import type { Command } from 'commander'
import type { ReportFile } from '../report/index.ts'
import type { Disagreement } from '../verdict/index.ts'
import { twin } from './options.ts'
import { type ReportFlags, readDestinations, withFormatOptions, writeReports } from './reports.ts'

type MergeFlags = ReportFlags & { readonly baseline?: string }

/** `assay merge`: join the reports of all shards to one, tell it, exit by it. */
export function addMerge(program: Command): void {
  withFormatOptions(
    program
      .command('merge')
      .description('join the JSON reports of all shards of a run to one report and one verdict')
      .argument('<reports...>', 'JSON reports, or folders with report.json files, however deep'),
  )
    .addOption(
      twin(
        '--baseline <file>',
        'what is known of how regions differ, which no shard can see alone',
      ),
    )
    .action(merge)
}

async function merge(locations: readonly string[], flags: MergeFlags): Promise<void> {
  const destinations = readDestinations(flags)
  const [{ loadReports }, { mergeReports }] = await Promise.all([
    import('../load-reports.ts'),
    import('../report/index.ts'),
  ])
  const files = await loadReports(locations)
  const know = flags.baseline === undefined ? undefined : await knowing(flags.baseline, files)
  await writeReports(mergeReports(files, know), destinations)
}

/** What marks disagreements that a baseline has. The shards have weighed their own findings. */
async function knowing(
  location: string,
  [first]: readonly ReportFile[],
): Promise<(disagreement: Disagreement) => Disagreement> {
  const [{ loadBaseline, watchBaseline }, { utcDay }] = await Promise.all([
    import('../baseline/index.ts'),
    import('../target/index.ts'),
  ])
  const today = utcDay()
  const baseline = await loadBaseline(location, { today })
  const strict = first?.report.strict ?? false
  const anything = () => true
  const rest = { strict, today, isPromised: anything, isTarget: anything }
  return watchBaseline({ baseline, ...rest }).takeDisagreement
}
