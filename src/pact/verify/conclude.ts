import type { Target } from '../../target/index.ts'
import type { Finding, Verdict } from '../../verdict/index.ts'
import type { RuleFacts } from '../check/rule.ts'
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

/**
 * Concludes one cell on one target from the outcomes of all its interactions.
 *
 * A finding goes before everything, then what went wrong, then what was left out: it passes only when
 * every interaction did.
 */
export function concludeCell(outcomes: readonly Outcome[], { name, region }: Target): Verdict {
  const [first] = outcomes
  if (first === undefined) throw new Error('a cell has no interaction')
  const failed = only(outcomes, 'fail')
  const errors = only(outcomes, 'error')
  const leftOut = only(outcomes, 'left-out')
  const verdict = {
    expectation: first.unit.expectation,
    target: name,
    region,
    planned: outcomes.length,
    observed: failed.length + only(outcomes, 'pass').length,
    findings: failed.flatMap(findingsOf),
    omitted: leftOut.map(({ unit, reason }) => ({ probe: labelOf(unit), reason })),
  }
  if (failed.length > 0) return { ...verdict, kind: 'fail' }
  if (errors.length > 0) {
    const codes = errors.flatMap(({ code }) => (code === undefined ? [] : [code]))
    const reasons = errors.map(({ reason }) => reason)
    return { ...verdict, kind: 'error', reasons: unique(reasons), codes: unique(codes) }
  }
  if (only(outcomes, 'stopped').length > 0)
    return {
      ...verdict,
      kind: 'skip',
      why: 'stopped',
      reason: 'the run was stopped before it was verified',
    }
  if (leftOut.length === 0) return { ...verdict, kind: 'pass' }
  const why = leftOut.every((each) => each.why === 'declared') ? 'declared' : 'undeclared'
  const reason = unique(leftOut.map((each) => each.reason)).join('; ')
  return { ...verdict, kind: 'skip', why, reason }
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
    level: pactCheck.level,
    cell: expectation.id,
    expected,
    because: [`${pact.consumer} relies on it`],
    received,
    promised: pact.source.positionOf(interaction.pointer),
    probe: labelOf(unit),
    reproduce,
    times: 1,
  }))
}

function only<K extends Outcome['kind']>(outcomes: readonly Outcome[], kind: K) {
  return outcomes.filter((each): each is Outcome & { readonly kind: K } => each.kind === kind)
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}
