import type { Command } from 'commander'
import { type ReportFlags, readDestinations, withFormatOptions, writeReports } from './reports.ts'

/** `assay merge`: join the reports of all shards to one, tell it, exit by it. */
export function addMerge(program: Command): void {
  withFormatOptions(
    program
      .command('merge')
      .description('join the JSON reports of all shards of a run to one report and one verdict')
      .argument('<reports...>', 'JSON reports, or folders with report.json files, however deep'),
  ).action(async (locations: readonly string[], flags: ReportFlags) => {
    const destinations = readDestinations(flags)
    const [{ loadReports }, { mergeReports }] = await Promise.all([
      import('../load-reports.ts'),
      import('../report/index.ts'),
    ])
    await writeReports(mergeReports(await loadReports(locations)), destinations)
  })
}
