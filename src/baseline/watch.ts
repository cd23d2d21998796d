import { formatPosition } from '../errors.ts'
import {
  type Disagreement,
  type Finding,
  heldAgainst,
  isRed as isDisagreementRed,
  type Known,
  type Mark,
  regionAgreement,
  tellKnown,
  type Verdict,
} from '../verdict/index.ts'
import type { Baseline, Entry } from './entry.ts'
import { isOver, knownBy, tellExpired, whyNotKnown, whyNotListed } from './hold.ts'
import { renewEntries, type Sighting } from './renew.ts'

export type WatchOptions = {
  readonly baseline: Baseline
  /** Whether findings of level `should` are red. */
  readonly strict: boolean
  /** The day (UTC) by which entries expire, as YYYY-MM-DD. */
  readonly today: string
  /** Whether the document promises an expectation, whatever a filter leaves of it. */
  readonly isPromised: (expectation: string) => boolean
  /** Whether there is a target of that name, whichever are chosen. */
  readonly isTarget: (name: string) => boolean
  /** Whether other machines look at the rest, so that targets are compared elsewhere. */
  readonly isPart?: boolean | undefined
  /** Whether the entries are wanted as they are to be from now on. */
  readonly update?: boolean | undefined
}

/** An entry that does not hold on one target any more. */
export type Stale = {
  readonly fingerprint: string
  readonly expectation: string
  readonly check: string
  readonly target: string
  readonly owner: string | null
  readonly expires: string | null
  /** What became of it, and what to do. */
  readonly reason: string
  /** Where it stands: file:line:column. */
  readonly at: string
}

/** What became of a baseline in a run. Those of two runs are joined by adding and putting together. */
export type BaselineOutcome = {
  readonly file: string
  /** How many findings were known. */
  readonly known: number
  /** Entries of what was looked at whose last day is over. */
  readonly expired: readonly Stale[]
  /** Entries whose finding did not show where it was looked for. */
  readonly unseen: readonly Stale[]
  /** The entries as they are to be from now on, where they are wanted. */
  readonly renewal?: { readonly of: Baseline; readonly entries: readonly Entry[] }
}

/** What a baseline says of one sight of a finding; undefined: it does not have it. */
export type Weighed =
  | { readonly kind: 'known'; readonly known: Known }
  | { readonly kind: 'not-known'; readonly reason: string }
  | undefined

export type Watch = {
  /** Weighs a finding on a target, and takes it as seen there. */
  weigh(finding: Pick<Finding, 'fingerprint' | 'ways'>, target: string): Weighed
  /** Marks what is known in a verdict. */
  take(verdict: Verdict): Verdict
  /** Marks a disagreement that is known at all its expectations, on every target that it is held against. */
  takeDisagreement(disagreement: Disagreement): Disagreement
  /** Says what became of the entries, once all verdicts on the targets looked at were taken. */
  end(targets: readonly string[]): BaselineOutcome
}

/** The targets on which the finding of an entry was seen, was not seen although looked for, and those where its cell was looked at. */
type State = {
  readonly entry: Entry
  readonly seen: Set<string>
  readonly clean: Set<string>
  readonly met: Set<string>
}

/**
 * Compares the verdicts of a run with a baseline, one by one and in any order.
 *
 * The finding of an entry was looked for in a cell that passed or failed, if no probe of the operation
 * broke off but at a finding that is listed as well. It keeps no verdict, only names of targets.
 */
