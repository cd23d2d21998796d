import type { Report, ReportBaseline, StaleEntry } from '../collect.ts'

/** What became of the known findings in all shards; null: none of them had a baseline. */
export function joinBaselines(reports: readonly Report[]): ReportBaseline | null {
  const [first, ...rest] = reports.flatMap(({ baseline }) => baseline ?? [])
  if (first === undefined) return null
  const all = [first, ...rest]
  return {
    file: first.file,
    known: all.reduce((sum, { known }) => sum + known, 0),
    expired: unique(all.flatMap(({ expired }) => expired)),
    unseen: unique(all.flatMap(({ unseen }) => unseen)),
  }
}

/** An entry of what nothing promises any more, or of a target that is gone, is told by every shard. */
function unique(entries: readonly StaleEntry[]): readonly StaleEntry[] {
  return [...new Map(entries.map((each) => [JSON.stringify(each), each])).values()]
}
