import { tellShard } from '../../plan/index.ts'
import type { ReportVerdict } from '../collect.ts'
import { invalid, type ReportFile } from './report-file.ts'
import { dealOf } from './shards.ts'

/**
 * Joins the verdicts of all shards in the order of the run: one for every expectation on every target.
 *
 * What a missing shard was to look at is an error, so that what the others saw is told all the same.
 *
 * @param shards in their order, undefined for one that left no report
 * @throws AssayError REPORT_INVALID for a verdict that is not the shard's to give, for one that is given
 * twice, and for one that is not there
 */
export function joinVerdicts(
  shards: readonly (ReportFile | undefined)[],
  { report }: ReportFile,
): readonly ReportVerdict[] {
  const { targets, expectations } = report
  const count = shards.length
  const shardOf = dealOf(report, count)
  const rows = new Map(targets.map(({ name }, index) => [name, index]))
  const columns = new Map(expectations.map(({ id, operation }, at) => [id, { at, operation }]))
  const cells = new Array<ReportVerdict | undefined>(targets.length * expectations.length)
  for (const each of shards) {
    if (each === undefined) continue
    const { file, report } = each
    report.verdicts.forEach((verdict, index) => {
      const at = `/verdicts/${index}`
      const row = rows.get(verdict.target)
      if (row === undefined) throw invalid(file, `${at}/target`, 'there is no such target')
      const column = columns.get(verdict.expectation)
      if (column === undefined)
        throw invalid(file, `${at}/expectation`, 'there is no such expectation')
      const owner = shardOf(row, column.operation)
      if (owner !== report.shard?.index)
        throw invalid(file, at, `this is for ${tellShard({ index: owner, count })} to tell`)
      const place = row * expectations.length + column.at
      if (cells[place] !== undefined) throw invalid(file, at, 'it tells the same cell twice')
      cells[place] = verdict
    })
  }
  return targets.flatMap(({ name }, row) =>
    expectations.map(({ id, operation }, column) => {
      const verdict = cells[row * expectations.length + column]
      if (verdict !== undefined) return verdict
      const index = shardOf(row, operation)
      const present = shards[index - 1]
      if (present !== undefined)
        throw invalid(present.file, '/verdicts', `it tells nothing of ${id} on ${name}`)
      const reason = `${tellShard({ index, count })} is missing: run it with --shard ${index}/${count}`
      return missing(id, name, reason)
    }),
  )
}

function missing(expectation: string, target: string, reason: string): ReportVerdict {
  return {
    expectation,
    target,
    verdict: 'error',
    reasons: [reason],
    codes: ['SHARD_MISSING'],
    planned: 0,
    observed: 0,
    findings: [],
    omitted: [],
  }
}
