import type { Report } from './collect.ts'
import { redFindings, standing, tellFinding, tellReasons } from './tell.ts'

/** GitHub shows no more than ten annotations of a kind per step. */
const most = 10

/** Writes workflow commands that put each red cell at the line that promised it; of a pact, at the line that asks for it. */
export function renderGithub(report: Report): string {
  const lines = report.verdicts.flatMap((verdict) => {
    const title = `${verdict.target} › ${verdict.expectation}`
    const found = redFindings(report, verdict).map((finding) =>
      annotation(finding.at ?? finding.promised, title, tellFinding(finding)),
    )
    if (found.length > 0 || standing(verdict) === 'pass') return found
    const promised =
      report.expectations.find(({ id }) => id === verdict.expectation)?.promised ?? ''
    if (standing(verdict) === 'skip') return []
    return [annotation(promised, title, tellReasons(verdict).join('\n'))]
  })
  const rest = lines.length - most
  const shown =
    rest > 0
      ? [...lines.slice(0, most - 1), `::error title=Assay::${rest + 1} more; see the report`]
      : lines
  return shown.map((line) => `${line}\n`).join('')
}

function annotation(promised: string, title: string, message: string): string {
  const [, file = '', line = '1', column = '1'] = /^(.*):(\d+):(\d+)$/.exec(promised) ?? []
  const place = file === '' ? '' : `file=${property(file)},line=${line},col=${column},`
  return `::error ${place}title=${property(title)}::${data(message)}`
}

/** What would end the line of a workflow command has to be escaped. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
