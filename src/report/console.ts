import { findingKey } from '../verdict/index.ts'
import type { Report, ReportExpectation, ReportFinding, ReportVerdict } from './collect.ts'
import { block, type Paint, pack, painter } from './layout.ts'
import { matrices } from './matrix.ts'

export type ConsoleOptions = {
  /** Whether colours may be used; nothing is said by colour alone. */
  readonly color: boolean
}

/** Tells a run to people: the matrix, then each finding once, then what was not seen and why. */
export function renderConsole(report: Report, { color }: ConsoleOptions): string {
  const view: View = {
    report,
    paint: painter(color),
    names: nameTargets(report),
    known: new Map(report.expectations.map((each) => [each.id, each])),
  }
  const found = findings(view)
  return [
    heading(report),
    ...matrices(report, view.names, view.paint),
    ...found.map(({ text }) => text),
    ...errors(view),
    ...skips(view),
    ...omissions(view),
    ...leftovers(view),
    ending(view, found.filter(({ label }) => label === 'WARN').length),
  ]
    .map((each) => `${each}\n`)
    .join('\n')
}

type View = {
  readonly report: Report
  readonly paint: Paint
  /** How each target is called in this report: by its region, where that is unique. */
  readonly names: ReadonlyMap<string, string>
  readonly known: ReadonlyMap<string, ReportExpectation>
}

function heading({ tool, document, suite }: Report): string {
  return `Assay ${tool.version} · ${document.title} ${document.version} (${document.name}) · suite ${suite}`
}

function nameTargets({ targets }: Report): ReadonlyMap<string, string> {
  const regions = targets.map(({ region }) => region)
  const unique = new Set(regions).size === regions.length
  return new Map(targets.map(({ name, region }) => [name, unique ? region : name]))
}

type Seen = { readonly cell: string; readonly finding: ReportFinding; readonly target: string }

/** Each broken promise once, with every region in which it was seen; what is red comes first. */
function findings(view: View) {
  const { report, paint } = view
  const order = new Map(report.expectations.map(({ id }, index) => [id, index]))
  const seen = report.verdicts.flatMap(({ expectation, target, findings: found }) =>
    found.map((finding): Seen => ({ cell: expectation, finding, target })),
  )
  const groups = groupBy(seen, ({ cell, finding }) =>
    finding.check === 'status-code' ? `answer ${answerIn(finding)}` : cell + findingKey(finding),
  )
  return groups
    .map((group) => {
      const [{ cell, finding }] = group
      const cells = cellsOf(group)
      const one = isOneOperation(cells, view)
      const label = finding.level === 'must' || report.strict ? 'FAIL' : 'WARN'
      const times = group.reduce((sum, each) => sum + each.finding.times, 0)
      const because = new Set(group.flatMap((each) => each.finding.because))
      const text = block(
        paint(label.toLowerCase(), label),
        [one ? titleOf(cells, view) : `${cells.length} expectations`, finding.check],
        where(group, view),
        [
          ...(one ? [] : [['cells', namesOf(cells, view)] as const]),
          ['expected', expectedLine(expectedIn(group), [...because])],
          ['received', finding.received],
          ['promised', finding.promised],
          finding.at === undefined
            ? ['seen', `${times === 1 ? 'once' : `${times} times`}, first by ${finding.probe}`]
            : ['asked', `${finding.at}, by ${JSON.stringify(finding.probe)}`],
        ],
        finding.reproduce,
      )
      return { label, text, rank: (order.get(cell) ?? 0) + (label === 'FAIL' ? 0 : order.size) }
    })
    .sort((a, b) => a.rank - b.rank)
}

/** The answer that came in place of the expected one: the same for many cells has one cause. */
function answerIn({ received, level }: ReportFinding): string {
  return `${level} ${received.replace(/, not among the documented .*/, '')}`
}

function expectedIn(group: readonly Seen[]): string {
  return list([...new Set(group.map(({ finding }) => finding.expected))]).replaceAll(', ', ' or ')
}

function expectedLine(expected: string, because: readonly string[]): string {
  const [first, ...others] = because
  if (first === undefined) return expected
  const shown = others.length <= 5 ? others : others.slice(0, 4)
  const rest = others.length - shown.length
  return [
    `${expected}, because ${first}`,
    ...shown.map((each) => `also because ${each}`),
    ...(rest > 0 ? [`and for ${rest} more reasons`] : []),
  ].join('\n')
}

type Unseen = { readonly cell: string; readonly target: string; readonly reason: string }

/** Says each cause once, with everything that it kept from being seen. */
function errors(view: View): readonly string[] {
  const { report, paint } = view
  const causes = reasonsOf(report.verdicts.filter(({ verdict }) => verdict === 'error'))
  return groupBy(causes, ({ target, reason }) => `${target} ${rootOf(reason)}`).map((group) => {
    const [{ target, reason: first }] = group
    const reason = group.every((each) => each.reason === first) ? first : rootOf(first)
    const all = group.length === report.expectations.length
    return block(paint('error', 'ERROR'), [view.names.get(target) ?? target], '', [
      ['cause', reason],
      ['unseen', all ? 'everything' : namesOf(cellsOf(group), view)],
    ])
  })
}

/** Why a state could not be set up is one cause, however many states it kept from us. */
function rootOf(reason: string): string {
  return reason.replace(/^the state "[^"]*" could not be set up: /, '')
}

