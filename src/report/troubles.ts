import type { Report, ReportVerdict } from './collect.ts'
import { listRuns, tellDisagreement } from './disagreements.ts'
import { printable } from './layout.ts'
import { cellsOf, groupBy, nameAll, namesOf, reasonsWithoutPlace, where } from './naming.ts'
import {
  listStale,
  standing,
  tellFinding,
  tellingKey,
  tellReasons,
  tellRows,
  weightOf,
} from './tell.ts'

/** One thing that is to be known of a run beside what passed, however often it was met. */
export type Trouble = {
  readonly kind: 'fail' | 'error' | 'warning' | 'known' | 'skip' | 'remark'
  /** What it is about and where it was met: `DELETE /things/{id} → 404 · envelope · in one (1 of 4)`. */
  readonly title: string
  readonly text: string
  /** Where it is promised, or asked for by a pact: file:line:column; nothing where no file has a part in it. */
  readonly place: string
}

/**
 * Lists what keeps a run from being green, then what is mere practice, what is known, what was left out,
 * and what is to be known of how it was looked at.
 *
 * Each is said once, so that a dead region does not hide the promises that others broke.
 */
export function listTroubles(report: Report): readonly Trouble[] {
  const lists = [findings, disagreements, reasons, stale, leftovers, versions, remarks]
  const all = lists.flatMap((list) => list(report))
  return (['fail', 'error', 'warning', 'known', 'skip', 'remark'] as const).flatMap((kind) =>
    all.filter((each) => each.kind === kind),
  )
}

function findings(report: Report): readonly Trouble[] {
  const names = nameAll(report)
  const met = report.verdicts.flatMap(({ expectation, target, findings: found }) =>
    found.map((finding) => ({ cell: expectation, target, finding })),
  )
  return groupBy(met, ({ cell, finding }) => cell + tellingKey(finding)).map((group) => {
    const [{ cell, finding }] = group
    return {
      kind: weightOf(finding, report),
      title: titleOf(namesOf([cell], names), finding.check, where(group, names)),
      text: tellFinding(finding),
      place: finding.at ?? finding.promised,
    }
  })
}

function disagreements(report: Report): readonly Trouble[] {
  const names = nameAll(report)
  return report.disagreements.map((each) => {
    const told = tellDisagreement(each, names)
    const { kind, title, place } = told
    return { kind, title: titleOf(...title, told.where), text: tellRows(told), place }
  })
}

/** What runs where is only of interest where it differs. */
function versions(report: Report): readonly Trouble[] {
  const runs = listRuns(nameAll(report))
  if (runs.length < 2) return []
  const text = runs.map(printable).join('\n')
  return [{ kind: 'remark', title: 'what runs where', text, place: '' }]
}

/** Each reason once, with the expectations that share it on the same targets. */
function reasons(report: Report): readonly Trouble[] {
  const names = nameAll(report)
  const met = report.verdicts.flatMap((verdict) => {
    const kind = kindOf(verdict)
    if (kind === undefined) return []
    const { expectation: cell, target } = verdict
    return tellReasons(verdict).map((text) => ({ kind, cell, target, text }))
  })
  const withoutPlace = reasonsWithoutPlace(report)
  const placeless = ({ target, text }: { target: string; text: string }) =>
    withoutPlace({ target, reason: text })
  const perCell = groupBy(met, (each) => JSON.stringify([each.kind, each.cell, placeless(each)]))
  const groups = groupBy(perCell, (group) => {
    const [first] = group
    return JSON.stringify([first.kind, placeless(first), group.map(({ target }) => target)])
  })
  return groups.map((group) => {
    const [[first, ...others]] = group
    const { kind, cell } = first
    const text = others.length === 0 ? first.text : placeless(first)
    return {
      kind,
      title: titleOf(namesOf(cellsOf(group.flat()), names), where(group.flat(), names)),
      text,
      place: names.known.get(cell)?.promised ?? '',
    }
  })
}

function kindOf(verdict: ReportVerdict): 'fail' | 'error' | 'skip' | undefined {
  const kind = standing(verdict)
  if (verdict.verdict === 'skip') return kind === 'fail' ? 'fail' : 'skip'
  return kind === 'error' ? 'error' : undefined
}

/** Entries of the baseline that do not hold any more, each once for each reason. */
function stale(report: Report): readonly Trouble[] {
  const names = nameAll(report)
  const groups = groupBy(listStale(report), ({ fingerprint, reason }) => fingerprint + reason)
  return groups.map((group) => {
    const [{ fingerprint, expectation, check, reason, at }] = group
    return {
      kind: 'fail',
      title: titleOf(`${expectation}, ${check}`, 'baseline', where(group, names)),
      text: [reason, `finding ${fingerprint}`, at].map(printable).join('\n'),
      place: at,
    }
  })
}

function leftovers(report: Report): readonly Trouble[] {
  const { names } = nameAll(report)
  return report.leftovers.map(({ target, state, name, reason }) => ({
    kind: 'fail',
    title: titleOf(`may be left on ${names.get(target) ?? target}`, name ?? state),
    text: printable(reason),
    place: '',
  }))
}

function remarks(report: Report): readonly Trouble[] {
  const names = nameAll(report)
  return groupBy(report.remarks, ({ text }) => text).map((group) => ({
    kind: 'remark',
    title: titleOf('how it was looked at', where(group, names)),
    text: printable(group[0].text),
    place: '',
  }))
}

function titleOf(...parts: readonly string[]): string {
  return parts.map(printable).join(' · ')
}
