import type { BaselineOutcome, Watch } from './baseline/index.ts'
import type { Leftover } from './state/index.ts'
import type { Target } from './target/index.ts'
import {
  type Answers,
  agree,
  type Disagreement,
  emptyTally,
  exitCode,
  type Gathering,
  gatherAnswers,
  isOurInput,
  isRed,
  type Judged,
  judgedOf,
  type StopSignal,
  type Tally,
  tallyKey,
  type Verdict,
} from './verdict/index.ts'

/** What is to be known of how a target was looked at, beside its verdicts: it makes nothing red. */
export type Remark = { readonly target: string; readonly text: string }

/** What a run comes to. */
export type Closing = {
  readonly tally: Tally
  /** What the answers of all targets look like. */
  readonly answers: Answers
  /** The versions that each target says it runs; undefined: the suite does not name where. */
  readonly runs: ReadonlyMap<string, readonly string[]>
  readonly leftovers: readonly Leftover[]
  readonly remarks: readonly Remark[]
  readonly requests: number
  /** What became of the known findings, where there is a baseline. */
  readonly baseline: BaselineOutcome | undefined
  readonly exitCode: number
}

/** Keeps of a run what it is concluded from: counts, names and looks, but no verdict. */
export type Ledger = {
  readonly gathering: Gathering
  /** Counts a verdict; the answer: the same, with what is known marked in it. */
  take(verdict: Verdict): Verdict
  remark(target: Target, text: string): void
  /** Takes what may be left on a target, and how many requests it got. */
  leave(leftovers: readonly Leftover[], requests: number): void
  /** Takes which versions a target says it runs, where the suite names where. */
  runs(target: Target, versions: readonly string[] | undefined): void
  /** Compares how the targets answered, once all were looked at. */
  compare(): readonly Disagreement[]
  end(stopped: StopSignal | undefined): Closing
}

export type LedgerOptions = {
  /** Whether what is only practice is red. */
  readonly strict?: boolean | undefined
  /** Knows which findings are known. */
  readonly watch?: Watch | undefined
}

export function openLedger(targets: readonly Target[], { strict, watch }: LedgerOptions): Ledger {
  const names = targets.map(({ name }) => name)
  const gathering = gatherAnswers(names)
  const judged: Judged[] = []
  const leftovers: Leftover[] = []
  const remarks: Remark[] = []
  const runs = new Map<string, readonly string[]>()
  let tally: Tally = emptyTally
  let badInput = false
  let requests = 0
  let disagreements: readonly Disagreement[] = []

  return {
    gathering,
    take(told) {
      const verdict = watch?.take(told) ?? told
      const key = tallyKey(verdict)
      tally = { ...tally, [key]: tally[key] + 1 }
      badInput ||= isOurInput(verdict)
      if (verdict.kind !== 'pass' || verdict.findings.length > 0) judged.push(judgedOf(verdict))
      return verdict
    },
    remark: ({ name }, text) => void remarks.push({ target: name, text }),
    leave(left, sent) {
      leftovers.push(...left)
      requests += sent
    },
    runs(target, versions) {
      if (versions !== undefined) runs.set(target.name, versions)
    },
    compare() {
      disagreements = agree(gathering.answers(), judged, gathering.reproduce).map(
        (each) => watch?.takeDisagreement(each) ?? each,
      )
      return disagreements
    },
    end(stopped) {
      const baseline = watch?.end(names)
      const code = exitCode({
        tally,
        badInput,
        leftovers: leftovers.length,
        disagreements: disagreements.filter((each) => isRed(each, strict)).length,
        stale: baseline === undefined ? 0 : baseline.expired.length + baseline.unseen.length,
        stopped,
      })
      const answers = gathering.answers()
      const seen = { tally, answers, runs, leftovers, remarks, requests, baseline }
      return { ...seen, exitCode: code }
    },
  }
}
