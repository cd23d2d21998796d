import type { Verdict } from '../conclude.ts'
import type { Level } from '../evidence.ts'

/** What was concluded of an expectation on a target. */
export type Judged = {
  readonly expectation: string
  readonly target: string
  readonly verdict: 'pass' | 'fail' | 'error' | 'skip'
  readonly findings: readonly { readonly check: string; readonly level: Level }[]
}

/** A verdict, as far as it says whether answers count. */
export function judgedOf({ expectation, target, kind, findings }: Verdict): Judged {
  const known = findings.map(({ check, level }) => ({ check, level }))
  return { expectation: expectation.id, target, verdict: kind, findings: known }
}

/** What the verdicts say of the answers of targets, which are indices. */
export type Standing = {
  /** Whether what a target answers at an expectation is as promised, as far as it goes. */
  counts(target: number, expectation: string): boolean
  /** Whether one of these checks has something to say there already. */
  isTold(target: number, expectation: string, checks: readonly string[]): boolean
}

/** Reads verdicts; what is not among them passed without a finding. */
export function readStanding(targets: readonly string[], verdicts: readonly Judged[]): Standing {
  const places = new Map(targets.map((name, index) => [name, index]))
  const known = new Map<string, Judged>()
  for (const each of verdicts) {
    if (each.verdict === 'pass' && each.findings.length === 0) continue
    known.set(`${places.get(each.target)} ${each.expectation}`, each)
  }
  const at = (target: number, expectation: string) => known.get(`${target} ${expectation}`)
  return {
    counts(target, expectation) {
      const judged = at(target, expectation)
      if (judged === undefined || judged.verdict === 'pass') return true
      return judged.verdict === 'fail' && judged.findings.every(({ level }) => level === 'should')
    },
    isTold: (target, expectation, checks) =>
      at(target, expectation)?.findings.some(({ check }) => checks.includes(check)) ?? false,
  }
}
