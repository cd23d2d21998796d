import { styleText } from 'node:util'
import type { Report, ReportExpectation, ReportFinding, ReportVerdict } from './collect.ts'

export type ConsoleOptions = {
  /** Whether colours may be used; nothing is said by colour alone. */
  readonly color: boolean
}

type Paint = (word: string, text?: string) => string

/** Beyond this many operations only those are drawn in which something is to be seen. */
const drawnOperations = 8

/** Tells a run to people: the matrix, then each finding once, then what was not seen and why. */
export function renderConsole(report: Report, { color }: ConsoleOptions): string {
  const paint = painter(color)
  const view = { report, paint, regions: nameTargets(report) }
  return [
    heading(report),
    ...matrices(view),
    ...findings(view),
    ...errors(view),
    ...skips(view),
    ...leftovers(view),
    ending(view),
  ]
    .map((block) => `${block}\n`)
    .join('\n')
}

type View = {
  readonly report: Report
  readonly paint: Paint
  /** How each target is called in this report: by its region, where that is unique. */
  readonly regions: ReadonlyMap<string, string>
}

function heading({ tool, document, suite }: Report): string {
  return `Assay ${tool.version} · ${document.title} ${document.version} (${document.name}) · suite ${suite}`
}

function nameTargets({ targets }: Report): ReadonlyMap<string, string> {
  const regions = targets.map(({ region }) => region)
  const unique = new Set(regions).size === regions.length
  return new Map(targets.map(({ name, region }) => [name, unique ? region : name]))
}

function matrices({ report, paint, regions }: View): readonly string[] {
  const operations = byOperation(report.expectations)
  const byCell = new Map(
    report.verdicts.map((each) => [`${each.target} ${each.expectation}`, each]),
  )
  const drawn = [...operations.values()].filter(
    (expectations) =>
      operations.size <= drawnOperations ||
      !report.targets.every(({ name }) =>
        expectations.every(({ id }) => byCell.get(`${name} ${id}`)?.verdict === 'pass'),
      ),
  )
  const blocks = drawn.map((expectations) => {
    const rows = report.targets.map(({ name }) => [
      regions.get(name) ?? name,
      ...expectations.map(({ id }) => word(byCell.get(`${name} ${id}`))),
    ])
    const head = ['', ...expectations.map(({ name }) => name)]
    const widths = head.map((_, column) =>
      Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
    )
    const line = (cells: readonly string[], style: Paint) =>
      `  ${cells.map((cell, column) => `${column === 0 ? cell : style(cell)}${' '.repeat((widths[column] ?? 0) - cell.length)}`).join('  ')}`.trimEnd()
    const { method, path } = expectations[0] as ReportExpectation
    return [
      `${method} ${path}`,
      line(head, (cell) => cell),
      ...rows.map((row) => line(row, paint)),
    ].join('\n')
  })
  const hidden = operations.size - drawn.length
  return hidden === 0
    ? blocks
    : [...blocks, `${hidden} more operations: all pass, in every region.`]
}

function byOperation(expectations: readonly ReportExpectation[]) {
  const groups = new Map<string, ReportExpectation[]>()
  for (const expectation of expectations) {
    const group = groups.get(expectation.operation)
    if (group === undefined) groups.set(expectation.operation, [expectation])
    else group.push(expectation)
  }
  return groups
}

function word(verdict: ReportVerdict | undefined): string {
  return verdict?.verdict ?? '-'
}

function findings(view: View): readonly string[] {
  const { report, paint, regions } = view
  const seen = new Map<
    string,
    { cell: string; finding: ReportFinding; targets: string[]; times: number }
  >()
  for (const { expectation, target, findings: found } of report.verdicts) {
    for (const finding of found) {
      const key = JSON.stringify([expectation, finding.check, finding.expected, finding.received])
      const known = seen.get(key)
      const name = regions.get(target) ?? target
      if (known === undefined) {
        seen.set(key, { cell: expectation, finding, targets: [name], times: finding.times })
      } else {
        known.targets.push(name)
        known.times += finding.times
      }
    }
  }
  return [...seen.values()].map(({ cell, finding, targets, times }) => {
    const label = finding.level === 'must' || report.strict ? 'FAIL' : 'WARN'
    return block(
      paint(label.toLowerCase(), label),
      `${title(report, cell)}   ${finding.check}   ${share(targets, view)}`,
      [
        ['expected', expectedLine(finding)],
        ['received', finding.received],
        ['promised', finding.promised],
        ['seen', `${times === 1 ? 'once' : `${times} times`}, first by ${finding.probe}`],
        ...finding.reproduce.map((line, index) => [index === 0 ? 'again' : '', line] as const),
      ],
    )
  })
}

