import { markdownTable } from 'markdown-table'
import { tellShard } from '../plan/index.ts'
import type { Report, ReportExpectation } from './collect.ts'
import { listRuns } from './disagreements.ts'
import { printable } from './layout.ts'
import { chooseDrawn, type Drawing, rowTitle } from './matrix.ts'
import { nameAll, shortHash } from './naming.ts'
import { tellRun } from './part.ts'
import { type Revocations, sumUp, tellRevocations } from './revocations.ts'
import { standing } from './tell.ts'
import { listTroubles, type Trouble } from './troubles.ts'

/** What is written out in full; the JSON report has everything. */
const most = 20

/** Writes a run as Markdown, for a job summary or a comment: the matrix, then what is red and why, then the rest. */
export function renderMarkdown(report: Report): string {
  const { document, conclusion, tally, tool, shard } = report
  const part = shard === null ? [] : [tellShard(shard)]
  const drawing = chooseDrawn(report)
  const troubles = listTroubles(report)
  const runs = listRuns(nameAll(report))
  const known = troubles.filter(({ kind }) => kind === 'known')
  return [
    `## Assay: ${conclusion}`,
    `${escapeHtml(`${document.title} ${document.version} (${document.name}, ${shortHash(document.hash)})`)} · ${tally.pass} of ${report.verdicts.length} pass · ${[...tellRun(report), ...part].join(' · ')} · Assay ${tool.version}`,
    ...(runs.length === 0 ? [] : [escapeHtml(`Runs ${runs.map(printable).join('; ')}.`)]),
    ...drawing.drawn.map((expectations) => matrix(expectations, drawing)),
    ...(drawing.rest === undefined ? [] : [drawing.rest]),
    ...tellRevocations(report).map((told) => revocations(report, told)),
    ...listed(troubles.filter(({ kind }) => kind !== 'known')),
    ...(known.length === 0 ? [] : ['### Known', ...listed(known)]),
  ]
    .map((block) => `${block}\n`)
    .join('\n')
}

function listed(troubles: readonly Trouble[]): readonly string[] {
  return [
    ...troubles.slice(0, most).map(details),
    ...(troubles.length > most ? [`… and ${troubles.length - most} more.`] : []),
  ]
}

const marks = {
  pass: '✅ pass',
  fail: '❌ fail',
  error: '🟣 error',
  warning: '⚠️ warning',
  known: '📌 known',
  skip: '⏭️ skip',
  remark: 'ℹ️ note',
} as const

function details({ kind, title, text }: Trouble): string {
  const summary = escapeHtml(`${marks[kind]}: ${title}`)
  return `<details><summary>${summary}</summary>\n\n${fence(text)}\n\n</details>`
}

function matrix(
  expectations: readonly ReportExpectation[],
  { verdictOf, rowsOf }: Drawing,
): string {
  const rows = rowsOf(expectations).map((row) => [
    escapeHtml(rowTitle(row)),
    ...expectations.map(({ id }) => {
      const verdict = verdictOf(row[0], id)
      return verdict === undefined ? '' : marks[standing(verdict)]
    }),
  ])
  const [first] = expectations
  return `### \`${first?.method} ${first?.path}\`\n\n${markdownTable([['', ...expectations.map(({ name }) => name)], ...rows])}`
}

function revocations(report: Report, told: Revocations): string {
  const { cell, lines, more, worst, unmeasured, isPlain } = told
  if (isPlain) return `Deleted credentials stopped ${sumUp(report, cell)}.`
  const rows = lines.map(({ region, here, elsewhere, budget }) =>
    [region, here, elsewhere, budget].map(escapeHtml),
  )
  const head = ['Deleted credentials, used in', 'deleted there', 'deleted elsewhere', 'allowed']
  return [
    markdownTable([head, ...rows]),
    ...(more > 0 ? [`… and ${more} regions more, which took less.`] : []),
    ...(worst === '' ? [] : [escapeHtml(`Worst: ${worst}.`)]),
    ...unmeasured.map((each) => escapeHtml(`Not measured: ${printable(each)}.`)),
  ].join('\n\n')
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
