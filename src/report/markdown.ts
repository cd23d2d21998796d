import { markdownTable } from 'markdown-table'
import type { Report } from './collect.ts'
import { redFindings, standing, tellFinding, tellReasons } from './tell.ts'

/** Findings written out in full; the JSON report has them all. */
const most = 20

/** Writes a run as Markdown, for a job summary or a comment: the matrix, then what is red and why. */
export function renderMarkdown(report: Report): string {
  const { document, conclusion, tally, seed, tool } = report
  const operations = [...new Set(report.expectations.map(({ operation }) => operation))]
  const red = report.verdicts.filter((each) => ['fail', 'error'].includes(standing(each)))
  const shown = red.slice(0, most).map((verdict) => {
    const findings = redFindings(report, verdict).map(tellFinding)
    const text = [...findings, ...tellReasons(verdict)].join('\n\n')
    return `<details><summary>${escapeHtml(`${verdict.target} › ${verdict.expectation}: ${standing(verdict)}`)}</summary>\n\n${fence(text)}\n\n</details>`
  })
  return [
    `## Assay: ${conclusion}`,
    `${document.title} ${document.version} (\`${document.name}\`) · ${tally.pass} of ${report.verdicts.length} pass · seed ${seed} · Assay ${tool.version}`,
    ...operations.map((operation) => matrix(report, operation)),
    ...shown,
    ...(red.length > most ? [`… and ${red.length - most} more.`] : []),
    ...report.leftovers.map(({ target, name, state }) => `**Left on ${target}:** ${name ?? state}`),
  ]
    .map((block) => `${block}\n`)
    .join('\n')
}

const marks = { pass: '✅ pass', fail: '❌ fail', error: '🟣 error', skip: '⏭️ skip' } as const

function matrix(report: Report, operation: string): string {
  const expectations = report.expectations.filter((each) => each.operation === operation)
  const verdicts = new Map(
    report.verdicts.map((each) => [`${each.target} ${each.expectation}`, each]),
  )
  const rows = report.targets.map(({ name }) => [
    name,
    ...expectations.map(({ id }) => {
      const verdict = verdicts.get(`${name} ${id}`)
      return verdict === undefined ? '' : marks[standing(verdict)]
    }),
  ])
  const [first] = expectations
  return `### \`${first?.method} ${first?.path}\`\n\n${markdownTable([['', ...expectations.map(({ name }) => name)], ...rows])}`
}

/** A fence that is longer than any in the text. */
function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const mark = '`'.repeat(longest + 1)
  return `${mark}text\n${text}\n${mark}`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
