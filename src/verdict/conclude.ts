import type { Expectation } from '../plan/index.ts'
import type { Mark } from './fingerprint.ts'
import type { Finding, Judgement, Sighting } from './judge.ts'
import { withRoots } from './roots.ts'
import type { Trouble } from './trace.ts'

/** What became of one probe: what its answers show, and what kept it from its end. */
export type Outcome = {
  readonly probe: string
  /** The expectation that the probe is about. */
  readonly cell: string
  readonly judgement: Omit<Judgement, 'drawn'>
  readonly trouble?: Trouble
}

/** A probe that a target does not get, and why. */
export type Omission = { readonly probe: string; readonly reason: string }

/** The conclusion for one expectation on one target. */
export type Verdict = {
  readonly expectation: Expectation
  readonly target: string
  readonly region: string
  /** How many probes were planned, and how many of them were observed. */
  readonly planned: number
  readonly observed: number
  /** Broken promises; those of level `should` are also found beside a pass. */
  readonly findings: readonly Finding[]
  readonly omitted: readonly Omission[]
  /** The findings at which probes of the operation ended early. */
  readonly endedBy?: readonly Mark[]
  /** Whether something else kept probes of the operation from their end. */
  readonly troubled?: boolean
} & (
  | { readonly kind: 'pass' }
  /**
   * `known`: a baseline says of everything that is red in it that it is known. `unseen`: what it would be
   * without that, because not everything was seen.
   */
  | { readonly kind: 'fail'; readonly known?: boolean; readonly unseen?: Unseen }
  | Unseen
)

/** Why something was not shown. */
export type Unseen =
  | {
      readonly kind: 'error'
      readonly reasons: readonly string[]
      readonly codes: readonly string[]
    }
  | {
      readonly kind: 'skip'
      readonly why: SkipReason
      readonly reason: string
      /** Of an unproven one: the findings that kept it from being shown. */
      readonly causes?: readonly Mark[]
    }

/** `declared`: the target said so beforehand. `unproven`: something else kept it from being shown. */
export type SkipReason = 'declared' | 'undeclared' | 'unproven' | 'stopped'

export type Case = {
  readonly expectation: Expectation
  readonly target: string
  readonly region: string
  /** Why no probe of it reaches this target, when none does. */
  readonly obstacle: string | undefined
  /** Why the target said that it need not be shown. */
  readonly declared: string | undefined
  /** The same, where the last day on which it held (YYYY-MM-DD) is over. */
  readonly lapsed?: { readonly until: string; readonly reason: string } | undefined
  /** A schema of ours to judge it by that does not compile. */
  readonly broken: { readonly reason: string; readonly code: string } | undefined
  readonly omitted: readonly Omission[]
  /** The outcomes of all probes of the operation on the target. */
  readonly outcomes: readonly Outcome[]
  readonly strict: boolean
}

/**
 * Concludes one expectation on one target, once all probes of its operation are done.
 *
 * A schema of ours that is broken goes before everything, then a finding, then what went wrong; it
 * passes only when every planned probe was observed and no check complained.
 */
export function conclude(each: Case): Verdict {
  const { expectation, target, region, omitted, strict } = each
  const { id } = expectation
  const outcomes = inOrder(withRoots(each.outcomes), id)
  const findings = gather(
    outcomes.flatMap(({ judgement }) => judgement.findings.filter(({ cell }) => cell === id)),
  )
  const home = outcomes.filter(({ cell }) => cell === id)
  const troubled = home.flatMap(({ trouble }) => (trouble === undefined ? [] : [trouble]))
  const astray = home.find(
    ({ judgement: { surprise } }) => surprise !== undefined && surprise.cell !== id,
  )
  const shown = home.filter(
    ({ judgement: { surprise }, trouble }) => surprise === undefined && trouble === undefined,
  )
  const met = outcomes.filter(({ judgement }) => judgement.observed.includes(id)).length
  const verdict = {
    expectation,
    target,
    region,
    planned: home.length,
    observed: home.filter(
      ({ judgement: { surprise }, trouble }) =>
        trouble === undefined && (surprise === undefined || surprise.cell === id),
    ).length,
    findings,
    omitted,
    endedBy: endsOf(outcomes),
    troubled: outcomes.some(({ trouble }) => trouble !== undefined),
  }
  if (each.broken !== undefined) {
    return { ...verdict, kind: 'error', reasons: [each.broken.reason], codes: [each.broken.code] }
  }
  const unseen =
    whyTroubled(troubled) ??
    (astray && { ...skip('unproven', unproven(astray)), causes: endsOf(home) }) ??
    (home.length === 0 && met === 0 ? whyNotPlanned(each) : undefined)
  if (findings.some(({ level }) => level === 'must' || strict))
    return { ...verdict, kind: 'fail', ...(unseen && { unseen }) }
  if (unseen !== undefined) return { ...verdict, ...unseen }
  if (home.length === 0) {
    if (each.declared !== undefined) return { ...verdict, ...skip('declared', each.declared) }
    return { ...verdict, planned: met, observed: met, kind: 'pass' }
  }
  const aimed = expectation.kind === 'law' || met > 0
  if (shown.length === home.length && aimed) return { ...verdict, kind: 'pass' }
  const reason = 'the status was never answered, another documented one came instead'
  return { ...verdict, ...skip('unproven', reason) }
}

