import type { Outcome } from './conclude.ts'
import type { Sighting } from './judge.ts'

/**
 * Moves what is only a consequence to its root: where a probe of the status that a step hoped for
 * meets the same by itself, the step refutes nothing, and its probe ended at that cell.
 */
export function withRoots(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.map((outcome) => {
    const { findings, surprise } = outcome.judgement
    const moved = findings.find((finding) => saidAtRoot(finding, outcomes) !== undefined)
    const root = moved && saidAtRoot(moved, outcomes)
    if (root === undefined || surprise === undefined) return outcome
    return {
      ...outcome,
      judgement: {
        ...outcome.judgement,
        findings: findings.filter((finding) => finding !== moved),
        surprise: {
          cell: root.cell,
          received: surprise.received,
          fingerprint: root.fingerprint,
          ...(root.way === undefined ? {} : { way: root.way }),
        },
      },
    }
  })
}

function saidAtRoot(
  { check, received, cell, root }: Sighting,
  outcomes: readonly Outcome[],
): Sighting | undefined {
  if (root === undefined || root === cell || check !== 'status-code') return undefined
  return outcomes
    .filter((outcome) => outcome.cell === root)
    .flatMap(({ judgement }) => judgement.findings)
    .find((each) => each.check === check && each.cell === root && each.received === received)
}
