import { findingKey, tellKnown } from '../verdict/index.ts'
import type { Report, ReportFinding, ReportVerdict, StaleEntry } from './collect.ts'
import type { ToldDisagreement } from './disagreements.ts'
import { printable } from './layout.ts'

/** How a verdict reads where skips are green: a skip that nobody declared is a failure, and what is known is none. */
export function standing(verdict: ReportVerdict): 'pass' | 'fail' | 'known' | 'error' | 'skip' {
  if (verdict.known === true) return 'known'
  return verdict.verdict === 'skip' && verdict.why !== 'declared' ? 'fail' : verdict.verdict
}

/** What a finding counts as: known, red, or mere practice. */
export function weightOf(
  { level, known }: Pick<ReportFinding, 'level' | 'known'>,
  { strict }: Pick<Report, 'strict'>,
): 'known' | 'fail' | 'warning' {
  if (known !== undefined) return 'known'
  return level === 'must' || strict ? 'fail' : 'warning'
}

/** What makes two findings of a report one to be told: the same finding, known in the same way. */
export function tellingKey(finding: ReportFinding): string {
  return findingKey(finding) + JSON.stringify([finding.known, finding.notKnown])
}

/** The entries of the baseline that are expired or no longer seen, one for each target. */
export function listStale({ baseline }: Report): readonly StaleEntry[] {
  return [...(baseline?.expired ?? []), ...(baseline?.unseen ?? [])]
}

/** One finding in lines: what was expected, what came, who promised it, how to see it again. */
export function tellFinding(finding: ReportFinding): string {
  const { check, expected, because, received, promised, at, probe, reproduce } = finding
  const { fingerprint, known, notKnown } = finding
  const reasons = because.length === 0 ? '' : `, because ${because.join('; ')}`
  return [
    `${check}: expected ${expected}${reasons}`,
    `received ${received}`,
    `promised ${promised}`,
    ...(at === undefined ? [] : [`asked ${at}, by ${JSON.stringify(probe)}`]),
    `finding ${fingerprint}`,
    ...(known === undefined ? [] : [tellKnown(known)]),
    ...(notKnown === undefined ? [] : [`new: ${notKnown}`]),
    ...reproduce,
  ]
    .map(printable)
    .join('\n')
}

/** A disagreement in lines: what was expected, what came, who promised it, how to see it again. */
export function tellRows({ title, rows, reproduce }: ToldDisagreement): string {
  const lines = rows.flatMap(([name, text]) => text.split('\n').map((line) => `${name} ${line}`))
  const [first = '', ...others] = lines
  return [`${title[1]}: ${first}`, ...others, ...reproduce].map(printable).join('\n')
}

/** Everything that keeps a verdict from being a pass, in lines, before what is mere practice. */
export function tellVerdict(verdict: ReportVerdict): string {
  return [...tellReasons(verdict), ...verdict.findings.map(tellFinding)].join('\n\n')
}

/** Why a verdict was skipped, or could not be reached. */
export function tellReasons({ why, reasons = [] }: ReportVerdict): readonly string[] {
  return reasons.map((reason) => printable(why === undefined ? reason : `${why}: ${reason}`))
}
