import type { Report, ReportExpectation, ReportVerdict } from './collect.ts'
import { type Paint, width } from './layout.ts'
import { type Group, groupBy, list } from './naming.ts'

/** Beyond this many operations only those are drawn in which something is to be seen. */
const drawnOperations = 8

/** Beyond this many regions those whose verdicts are alike share a row. */
const drawnRegions = 8

/** Targets whose verdicts on an operation are drawn as one row; all of them have those of the first. */
export type Row = Group<string>

/** The operations of a run as a report draws them, and what became of the others, in words. */
export type Drawing = {
  readonly drawn: readonly (readonly ReportExpectation[])[]
  readonly rest: string | undefined
  verdictOf(target: string, expectation: string): ReportVerdict | undefined
  rowsOf(expectations: readonly ReportExpectation[]): readonly Row[]
}

/** Chooses what is drawn: every operation, and of many those in which something is broken. */
export function chooseDrawn(report: Report): Drawing {
  const operations = byOperation(report.expectations)
  const cells = new Map(report.verdicts.map((each) => [`${each.target} ${each.expectation}`, each]))
  const verdictOf = (target: string, id: string) => cells.get(`${target} ${id}`)
  const living = report.targets.filter(({ name }) =>
    report.expectations.some(({ id }) => verdictOf(name, id)?.verdict !== 'error'),
  )
  const verdictsOf = (expectations: readonly ReportExpectation[], targets = report.targets) =>
    targets.flatMap(({ name }) => expectations.map(({ id }) => verdictOf(name, id)))
  const drawn = operations.filter(
    (expectations) =>
      operations.length <= drawnOperations ||
      verdictsOf(expectations, living).some(
        (verdict) => verdict === undefined || ['fail', 'error'].includes(verdict.verdict),
      ),
  )
  const hidden = operations.filter((expectations) => !drawn.includes(expectations))
  const rest = hidden.length === 0 ? undefined : summary(hidden.length, verdictsOf(hidden.flat()))
  const rowsOf = (expectations: readonly ReportExpectation[]) =>
    groupBy(
      report.targets.map(({ name }) => name),
      (name) =>
        report.targets.length <= drawnRegions
          ? name
          : expectations.map(({ id }) => kindOf(verdictOf(name, id))).join(),
    )
  return { drawn, rest, verdictOf, rowsOf }
}

/** What stands before a row: up to three names, or how many there are. */
export function rowTitle(row: Row, nameOf = (name: string) => name): string {
  return row.length <= 3 ? list(row.map(nameOf)) : `${row.length} regions`
}

/** Draws operations as tables, their expectations over the regions. */
export function matrices(
  report: Report,
  names: ReadonlyMap<string, string>,
  paint: Paint,
): readonly string[] {
  const { drawn, rest, verdictOf, rowsOf } = chooseDrawn(report)
  const tables = drawn.map((expectations) => {
    const rows = rowsOf(expectations).map((row) => [
      rowTitle(row, (name) => names.get(name) ?? name),
      ...expectations.map(({ id }) => word(verdictOf(row[0], id))),
    ])
    return table(expectations, rows, paint)
  })
  return rest === undefined ? tables : [...tables, rest]
}

function table(
  expectations: readonly ReportExpectation[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): string {
  const head = ['', ...expectations.map(({ name }) => name)]
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[], style: Paint, columns: readonly number[]) => {
    const padded = [0, ...columns].map((column) => {
      const cell = cells[column] ?? ''
      const text = column === 0 ? cell : style(cell)
      return `${text}${' '.repeat((widths[column] ?? 0) - cell.length)}`
    })
    return `  ${padded.join('  ')}`.trimEnd()
  }
  const [first] = expectations
  const parts = sideBySide(widths).map((columns) => [
    line(head, (cell) => cell, columns),
    ...rows.map((row) => line(row, paint, columns)),
  ])
  return [`${first?.method} ${first?.path}`, ...parts.map((lines) => lines.join('\n'))].join('\n')
}

/** The columns that fit beside the first one, part by part. */
function sideBySide([first = 0, ...widths]: readonly number[]): readonly (readonly number[])[] {
  const parts: number[][] = []
  let used = width
  widths.forEach((each, index) => {
    used += each + 2
    if (used > width) {
      parts.push([])
      used = 2 + first + 2 + each
    }
    parts.at(-1)?.push(index + 1)
  })
  return parts
}

/** What became of the operations that are not drawn: `12 more operations: 40 pass, 8 skip`. */
function summary(count: number, verdicts: readonly (ReportVerdict | undefined)[]): string {
  const counts = (['pass', 'skip', 'error'] as const)
    .map((kind) => [kind, verdicts.filter((each) => each?.verdict === kind).length] as const)
    .filter(([, times]) => times > 0)
    .map(([kind, times]) => `${times} ${kind}`)
  return `${count} more ${count === 1 ? 'operation' : 'operations'}: ${counts.join(', ')}.`
}

function byOperation(
  expectations: readonly ReportExpectation[],
): readonly (readonly ReportExpectation[])[] {
  const groups = new Map<string, ReportExpectation[]>()
  for (const expectation of expectations) {
    const group = groups.get(expectation.operation)
    if (group === undefined) groups.set(expectation.operation, [expectation])
    else group.push(expectation)
  }
  return [...groups.values()]
}

function kindOf(verdict: ReportVerdict | undefined): string {
  return `${verdict?.verdict} ${verdict?.why}`
}

function word(verdict: ReportVerdict | undefined): string {
  return verdict === undefined ? '-' : verdict.known === true ? 'known' : verdict.verdict
}
