import { tellShard } from '../plan/index.ts'
import { isRed, tellKnown } from '../verdict/index.ts'
import { type Report, type ReportFinding, type ReportVerdict, staleIn } from './collect.ts'
import { listRuns, tellDisagreement } from './disagreements.ts'
import { block, type Paint, pack, painter, printable } from './layout.ts'
import { matrices } from './matrix.ts'
import {
  cellsOf,
  groupBy,
  isOneOperation,
  list,
  type Names,
  nameAll,
  namesOf,
  plural,
  reasonsWithoutPlace,
  shortHash,
  titleOf,
  where,
} from './naming.ts'
import { ownPart, tellRun } from './part.ts'
import { sumUp, tellRevocation, tellRevocations } from './revocations.ts'
import { listStale, tellingKey, weightOf } from './tell.ts'

export type ConsoleOptions = {
  /** Whether colours may be used; nothing is said by colour alone. */
  readonly color: boolean
}

/** Tells a run to people: the matrix, then each finding once, then what was not seen and why. */
export function renderConsole(whole: Report, { color }: ConsoleOptions): string {
  const report = ownPart(whole)
  const view: View = { ...nameAll(report), paint: painter(color) }
  const found = [...findings(view), ...disagreements(view)]
  const label = (wanted: string) => found.filter((each) => each.label === wanted)
  return [
    heading(view),
    ...matrices(report, view.names, view.paint),
    ...Object.values(labels).flatMap((each) => label(each).map(({ text }) => text)),
    ...errors(view),
    ...skips(view),
    ...omissions(view),
    ...stale(view),
    ...leftovers(view),
    ...revocations(view),
    ...remarks(view),
    ending(view, label('WARN').length),
  ]
    .map((each) => `${each}\n`)
    .join('\n')
}

type View = Names & { readonly paint: Paint }

function heading(view: View): string {
  const { tool, document, suite, shard } = view.report
  const text = `${document.title} ${document.version} (${document.name}, ${shortHash(document.hash)})`
  const part = shard === null ? '' : ` · ${tellShard(shard)}`
  const runs = listRuns(view).map((each) => `runs ${printable(each)}`)
  return [`Assay ${tool.version} · ${text} · suite ${suite}${part}`, ...runs].join('\n')
}

function disagreements(view: View) {
  return view.report.disagreements.map((each) => {
    const { kind, title, where, rows, reproduce } = tellDisagreement(each, view)
    const label = labels[kind]
    const painted = view.paint(label.toLowerCase(), label)
    return { label, text: block(painted, title, where, rows, reproduce) }
  })
}

/** In the order in which they are told. */
const labels = { fail: 'FAIL', warning: 'WARN', known: 'KNOWN' } as const

type Seen = { readonly cell: string; readonly finding: ReportFinding; readonly target: string }

/** Each broken promise once, with every region in which it was seen; what is red comes first. */
function findings(view: View) {
  const { report, paint } = view
  const order = new Map(report.expectations.map(({ id }, index) => [id, index]))
  const seen = report.verdicts.flatMap(({ expectation, target, findings: found }) =>
    found.map((finding): Seen => ({ cell: expectation, finding, target })),
  )
  const groups = groupBy(seen, ({ cell, finding }) =>
    finding.check === 'status-code'
      ? `answer ${answerIn(finding)} ${JSON.stringify([finding.known, finding.notKnown])}`
      : cell + tellingKey(finding),
  )
  return groups
    .map((group) => {
      const [{ cell, finding }] = group
      const cells = cellsOf(group)
      const one = isOneOperation(cells, view)
      const label = labels[weightOf(finding, report)]
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
          ...standingOf(group, label),
        ],
        finding.reproduce,
      )
      const place = Object.values(labels).indexOf(label) * order.size
      return { label, text, rank: (order.get(cell) ?? 0) + place }
    })
    .sort((a, b) => a.rank - b.rank)
}