/** Says each reason once, with every expectation and region that was left out for it. */
function skips(view: View): readonly string[] {
  const { report, paint } = view
  const skipped = report.verdicts.filter(({ verdict }) => verdict === 'skip')
  const perCell = groupBy(reasonsOf(skipped), ({ cell, why, reason }) =>
    JSON.stringify([cell, why, reason]),
  )
  const groups = groupBy(perCell, (group) => {
    const [{ why, reason }] = group
    return JSON.stringify([why, reason, group.map(({ target }) => target)])
  })
  return groups.map((group) => {
    const [[{ why, reason }]] = group
    const cells = cellsOf(group.flat())
    const one = cells.length === 1 || isOneOperation(cells, view)
    return block(
      paint('skip', 'SKIP'),
      [one ? titleOf(cells, view) : `${cells.length} expectations`, why],
      where(group.flat(), view),
      [['reason', reason], ...(one ? [] : [['unseen', namesOf(cells, view)] as const])],
    )
  })
}

/** What passed although some of its probes were not sent: the rest of them proves less. */
function omissions(view: View): readonly string[] {
  const omitted = view.report.verdicts
    .filter(({ verdict }) => verdict === 'pass')
    .flatMap(({ target, omitted: each }) => each.map((omission) => ({ target, ...omission })))
  return groupBy(omitted, ({ reason }) => reason).map((group) => {
    const probes = [...new Set(group.map(({ probe }) => probe))]
    return block(view.paint('skip', 'NOTE'), ['not sent'], where(group, view), [
      ['probes', list(probes)],
      ['reason', group[0].reason],
    ])
  })
}

function leftovers({ report, paint, names }: View): readonly string[] {
  const groups = groupBy(report.leftovers, ({ target, state, reason }) =>
    JSON.stringify([target, state, reason]),
  )
  return groups.map((group) => {
    const [{ target, state, reason }] = group
    const left = group.flatMap(({ name }) => (name === null ? [] : [name]))
    return block(paint('fail', 'LEFT'), [names.get(target) ?? target, state], '', [
      ...(left.length === 0 ? [] : [['names', list(left)] as const]),
      ['reason', reason],
      ['next', 'assay cleanup, with the same suite and targets'],
    ])
  })
}

function ending({ report, paint }: View, warnings: number): string {
  const { tally, targets, requests, ms, conclusion } = report
  const total = Object.values(tally).reduce((sum, count) => sum + count, 0)
  const reasons = (['declared', 'undeclared', 'unproven', 'stopped'] as const).filter(
    (why) => tally[why] > 0,
  )
  const skipped = reasons.map((why) => `${tally[why]} skip (${why})`)
  const counts = [
    `${tally.pass} of ${total} pass`,
    ...(tally.fail > 0 ? [`${tally.fail} fail`] : []),
    ...(tally.error > 0 ? [`${tally.error} error`] : []),
    ...skipped,
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
    ...(report.leftovers.length > 0 ? [`${report.leftovers.length} left behind`] : []),
  ]
  const facts = [
    plural(targets.length, 'target'),
    plural(requests, 'request'),
    `${(ms / 1000).toFixed(2)} s`,
    `seed ${report.seed}`,
  ]
  const said = pack([`${conclusion}: ${counts.join(', ')}`, facts.join(' · ')], ' · ').join('\n')
  const word = paint(report.exitCode === 0 ? 'pass' : 'fail', conclusion)
  return `${word}${said.slice(conclusion.length)}`
}

function reasonsOf(verdicts: readonly ReportVerdict[]): readonly (Unseen & { why: string })[] {
  return verdicts.flatMap(({ expectation, target, why = '', reasons = [] }) =>
    reasons.map((reason) => ({ cell: expectation, target, why, reason })),
  )
}

function cellsOf(group: readonly { readonly cell: string }[]): readonly string[] {
  return [...new Set(group.map(({ cell }) => cell))]
}

function isOneOperation(cells: readonly string[], { known }: View): boolean {
  return new Set(cells.map((id) => known.get(id)?.operation)).size === 1
}

/** Expectations of one operation: `DELETE /api/tokens/{id} → 200, 404`. */
function titleOf(cells: readonly string[], { report, known }: View): string {
  const found = cells.flatMap((id) => known.get(id) ?? [])
  const [first] = found
  if (first === undefined) return list(cells)
  const all = report.expectations.filter(({ operation }) => operation === first.operation)
  const names = found.map(({ name }) => name)
  const whole = found.length === all.length && all.length > 1
  return `${first.method} ${first.path} → ${whole ? 'everything' : list(names)}`
}

function namesOf(cells: readonly string[], view: View): string {
  return isOneOperation(cells, view) ? titleOf(cells, view) : list(cells)
}

function where(seen: readonly { readonly target: string }[], { report, names }: View): string {
  const found = [...new Set(seen.map(({ target }) => names.get(target) ?? target))]
  if (report.targets.length === 1) return `in ${found[0]}`
  if (found.length === report.targets.length) return 'in every region'
  return `in ${list(found)} (${found.length} of ${report.targets.length})`
}

function list(names: readonly string[], most = 6): string {
  const shown = names.slice(0, most).join(', ')
  return names.length <= most ? shown : `${shown} and ${names.length - most} more`
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

type Group<T> = readonly [T, ...T[]]

/** Puts together what has the same key, in the order in which the keys first come. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly Group<T>[] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return [...groups.values()]
}
