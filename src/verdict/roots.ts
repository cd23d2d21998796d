import type { Outcome } from './conclude.ts'
import type { Sighting } from './judge.ts'

/**
 * Moves what is only a consequence to its root: where a probe of the status that a step hoped for
 * meets the same by itself, the step refutes nothing, and its probe ended at that cell.
 */
export function withRoots(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.map((outcome) => {
    const { findings, surprise } = outcome.judgement
    const moved = findings.find((finding) => isSaidAtRoot(finding, outcomes))
    if (moved?.root === undefined || surprise === undefined) return outcome
    return {
      ...outcome,
      judgement: {
        ...outcome.judgement,
        findings: findings.filter((finding) => finding !== moved),
        surprise: { ...surprise, cell: moved.root },
      },
    }
  })
}

function isSaidAtRoot(
  { check, received, cell, root }: Sighting,
  outcomes: readonly Outcome[],
): boolean {
  if (root === undefined || root === cell || check !== 'status-code') return false
  return outcomes.some(
    (outcome) =>
      outcome.cell === root &&
      outcome.judgement.findings.some(
        (each) => each.check === check && each.cell === root && each.received === received,
      ),
  )
}
