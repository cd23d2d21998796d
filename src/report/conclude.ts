import { emptyTally, exitCode, isRed, pointsAtInput, type Tally } from '../verdict/index.ts'
import {
  type Conclusion,
  concludeRun,
  type Report,
  type ReportVerdict,
  staleIn,
} from './collect.ts'

/** What the parts of a report come to. */
export type Concluded = {
  readonly tally: Tally
  readonly exitCode: number
  readonly conclusion: Conclusion
}

/** Concludes a run anew from what its report holds, trusting none of its sums. */
export function concludeReport({
  verdicts,
  leftovers,
  disagreements,
  baseline,
  strict,
}: Pick<Report, 'verdicts' | 'leftovers' | 'disagreements' | 'baseline' | 'strict'>): Concluded {
  const tally = tallyOf(verdicts)
  const stale = staleIn(baseline)
  const known = disagreements.filter((each) => each.known !== undefined).length
  const red = disagreements.filter((each) => isRed(each, strict)).length
  const code = exitCode({
    tally,
    badInput: verdicts.some(({ codes = [] }) => pointsAtInput(codes)),
    leftovers: leftovers.length,
    disagreements: red,
    stale,
    stopped: undefined,
  })
  return {
    tally,
    exitCode: code,
    conclusion: concludeRun(code, tally, { disagreements: red, known, stale }),
  }
}

function tallyOf(verdicts: readonly ReportVerdict[]): Tally {
  const tally: Record<string, number> = { ...emptyTally }
  for (const { verdict, why, known } of verdicts) {
    const key = known === true ? 'known' : verdict === 'skip' ? (why ?? '') : verdict
    tally[key] = (tally[key] ?? 0) + 1
  }
  return tally as Tally
}