/** How a finding that is red or known is called, and what the baseline says of it. */
function standingOf(group: readonly Seen[], label: string): readonly (readonly [string, string])[] {
  if (label === labels.warning) return []
  const [{ finding } = { finding: undefined }] = group
  const names = new Set(group.map((each) => each.finding.fingerprint))
  return [
    ['finding', list([...names])],
    ...(finding?.known === undefined ? [] : [['why', tellKnown(finding.known)] as const]),
    ...(finding?.notKnown === undefined ? [] : [['new', finding.notKnown] as const]),
  ]
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
  const withoutPlace = reasonsWithoutPlace(report)
  const placeless = ({ target, reason }: Unseen) => withoutPlace({ target, reason: rootOf(reason) })
  const perTarget = groupBy(causes, (each) => `${each.target} ${placeless(each)}`)
  const groups = groupBy(perTarget, (group) =>
    JSON.stringify([placeless(group[0]), cellsOf(group)]),
  )
  return groups.map((alike) => {
    const [group] = alike
    const [first] = group
    const isOne = alike.length === 1
    const reason = group.every((each) => each.reason === first.reason)
      ? first.reason
      : rootOf(first.reason)
    const cells = cellsOf(group)
    const all = cells.length === report.expectations.length
    return block(
      paint('error', 'ERROR'),
      [isOne ? (view.names.get(first.target) ?? first.target) : where(alike.flat(), view)],
      '',
      [
        ['cause', isOne ? reason : placeless(first)],
        ['unseen', all ? 'everything' : namesOf(cells, view)],
      ],
    )
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

/** What passed although some of its probes were not seen: the rest of them proves less. */
function omissions(view: View): readonly string[] {
  const omitted = view.report.verdicts
    .filter(({ verdict }) => verdict === 'pass')
    .flatMap(({ target, omitted: each }) => each.map((omission) => ({ target, ...omission })))
  return groupBy(omitted, ({ reason }) => reason).map((group) => {
    const probes = [...new Set(group.map(({ probe }) => probe))]
    return block(view.paint('skip', 'NOTE'), ['not shown'], where(group, view), [
      ['probes', list(probes)],
      ['reason', group[0].reason],
    ])
  })
}

/** What is out of date of the baseline, each entry once for each reason. */
function stale(view: View): readonly string[] {
  const groups = groupBy(listStale(view.report), ({ fingerprint, reason }) => fingerprint + reason)
  return groups.map((group) => {
    const [{ fingerprint, expectation, check, owner, reason, at }] = group
    return block(
      view.paint('fail', 'STALE'),
      [`${expectation}, ${check}`, 'baseline'],
      where(group, view),
      [
        ['reason', reason],
        ['finding', fingerprint],
        ['owner', owner ?? 'nobody'],
        ['stands', at],
      ],
    )
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

function revocations(view: View): readonly string[] {
  return tellRevocations(view.report).map((told) => {
    const { cell, lines, more, worst, unmeasured, isPlain } = told
    const rows = isPlain
      ? [['stopped', sumUp(view.report, cell)] as const]
      : [
          ...lines.map((line) => ['in', tellRevocation(line)] as const),
          ...(more > 0 ? [['in', `${more} more, which took less`] as const] : []),
          ...(worst === '' ? [] : [['worst', worst] as const]),
          ...unmeasured.map((each) => ['unseen', each] as const),
        ]
    return block(
      view.paint('skip', 'NOTE'),
      ['deleted credentials', titleOf([cell], view)],
      '',
      rows,
    )
  })
}

function remarks(view: View): readonly string[] {
  return groupBy(view.report.remarks, ({ text }) => text).map((group) =>
    block(view.paint('skip', 'NOTE'), ['how it was looked at'], where(group, view), [
      ['remark', group[0].text],
    ]),
  )
}

function ending({ report, paint }: View, warnings: number): string {
  const { tally, targets, requests, ms, conclusion } = report
  const red = report.disagreements.filter((each) => isRed(each, report.strict)).length
  const total = Object.values(tally).reduce((sum, count) => sum + count, 0)
  const outdated = staleIn(report.baseline)
  const reasons = (['declared', 'undeclared', 'unproven', 'stopped'] as const).filter(
    (why) => tally[why] > 0,
  )
  const skipped = reasons.map((why) => `${tally[why]} skip (${why})`)
  const counts = [
    `${tally.pass} of ${total} pass`,
    ...(tally.fail > 0 ? [`${tally.fail} fail`] : []),
    ...(tally.known > 0 ? [`${tally.known} known`] : []),
    ...(tally.error > 0 ? [`${tally.error} error`] : []),
    ...skipped,
    ...(red > 0 ? [plural(red, 'disagreement')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
    ...(outdated > 0 ? [`${outdated} of the baseline out of date`] : []),
    ...(report.leftovers.length > 0 ? [`${report.leftovers.length} left behind`] : []),
  ]
  const facts = [
    plural(targets.length, 'target'),
    plural(requests, 'request'),
    `${(ms / 1000).toFixed(2)} s`,
    ...tellRun(report),
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