function expectedLine({ expected, because }: ReportFinding): string {
  const [first, ...others] = because
  if (first === undefined) return expected
  const more = others.map((each) => `\nalso because ${each}`)
  return [
    `${expected}, because ${first}`,
    ...more.slice(0, 3),
    ...(more.length > 3 ? [`\nand ${more.length - 3} reasons more`] : []),
  ].join('')
}

/** Says each cause once, with everything it kept from being seen. */
function errors({ report, paint, regions }: View): readonly string[] {
  const causes = new Map<string, { target: string; reason: string; cells: string[] }>()
  for (const { expectation, target, verdict, reasons } of report.verdicts) {
    if (verdict !== 'error') continue
    for (const reason of reasons ?? []) {
      const known = causes.get(`${target} ${reason}`)
      if (known === undefined)
        causes.set(`${target} ${reason}`, { target, reason, cells: [expectation] })
      else known.cells.push(expectation)
    }
  }
  return [...causes.values()].map(({ target, reason, cells }) =>
    block(paint('error', 'ERROR'), regions.get(target) ?? target, [
      ['cause', reason],
      ['unseen', list(cells)],
    ]),
  )
}

function skips(view: View): readonly string[] {
  const { report, paint, regions } = view
  const groups = new Map<
    string,
    { expectation: string; why: string; reason: string; targets: string[] }
  >()
  for (const { expectation, target, verdict, why = '', reasons } of report.verdicts) {
    if (verdict !== 'skip') continue
    const reason = reasons?.[0] ?? ''
    const key = JSON.stringify([expectation, why, reason])
    const name = regions.get(target) ?? target
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { expectation, why, reason, targets: [name] })
    else known.targets.push(name)
  }
  return [...groups.values()].map(({ expectation, why, reason, targets }) =>
    block(
      paint('skip', 'SKIP'),
      `${title(report, expectation)}   ${why}   ${share(targets, view)}`,
      [['reason', reason]],
    ),
  )
}

function leftovers({ report, paint, regions }: View): readonly string[] {
  return report.leftovers.map(({ target, state, name, reason }) =>
    block(paint('fail', 'LEFT'), `${regions.get(target) ?? target}   ${name ?? state}`, [
      ['state', state],
      ['reason', reason],
      ['next', 'assay cleanup, with the same suite and targets'],
    ]),
  )
}

function ending({ report, paint }: View): string {
  const { tally, targets, requests, ms, conclusion } = report
  const total = Object.values(tally).reduce((sum, count) => sum + count, 0)
  const skipped = tally.declared + tally.undeclared + tally.unproven + tally.stopped
  const counts = [
    `${tally.pass} of ${total} pass`,
    ...(tally.fail > 0 ? [`${tally.fail} fail`] : []),
    ...(tally.error > 0 ? [`${tally.error} error`] : []),
    ...(skipped > 0 ? [`${skipped} skip`] : []),
  ]
  const where = `${targets.length} ${targets.length === 1 ? 'target' : 'targets'}`
  const word = paint(report.exitCode === 0 ? 'pass' : 'fail', conclusion)
  return `${word}: ${counts.join(', ')} · ${where} · ${requests} requests · ${(ms / 1000).toFixed(2)} s · seed ${report.seed}`
}

function title(report: Report, id: string): string {
  const expectation = report.expectations.find((each) => each.id === id)
  return expectation === undefined
    ? id
    : `${expectation.method} ${expectation.path} → ${expectation.name}`
}

function share(targets: readonly string[], { report }: View): string {
  const names = [...new Set(targets)]
  if (report.targets.length === 1) return `in ${names[0]}`
  if (names.length === report.targets.length) return 'in every region'
  return `in ${list(names)} (${names.length} of ${report.targets.length})`
}

function list(names: readonly string[], most = 6): string {
  const shown = names.slice(0, most).join(', ')
  return names.length <= most ? shown : `${shown} and ${names.length - most} more`
}

function block(label: string, title: string, rows: readonly (readonly [string, string])[]): string {
  const width = 10
  return [
    `${label}  ${title}`,
    ...rows.map(
      ([name, value]) =>
        `      ${name.padEnd(width)}${value.replaceAll('\n', `\n${' '.repeat(6 + width)}`)}`,
    ),
  ].join('\n')
}

function painter(color: boolean): Paint {
  const styles = {
    pass: 'green',
    fail: 'red',
    error: 'magenta',
    skip: 'yellow',
    warn: 'yellow',
  } as const
  return (word, text = word) => {
    const style = Object.hasOwn(styles, word) ? styles[word as keyof typeof styles] : undefined
    return color && style !== undefined ? styleText(style, text, { validateStream: false }) : text
  }
}
