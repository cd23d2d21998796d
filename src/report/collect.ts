import { formatPosition } from '../errors.ts'
import type { Expectation, Shard } from '../plan/index.ts'
import type { TargetFacts } from '../target/index.ts'
import type {
  Answers,
  Disagreement,
  Finding,
  Revocation,
  Tally,
  Verdict,
} from '../verdict/index.ts'

/** A run as data: what the JSON report holds, and what every other report is made of. */
export type Report = {
  readonly report: 1
  readonly tool: { readonly name: 'assay'; readonly version: string }
  /** Null: it was merged of several runs. */
  readonly run: string | null
  /** Null: it was merged of runs with seeds of their own. */
  readonly seed: number | null
  readonly startedAt: string
  /** Milliseconds. */
  readonly ms: number
  readonly requests: number
  /** Which part of a run it is of; null: of all. */
  readonly shard: Shard | null
  /** The shards that it was merged of, in their order; null: it was not merged. */
  readonly shards: readonly ReportShard[] | null
  readonly suite: string
  /** SHA-256 of the text of the suite file, in hexadecimal; null: there is none. */
  readonly suiteHash: string | null
  readonly strict: boolean
  readonly document: {
    readonly name: string
    readonly title: string
    readonly version: string
    /** SHA-256 of the text, in hexadecimal. */
    readonly hash: string
  }
  readonly envelope: string | null
  readonly envelopeHash: string | null
  readonly targets: readonly ReportTarget[]
  readonly expectations: readonly ReportExpectation[]
  readonly verdicts: readonly ReportVerdict[]
  /** In what the targets do not agree. */
  readonly disagreements: readonly Disagreement[]
  /** What the answers of all targets look like, so that they can be compared with those of other runs. */
  readonly answers: Answers | null
  readonly leftovers: readonly {
    readonly target: string
    readonly state: string
    readonly name: string | null
    readonly reason: string
  }[]
  /** What is to be known of how a target was looked at; it makes nothing red. */
  readonly remarks: readonly { readonly target: string; readonly text: string }[]
  /** How long deleted credentials still worked. */
  readonly revocations: readonly Revocation[]
  /** What became of the known findings; nothing without a baseline. */
  readonly baseline: ReportBaseline | null
  readonly tally: Tally
  readonly conclusion: Conclusion
  readonly exitCode: number
}

export type ReportTarget = TargetFacts & {
  /** The versions that it says it runs; none: it did not say. Absent: the suite does not name where. */
  readonly runs?: readonly string[]
}

/** One of the runs that a report was merged of. */
export type ReportShard = {
  readonly index: number
  /** What it told; null: it left no report. */
  readonly told: {
    readonly file: string
    readonly run: string | null
    readonly seed: number | null
    readonly startedAt: string
    /** Milliseconds. */
    readonly ms: number
    readonly requests: number
    readonly exitCode: number
  } | null
}

/** The parts of a run add up to it: `known` by adding, the lists by putting together. */
export type ReportBaseline = {
  readonly file: string
  /** How many findings were known. */
  readonly known: number
  /** Entries whose last day is over, one for each target of theirs that was looked at. */
  readonly expired: readonly StaleEntry[]
  /** Entries whose finding did not show where it was looked for, one for each target. */
  readonly unseen: readonly StaleEntry[]
}

export type StaleEntry = {
  readonly fingerprint: string
  readonly expectation: string
  readonly check: string
  readonly target: string
  readonly owner: string | null
  readonly expires: string | null
  readonly reason: string
  /** Where it stands: file:line:column. */
  readonly at: string
}

export type ReportExpectation = {
  readonly id: string
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly kind: Expectation['kind']
  /** The documented status, or the id of the law. */
  readonly name: string
  /** What the document says of it, or what the law states. */
  readonly statement: string
  /** file:line:column */
  readonly promised: string
}

export type ReportFinding = Omit<Finding, 'promised' | 'at' | 'cell'> & {
  readonly promised: string
  /** Where in a pact it stands, when it is about one. */
  readonly at?: string
}

export type ReportVerdict = {
  readonly expectation: string
  readonly target: string
  readonly verdict: Verdict['kind']
  /** Of a failure: whether all that is red in it is known. */
  readonly known?: boolean
  /** Of a skip: declared, undeclared, unproven or stopped. */
  readonly why?: string
  /** Of a skip or an error. */
  readonly reasons?: readonly string[]
  readonly codes?: readonly string[]
  readonly planned: number
  readonly observed: number
  readonly findings: readonly ReportFinding[]
  readonly omitted: readonly { readonly probe: string; readonly reason: string }[]
}

export type Conclusion =
  | 'conforming'
  | 'partial'
  | 'broken'
  | 'unproven'
  | 'incomplete'
  | 'stale'
  | 'bad-input'
  | 'interrupted'

export function reportVerdict(verdict: Verdict): ReportVerdict {
  const { expectation, target, kind, planned, observed, findings, omitted } = verdict
  return {
    expectation: expectation.id,
    target,
    verdict: kind,
    ...(verdict.kind === 'fail' && verdict.known === true ? { known: true } : {}),
    ...(verdict.kind === 'skip' ? { why: verdict.why, reasons: [verdict.reason] } : {}),
    ...(verdict.kind === 'error' ? { reasons: verdict.reasons, codes: verdict.codes } : {}),
    planned,
    observed,
    findings: findings.map(({ promised, at, cell: _cell, ...rest }) => ({
      ...rest,
      promised: formatPosition(promised),
      ...(at === undefined ? {} : { at: formatPosition(at) }),
    })),
    omitted,
  }
}

export function reportExpectation(expectation: Expectation, promised: string): ReportExpectation {
  const { id, operation, kind } = expectation
  return {
    id,
    operation: operation.id,
    method: operation.method,
    path: operation.path,
    kind,
    name: kind === 'response' ? expectation.documented.status : expectation.law.id,
    statement: kind === 'response' ? expectation.documented.description : expectation.law.statement,
    promised,
  }
}

/** What a report holds of the known findings. */
export function reportBaseline(outcome: ReportBaseline | undefined): ReportBaseline | null {
  if (outcome === undefined) return null
  const { file, known, expired, unseen } = outcome
  return { file, known, expired, unseen }
}

/** How many entries of a baseline are out of date. */
export function staleIn(baseline: ReportBaseline | null | undefined): number {
  return baseline ? baseline.expired.length + baseline.unseen.length : 0
}

/** What a run has beside its verdicts: red disagreements, known ones, and stale entries of its baseline. */
export type Beside = {
  readonly disagreements?: number
  readonly known?: number
  readonly stale?: number
}

/** The one word for a run, by its exit code, its tally, and what is red beside its verdicts. */
export function concludeRun(
  exitCode: number,
  tally: Tally,
  { disagreements = 0, known = 0, stale = 0 }: Beside = {},
): Conclusion {
  if (exitCode >= 128) return 'interrupted'
  if (exitCode === 2) return 'bad-input'
  if (exitCode === 3) return 'incomplete'
  if (exitCode === 1) {
    if (tally.fail + disagreements > 0) return 'broken'
    const { pass, undeclared, unproven, stopped } = tally
    if (pass + tally.known === 0 || undeclared + unproven + stopped > 0) return 'unproven'
    return stale > 0 ? 'stale' : 'incomplete'
  }
  return tally.declared + tally.known + known > 0 ? 'partial' : 'conforming'
}
