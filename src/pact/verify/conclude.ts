import type { Target } from '../../target/index.ts'
import { type Finding, fingerprintOf, steady, type Verdict } from '../../verdict/index.ts'
import type { RuleFacts } from '../check/rule.ts'
import type { Pact } from '../pact.ts'
import type { VerifiedInteraction } from '../verification.ts'
import type { Seen } from './perform.ts'
import type { Unit } from './unit.ts'

/** What became of one interaction on one target; `left-out`: it was not sent there, and why. */
export type Outcome = { readonly unit: Unit } & (
  | Seen
  | { readonly kind: 'left-out'; readonly why: 'declared' | 'undeclared'; readonly reason: string }
)

/** The one check of a verification: Pact's own verifier is the judge. */
export const pactCheck: RuleFacts = {
  id: 'pact',
  level: 'must',
  proves: 'a target answers an interaction as its consumer relies on',
  source: 'the interaction in its pact',
  example: { expected: '$.success to be equal to false (Boolean)', received: 'true' },
}

/** What one interaction is called wherever a probe would be named. */
export function labelOf({ pact, interaction }: Unit): string {
  return `${pact.consumer}: ${interaction.description}`
}

export type Concluding = {
  readonly strict: boolean
  /** Whether anything at all was seen on the target: where nothing was, a pending pact excuses nothing. */
  readonly seen: boolean
}

/** Whether an interaction was seen, whatever came. */
export function isSeen({ kind }: Outcome): boolean {
  return kind === 'pass' || kind === 'fail'
}

/** Whether an interaction was not seen, and its pact is pending. */
export function isExcusable({ unit, kind }: Outcome): boolean {
  return unit.pending && (kind === 'error' || kind === 'left-out')
}

/**
 * Concludes one cell on one target from the outcomes of all its interactions.
 *
 * A finding goes before everything, then what went wrong, then what was left out: it passes only when
 * every interaction did. What is wrong with a pending pact is told, and red only with `strict`.
 */
export function concludeCell(
  outcomes: readonly Outcome[],
  { name, region }: Target,
  { strict, seen }: Concluding,
): Verdict {
  const [first] = outcomes
  if (first === undefined) throw new Error('a cell has no interaction')
  const findings = only(outcomes, 'fail').flatMap(findingsOf)
  const excused = seen ? outcomes.filter(isExcusable) : []
  const due = outcomes.filter((each) => !excused.includes(each))
  const errors = only(due, 'error')
  const leftOut = only(due, 'left-out')
  const excuses = excused.flatMap(excuse)
  const verdict = {
    expectation: first.unit.expectation,
    target: name,
    region,
    planned: outcomes.length,
    observed: outcomes.filter(isSeen).length,
    findings: ['must', 'should'].flatMap((level) =>
      findings.filter((each) => each.level === level),
    ),
    omitted: [...leftOut.map(({ unit, reason }) => ({ probe: labelOf(unit), reason })), ...excuses],
  }
  if (findings.some(({ level }) => level === 'must' || strict)) return { ...verdict, kind: 'fail' }
  if (errors.length > 0) {
    const codes = errors.flatMap(({ code }) => (code === undefined ? [] : [code]))
    const reasons = errors.map(({ reason }) => reason)
    return { ...verdict, kind: 'error', reasons: unique(reasons), codes: unique(codes) }
  }
  if (only(due, 'stopped').length > 0)
    return {
      ...verdict,
      kind: 'skip',
      why: 'stopped',
      reason: 'the run was stopped before it was verified',
    }
  if (leftOut.length === 0 && due.length > 0) return { ...verdict, kind: 'pass' }
  const why = leftOut.every((each) => each.why === 'declared') ? 'declared' : 'undeclared'
  const reason = unique([...leftOut, ...excuses].map((each) => each.reason)).join('; ')
  return { ...verdict, kind: 'skip', why, reason }
}

/** Why an interaction of a pending pact need not be seen. */
function excuse(outcome: Outcome) {
  if (outcome.kind !== 'error' && outcome.kind !== 'left-out') return []
  const { unit, reason } = outcome
  return [{ probe: labelOf(unit), reason: `${pendingNote(unit.pact)}: ${reason}` }]
}

/** How it is said that a pact need not be fulfilled yet. */
export function pendingNote({ consumer }: Pick<Pact, 'consumer'>): string {
  return `the pact of ${consumer} is pending`
}

/** The same as the file of the verification tells it. */
export function tellInteraction(outcome: Outcome): VerifiedInteraction {
  const { description, states } = outcome.unit.interaction
  const told = { description, states }
  switch (outcome.kind) {
    case 'pass':
      return { ...told, verdict: 'pass', reasons: [] }
    case 'fail': {
      const reasons = outcome.mismatches.map(
        ({ expected, received }) => `expected ${expected}, received ${received}`,
      )
      return { ...told, verdict: 'fail', reasons }
    }
    case 'error':
      return { ...told, verdict: 'error', reasons: [outcome.reason] }
    case 'left-out':
      return { ...told, verdict: 'skip', reasons: [outcome.reason] }
    case 'stopped':
      return { ...told, verdict: 'skip', reasons: ['the run was stopped before it was verified'] }
  }
}

function findingsOf({
  unit,
  mismatches,
  reproduce,
}: Outcome & { kind: 'fail' }): readonly Finding[] {
  const { pact, interaction, expectation } = unit
  return mismatches.map(({ expected, received }) => ({
    check: pactCheck.id,
    level: unit.pending ? 'should' : pactCheck.level,
    cell: expectation.id,
    expected,
    because: [
      unit.pending
        ? `${pact.consumer} wants to rely on it (its pact is pending)`
        : `${pact.consumer} relies on it`,
    ],
    received,
    promised: pact.source.positionOf(interaction.pointer),
    probe: labelOf(unit),
    reproduce,
    times: 1,
    fingerprint: fingerprintOf({
      cell: expectation.id,
      check: pactCheck.id,
      rule: JSON.stringify([pact.consumer, interaction.description, steady(expected)]),
    }),
  }))
}

function only<K extends Outcome['kind']>(outcomes: readonly Outcome[], kind: K) {
  return outcomes.filter((each): each is Outcome & { readonly kind: K } => each.kind === kind)
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}