function whyTroubled(troubled: readonly Trouble[]): Unseen | undefined {
  const errors = troubled.filter(({ kind }) => kind === 'error')
  if (errors.length > 0) {
    return {
      kind: 'error',
      reasons: unique(errors.map(({ reason }) => reason)),
      codes: unique(errors.flatMap(({ code }) => (code === undefined ? [] : [code]))),
    }
  }
  return troubled.length > 0
    ? skip('stopped', 'the run was stopped before it was shown')
    : undefined
}

function whyNotPlanned(each: Case): Unseen {
  return each.declared === undefined
    ? skip('undeclared', undeclared(each))
    : skip('declared', each.declared)
}

/** Probes end in any order; what is said of them does not depend on it. Those about the cell come first. */
function inOrder(outcomes: readonly Outcome[], id: string): readonly Outcome[] {
  const rank = ({ cell, probe }: Outcome) => `${cell === id ? 0 : 1}${probe}`
  return [...outcomes].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

/** The findings at which probes ended early. */
function endsOf(outcomes: readonly Outcome[]): readonly Mark[] {
  const ends = outcomes.flatMap(({ judgement: { surprise } }) => surprise ?? [])
  const marks = ends.map(
    ({ fingerprint, way }): Mark => (way === undefined ? { fingerprint } : { fingerprint, way }),
  )
  return [...new Map(marks.map((mark) => [JSON.stringify(mark), mark])).values()]
}

function undeclared({ obstacle = 'no probe of it was planned', lapsed }: Case): string {
  if (lapsed === undefined) return obstacle
  return `${obstacle}; that it need not be shown was declared until ${lapsed.until} (${lapsed.reason})`
}

function skip(why: SkipReason, reason: string): Unseen & { kind: 'skip' } {
  return { kind: 'skip', why, reason }
}

function unproven({ judgement: { surprise } }: Outcome): string {
  return `a probe of it ended early: ${surprise?.received}, which is filed at ${surprise?.cell}`
}

/**
 * What makes two findings of a cell one: the same rule, broken in the same way. What a body holds
 * differs from answer to answer, so there the rule alone counts. In a pact each place has to be mended.
 */
export function findingKey(
  finding: Pick<Finding, 'check' | 'expected' | 'received' | 'fingerprint'> & {
    readonly promised: unknown
    readonly at?: unknown
  },
): string {
  const { check, expected, received, promised, at, fingerprint } = finding
  const way = ['status-code', 'media-type'].includes(check) ? received : promised
  return JSON.stringify([check, expected, way, at, fingerprint])
}

type Gathered = {
  readonly first: Sighting
  readonly because: Set<string>
  readonly ways: Set<string>
  times: number
}

/** Says each broken promise once, however many answers showed it; what is only practice comes last. */
function gather(sightings: readonly Sighting[]): readonly Finding[] {
  const gathered = new Map<string, Gathered>()
  for (const sighting of sightings) {
    const key = findingKey(sighting)
    const known = gathered.get(key) ?? {
      first: sighting,
      because: new Set(),
      ways: new Set(),
      times: 0,
    }
    gathered.set(key, known)
    known.times += 1
    for (const reason of sighting.because) known.because.add(reason)
    if (sighting.way !== undefined) known.ways.add(sighting.way)
  }
  const found = [...gathered.values()].map(({ first, because, ways, times }): Finding => {
    const { way: _way, root: _root, ...told } = first
    return {
      ...told,
      because: [...because],
      reproduce: first.reproduce(),
      times,
      ...(ways.size === 0 ? {} : { ways: [...ways].sort() }),
    }
  })
  return ['must', 'should'].flatMap((level) => found.filter((each) => each.level === level))
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}
