import { emptyTally, exitCode, isRed, pointsAtInput, type Tally } from '../verdict/index.ts'
import { type Conclusion, concludeRun, type Report, type ReportVerdict } from './collect.ts'

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
  strict,
}: Pick<Report, 'verdicts' | 'leftovers' | 'disagreements' | 'strict'>): Concluded {
  const tally = tallyOf(verdicts)
  const red = disagreements.filter((each) => isRed(each, strict)).length
  const code = exitCode({
    tally,
    badInput: verdicts.some(({ codes = [] }) => pointsAtInput(codes)),
    leftovers: leftovers.length,
    disagreements: red,
    stopped: undefined,
  })
  return { tally, exitCode: code, conclusion: concludeRun(code, tally, red) }
}

function tallyOf(verdicts: readonly ReportVerdict[]): Tally {
  const tally: Record<string, number> = { ...emptyTally }
  for (const { verdict, why } of verdicts) {
    const key = verdict === 'skip' ? (why ?? '') : verdict
    tally[key] = (tally[key] ?? 0) + 1
  }
  return tally as Tally
}