export function watchBaseline(options: WatchOptions): Watch {
  const { baseline, strict, today, update = false } = options
  const states = new Map(baseline.entries.map((entry) => [entry.fingerprint, openState(entry)]))
  const perCell = new Map<string, State[]>()
  for (const state of states.values()) {
    const { expectation } = state.entry
    const cell = perCell.get(expectation)
    if (cell === undefined) perCell.set(expectation, [state])
    else cell.push(state)
  }
  const sightings = new Map<string, Sighting>()
  let known = 0

  const isRed = ({ level }: Finding) => level === 'must' || strict

  function isListed({ fingerprint, way }: Mark, target: string): boolean {
    const entry = states.get(fingerprint)?.entry
    const ways = way === undefined ? [] : [way]
    return entry !== undefined && whyNotListed(entry, { target, ways }) === undefined
  }

  function weigh(
    { fingerprint, ways = [] }: Pick<Finding, 'fingerprint' | 'ways'>,
    target: string,
  ): Weighed {
    const state = states.get(fingerprint)
    if (state === undefined) return undefined
    state.seen.add(target)
    const reason = whyNotKnown(state.entry, { target, ways }, today)
    if (reason !== undefined) return { kind: 'not-known', reason }
    return { kind: 'known', known: knownBy(state.entry) }
  }

  function mark(finding: Finding, target: string): Finding {
    const weighed = weigh(finding, target)
    if (weighed === undefined || !isRed(finding)) return finding
    if (weighed.kind === 'not-known') return { ...finding, notKnown: weighed.reason }
    known += 1
    return { ...finding, known: weighed.known }
  }

  function note(verdict: Verdict): void {
    const { expectation, target, kind, endedBy = [], troubled = false } = verdict
    const isShown = (kind === 'pass' || kind === 'fail') && !troubled
    const inFull = isShown && endedBy.every((each) => isListed(each, target))
    for (const { met, clean } of perCell.get(expectation.id) ?? []) {
      met.add(target)
      if (inFull) clean.add(target)
    }
  }

  function collect(first: Sighting['first'], target: string, ways: readonly string[] = []): void {
    const { fingerprint } = first
    const sighting = sightings.get(fingerprint) ?? { first, targets: new Set(), ways: new Set() }
    sightings.set(fingerprint, sighting)
    sighting.targets.add(target)
    for (const way of ways) sighting.ways.add(way)
  }

  /** What could not be shown for known findings alone is declared with them. */
  function excused(verdict: Verdict): Verdict {
    if (verdict.kind !== 'skip') return verdict
    const { target, why, reason, causes = [] } = verdict
    if (why !== 'unproven' || causes.length === 0) return verdict
    const weighed = causes.map(({ fingerprint, way }) =>
      weigh({ fingerprint, ...(way === undefined ? {} : { ways: [way] }) }, target),
    )
    const [first] = weighed
    if (first?.kind !== 'known' || weighed.some((each) => each?.kind !== 'known')) return verdict
    return { ...verdict, why: 'declared', reason: `${reason}, ${tellKnown(first.known)}` }
  }

  function take(verdict: Verdict): Verdict {
    note(verdict)
    if (update) {
      const { target, expectation } = verdict
      for (const finding of verdict.findings.filter(isRed))
        collect({ ...finding, expectation: expectation.id }, target, finding.ways)
    }
    const findings = verdict.findings.map((finding) => mark(finding, verdict.target))
    const marked = { ...verdict, findings }
    if (marked.kind !== 'fail') return excused(marked)
    const isKnown = findings.filter(isRed).every((each) => each.known !== undefined)
    if (!isKnown) return marked
    // What is known says nothing of what was not seen beside it.
    const { unseen, ...rest } = marked
    return unseen === undefined ? { ...rest, known: true } : excused({ ...rest, ...unseen })
  }

  function takeDisagreement(disagreement: Disagreement): Disagreement {
    const { fingerprints, expectations, answers } = disagreement
    if (!isDisagreementRed(disagreement, strict)) return disagreement
    const [usual, ...others] = answers.map(({ received }) => received)
    const said = { expected: usual ?? '', received: others.join(' or ') }
    const weighed = fingerprints.flatMap((fingerprint, index) =>
      heldAgainst(disagreement).map((target) => {
        const expectation = expectations[index] ?? ''
        const first = { fingerprint, expectation, check: regionAgreement.id, ...said }
        if (update) collect(first, target)
        return { expectation, weighed: weigh({ fingerprint }, target) }
      }),
    )
    const isKnown = weighed.flatMap((each) => (each.weighed?.kind === 'known' ? each.weighed : []))
    const [one] = isKnown
    if (one !== undefined && isKnown.length === weighed.length) {
      known += 1
      return { ...disagreement, known: one.known }
    }
    const reason =
      weighed.flatMap((each) =>
        each.weighed?.kind === 'not-known' ? each.weighed.reason : [],
      )[0] ??
      (one && `it is not known at ${weighed.find((each) => !each.weighed)?.expectation}`)
    return reason === undefined ? disagreement : { ...disagreement, notKnown: reason }
  }

  /** Whether targets were compared, so that what does not differ any more is no longer seen. */
  function areCompared({ entry }: State, targets: readonly string[]): boolean {
    if (entry.check !== regionAgreement.id) return true
    return options.isPart !== true && targets.length > 1
  }

  function whyGone(state: State, target: string, targets: readonly string[]) {
    const { entry, clean } = state
    if (clean.has(target) && areCompared(state, targets)) return 'no longer seen'
    if (!options.isTarget(target)) return `the suite has no target "${target}"`
    return targets.includes(target) && !options.isPromised(entry.expectation)
      ? `nothing promises ${entry.expectation} any more`
      : undefined
  }

  function end(targets: readonly string[]): BaselineOutcome {
    const expired: Stale[] = []
    const unseen: Stale[] = []
    for (const state of states.values()) {
      const { entry } = state
      const { fingerprint, expectation, check, owner, expires } = entry
      for (const target of entry.targets) {
        const tell = (reason: string): Stale => {
          const at = formatPosition(baseline.positionOf(entry))
          return { fingerprint, expectation, check, target, owner, expires, reason, at }
        }
        const why = state.seen.has(target) ? undefined : whyGone(state, target, targets)
        if (why !== undefined) unseen.push(tell(`${why}: remove it (--baseline-update)`))
        else if (state.met.has(target) && isOver(entry, today))
          expired.push(tell(`${tellExpired(entry)}: mend it, or renew the entry`))
      }
    }
    const outcome = { file: baseline.file, known, expired, unseen }
    if (!update) return outcome
    const renewed = renewEntries(baseline.entries, { sightings, unseen, today })
    return { ...outcome, renewal: { of: baseline, entries: renewed } }
  }

  return { weigh, take, takeDisagreement, end }
}

function openState(entry: Entry): State {
  return { entry, seen: new Set(), clean: new Set(), met: new Set() }
}
