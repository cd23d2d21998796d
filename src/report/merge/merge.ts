import { AssayError } from '../../errors.ts'
import { tellShard } from '../../plan/index.ts'
import { agree, type Disagreement } from '../../verdict/index.ts'
import type { Report, ReportShard } from '../collect.ts'
import { concludeReport } from '../conclude.ts'
import { joinSeen } from './answers.ts'
import { joinBaselines } from './baselines.ts'
import { refuseContradictions } from './contradictions.ts'
import type { ReportFile } from './report-file.ts'
import { refuseDifferences } from './same-run.ts'
import { inOrder } from './shards.ts'
import { joinTargets } from './targets.ts'
import { joinVerdicts } from './verdicts.ts'

/**
 * Joins the reports of the shards of one run to the report of the whole.
 *
 * Everything that can be concluded is concluded anew from the verdicts. A shard that is missing is an
 * error, one that was interrupted keeps the whole from being green.
 *
 * @param know marks what a baseline knows of how targets differ, which no shard could see alone
 * @throws AssayError MERGE_MISMATCH for reports of different runs, MERGE_NOT_A_SHARD, MERGE_SHARD_TWICE,
 * REPORT_INVALID for what contradicts itself, REPORT_NONE
 */
export function mergeReports(
  files: readonly ReportFile[],
  know = (each: Disagreement): Disagreement => each,
): Report {
  files.forEach(refuseContradictions)
  refuseDifferences(files)
  const shards = inOrder(files)
  const told = shards.flatMap((each) => each ?? [])
  const [first] = told
  if (first === undefined)
    throw new AssayError('REPORT_NONE', 'there is no report to merge', {
      hint: 'name the JSON reports of all shards, or the folder that they are in',
    })
  const reports = told.map(({ report }) => report)
  const verdicts = joinVerdicts(shards, first)
  const leftovers = reports.flatMap((each) => each.leftovers)
  const answers = joinSeen(reports)
  const disagreements = answers === null ? [] : agree(answers, verdicts).map(know)
  const baseline = joinBaselines(reports)
  const parts = { verdicts, leftovers, disagreements, baseline, strict: first.report.strict }
  const remarks = reports.flatMap((each) => [...each.remarks, ...remarkStop(each)])
  return {
    ...first.report,
    ...joinTimes(reports),
    run: null,
    seed: onlyOne(reports.map(({ seed }) => seed)),
    requests: reports.reduce((sum, each) => sum + each.requests, 0),
    shard: null,
    shards: shards.map(tellRun),
    targets: joinTargets(told),
    ...parts,
    answers,
    remarks,
    revocations: reports.flatMap((each) => each.revocations),
    ...withInterruption(concludeReport(parts), reports),
  }
}

/** From the first start to the last end, as the machines' own clocks have it. */
function joinTimes(reports: readonly Report[]): Pick<Report, 'startedAt' | 'ms'> {
  const starts = reports.map(({ startedAt }) => Date.parse(startedAt))
  const ends = reports.map(({ ms }, index) => (starts[index] ?? 0) + ms)
  const start = starts.reduce((a, b) => Math.min(a, b))
  return {
    startedAt: new Date(start).toISOString(),
    ms: ends.reduce((a, b) => Math.max(a, b)) - start,
  }
}

function tellRun(each: ReportFile | undefined, index: number): ReportShard {
  if (each === undefined) return { index: index + 1, told: null }
  const { run, seed, startedAt, ms, requests, exitCode } = each.report
  return {
    index: index + 1,
    told: { file: each.file, run, seed, startedAt, ms, requests, exitCode },
  }
}

/** Says of what a stopped run looked at that more may have been left to do there. */
function remarkStop({ exitCode, shard, verdicts }: Report): Report['remarks'] {
  if (exitCode < 128 || shard === null) return []
  const text = `${tellShard(shard)} was interrupted (exit ${exitCode})`
  return [...new Set(verdicts.map(({ target }) => target))].map((target) => ({ target, text }))
}

/** A run that was stopped is not green, even where the signal came after the last verdict. */
function withInterruption(
  concluded: ReturnType<typeof concludeReport>,
  reports: readonly Report[],
) {
  const stopped = reports.find(({ exitCode }) => exitCode >= 128)
  if (stopped === undefined || concluded.exitCode !== 0) return concluded
  return { ...concluded, exitCode: stopped.exitCode, conclusion: 'interrupted' as const }
}

function onlyOne<T>(values: readonly (T | null)[]): T | null {
  const [first = null] = values
  return values.every((each) => each === first) ? first : null
}
