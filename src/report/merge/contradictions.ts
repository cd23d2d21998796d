import type { Report, ReportVerdict } from '../collect.ts'
import { concludeReport } from '../conclude.ts'
import { invalid, type ReportFile } from './report-file.ts'

/**
 * Refuses a report that says what no run says, such as a pass with a broken promise in it: whoever wrote
 * it, its verdicts cannot be believed.
 *
 * @throws AssayError REPORT_INVALID
 */
export function refuseContradictions({ file, report }: ReportFile): void {
  report.verdicts.forEach((verdict, index) => {
    const lie = lieIn(verdict, report)
    if (lie !== undefined) throw invalid(file, `/verdicts/${index}`, lie)
  })
  const targets = new Set(report.targets.map(({ name }) => name))
  for (const part of ['leftovers', 'remarks'] as const) {
    const astray = report[part].findIndex(({ target }) => !targets.has(target))
    if (astray >= 0) throw invalid(file, `/${part}/${astray}/target`, 'there is no such target')
  }
  const { exitCode } = concludeReport(report)
  if (report.exitCode < 128 && report.exitCode !== exitCode)
    throw invalid(file, '/exitCode', `its verdicts make ${exitCode}, not ${report.exitCode}`)
}

function lieIn(
  { verdict, known, why, reasons, planned, observed, findings }: ReportVerdict,
  { strict }: Report,
) {
  const broken = findings.filter(({ level }) => level === 'must' || strict)
  const red = broken.length > 0
  if (verdict === 'skip' && why === undefined) return 'a skip says why'
  if ((verdict === 'skip' || verdict === 'error') && (reasons ?? []).length === 0)
    return `a verdict of "${verdict}" gives its reason`
  if (verdict === 'fail' && !red) return 'nothing of it failed'
  if (known === true && (verdict !== 'fail' || broken.some((each) => each.known === undefined)))
    return 'it is known, and not all that broke it is'
  if (known === true && observed < planned) return 'it is known, and was not observed'
  if (verdict !== 'pass') return undefined
  if (red) return 'it passed, and broke a promise'
  return observed === 0 || observed < planned ? 'it passed, and was not observed' : undefined
}
