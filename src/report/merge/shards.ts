import { AssayError } from '../../errors.ts'
import { deal, type Shard, tellShard } from '../../plan/index.ts'
import type { Report } from '../collect.ts'
import { invalid, type ReportFile } from './report-file.ts'

/** Cells that a run may have; more than that nobody has, and no memory holds. */
const mostCells = 5_000_000

/**
 * Puts the reports in the order of their shards; undefined stands for a shard that left none.
 *
 * @param files of one run
 * @throws AssayError MERGE_NOT_A_SHARD, MERGE_SHARD_TWICE; REPORT_INVALID for a shard that cannot be
 */
export function inOrder(files: readonly ReportFile[]): readonly (ReportFile | undefined)[] {
  const ordered: (ReportFile | undefined)[] = []
  for (const each of files) {
    const { index, count } = shardOf(each)
    const before = ordered[index - 1]
    if (before !== undefined) throw twice({ index, count }, before, each)
    if (ordered.length === 0) ordered.push(...Array.from({ length: count }, () => undefined))
    ordered[index - 1] = each
  }
  return ordered
}

function shardOf({ file, report }: ReportFile): Shard {
  const { shard, shards, targets, expectations } = report
  if (shard === null) {
    const what = shards === null ? 'a run that was not split' : 'a merge'
    throw new AssayError('MERGE_NOT_A_SHARD', `${file} is the report of ${what}`, {
      hint: 'merge what assay run --shard i/n wrote: without it nobody would see that a part is missing',
    })
  }
  const operations = operationsOf(report).size
  if (targets.length * expectations.length > mostCells)
    throw invalid(file, '', `it speaks of more than ${mostCells} cells`)
  if (shard.index > shard.count || shard.count > targets.length * operations)
    throw invalid(file, '/shard', `there is no ${tellShard(shard)}`)
  return shard
}

/** Says which shard is to look at an operation on a target; both by their place in the report. */
export function dealOf(report: Report, shards: number) {
  const operations = operationsOf(report)
  const shardOf = deal({ targets: report.targets.length, operations: operations.size, shards })
  return (target: number, operation: string) => shardOf(target, operations.get(operation) ?? 0)
}

function operationsOf({ expectations }: Report): ReadonlyMap<string, number> {
  const operations = new Map<string, number>()
  for (const { operation } of expectations)
    if (!operations.has(operation)) operations.set(operation, operations.size)
  return operations
}

function twice(shard: Shard, { file }: ReportFile, other: ReportFile): AssayError {
  const message = `${tellShard(shard)} is there twice: ${file} and ${other.file}`
  return new AssayError('MERGE_SHARD_TWICE', message, {
    hint: 'give one report of each shard: that of the last try, where a job was run again',
  })
}
