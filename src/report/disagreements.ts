import { type Disagreement, heldAgainst, tellKnown } from '../verdict/index.ts'
import type { Report } from './collect.ts'
import { groupBy, list, type Names, namesOf, where } from './naming.ts'
import { weightOf } from './tell.ts'

/** A disagreement in words; every report is made of them. */
export type ToldDisagreement = {
  readonly kind: 'fail' | 'warning' | 'known'
  /** What it is about, the check and what differs: `GET /a → 200`, `region-agreement: shape`. */
  readonly title: readonly [string, string]
  readonly where: string
  readonly rows: readonly (readonly [name: string, text: string])[]
  readonly reproduce: readonly string[]
  /** file:line:column; nothing where it is about a region as a whole. */
  readonly place: string
}

const words: Readonly<Record<Disagreement['aspect'], string>> = {
  status: 'status',
  'media-type': 'media type',
  shape: 'shape of the JSON',
  header: 'headers',
  latency: 'latency',
}

/** Says of a disagreement who answers what, and what each of them runs. */
export function tellDisagreement(disagreement: Disagreement, all: Names): ToldDisagreement {
  const { aspect, expectations, odd, probe, step, times, reproduce } = disagreement
  const { fingerprints, known, notKnown } = disagreement
  const place = all.known.get(expectations[0] ?? '')?.promised ?? ''
  const versions = tellVersions(disagreement, all)
  const seen = `${times === 1 ? 'once' : `${times} times`}, first by ${probe}, step ${JSON.stringify(step)}`
  const kind = weightOf(disagreement, all.report)
  return {
    kind,
    title: [
      expectations.length === 0 ? 'every answer' : namesOf(expectations, all),
      `region-agreement: ${words[aspect]}`,
    ],
    where: where(
      heldAgainst(disagreement).map((target) => ({ target })),
      all,
    ),
    rows: [
      ...(odd.length > 0 ? tellOdd(disagreement, all) : tellSides(disagreement, all)),
      ...(place === '' || aspect === 'latency' ? [] : [['promised', place] as const]),
      ...(versions === undefined ? [] : [['runs', versions] as const]),
      ...(probe === undefined ? [] : [['seen', seen] as const]),
      ...(kind === 'warning' || fingerprints.length === 0
        ? []
        : [['finding', list(fingerprints)] as const]),
      ...(known === undefined ? [] : [['why', tellKnown(known)] as const]),
      ...(notKnown === undefined ? [] : [['new', notKnown] as const]),
    ],
    reproduce,
    place,
  }
}

function tellOdd({ answers }: Disagreement, all: Names): ToldDisagreement['rows'] {
  const [most, ...others] = answers
  const several = others.length > 1
  const told = others.map(
    ({ received, targets }) => `${received}${several ? ` in ${namesIn(targets, all)}` : ''}`,
  )
  return [
    ['expected', `${most?.received}, as in ${namesIn(most?.targets ?? [], all)}`],
    ['received', told.join('\n')],
  ]
}

function tellSides({ answers }: Disagreement, all: Names): ToldDisagreement['rows'] {
  const told = answers.map(({ received, targets }) => `${received} in ${namesIn(targets, all)}`)
  return [
    ['expected', 'one answer everywhere; there is no majority, so either may be wrong'],
    ['received', told.join('\n')],
  ]
}

/** What either side runs, where that differs: it may be why. */
function tellVersions({ answers }: Disagreement, all: Names): string | undefined {
  const sides = answers.map(({ targets }) => ({ targets, runs: runsIn(targets, all.report) }))
  if (sides.some(({ runs }) => runs === '')) return undefined
  if (new Set(sides.map(({ runs }) => runs)).size === 1) return undefined
  return sides.map(({ targets, runs }) => `${runs} in ${namesIn(targets, all)}`).join('\n')
}

function runsIn(names: readonly string[], { targets }: Report): string {
  const found = names.map((name) => targets.find((each) => each.name === name)?.runs ?? [])
  if (found.some((runs) => runs.length === 0)) return ''
  return [...new Set(found.flat())].sort().join(' and ')
}

function namesIn(targets: readonly string[], { names }: Names): string {
  return list(targets.map((target) => names.get(target) ?? target))
}

/** Which versions run where, each once: `1.5.0 in every region`; empty: the suite does not ask. */
export function listRuns(all: Names): readonly string[] {
  const asked = all.report.targets.flatMap(({ name, runs }) =>
    runs === undefined
      ? []
      : [{ target: name, version: runs.join(' and ') || 'an unknown version' }],
  )
  return groupBy(asked, ({ version }) => version).map(
    (group) => `${group[0].version} ${where(group, all)}`,
  )
}
