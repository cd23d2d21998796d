import type { Report } from './collect.ts'
import { plural } from './naming.ts'

/** The part of a report that has verdicts: what other shards look at is not theirs to tell. */
export function ownPart(report: Report): Report {
  if (report.shard === null) return report
  const targets = new Set(report.verdicts.map(({ target }) => target))
  const expectations = new Set(report.verdicts.map(({ expectation }) => expectation))
  return {
    ...report,
    targets: report.targets.filter(({ name }) => targets.has(name)),
    expectations: report.expectations.filter(({ id }) => expectations.has(id)),
  }
}

/** How a run can be repeated, and of how many shards it was merged, in a few words. */
export function tellRun({ seed, shards }: Report): readonly string[] {
  return [
    ...(seed === null ? [] : [`seed ${seed}`]),
    ...(shards === null ? [] : [tellMerged(shards)]),
  ]
}

function tellMerged(shards: NonNullable<Report['shards']>): string {
  const seen = shards.filter(({ told }) => told !== null).length
  return seen === shards.length ? plural(seen, 'shard') : `${seen} of ${shards.length} shards`
}
