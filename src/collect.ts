import { formatPosition } from './errors.ts'
import {
  concludeRun,
  type Report,
  type ReportVerdict,
  reportBaseline,
  reportExpectation,
  reportVerdict,
  staleIn,
} from './report/index.ts'
import type { RunEvent } from './run.ts'
import { type Disagreement, isRed } from './verdict/index.ts'
import { version } from './version.ts'

/**
 * Reads the events of a run to its end and makes the report of them.
 *
 * @param observe sees each event as it comes, for progress
 */
export async function collectReport(
  events: AsyncIterable<RunEvent>,
  {
    strict = false,
    observe = () => {},
  }: { strict?: boolean; observe?: (event: RunEvent) => void } = {},
): Promise<Report> {
  const verdicts: ReportVerdict[] = []
  const disagreements: Disagreement[] = []
  let planned: (RunEvent & { kind: 'planned' }) | undefined
  let ended: (RunEvent & { kind: 'ended' }) | undefined
  for await (const event of events) {
    observe(event)
    if (event.kind === 'verdict') verdicts.push(reportVerdict(event.verdict))
    else if (event.kind === 'disagreement') disagreements.push(event.disagreement)
    else if (event.kind === 'planned') planned = event
    else ended = event
  }
  if (planned === undefined || ended === undefined)
    throw new Error('the run ended without saying so')
  const { prepared, known, run, seed, startedAt, positionOf } = planned
  const { document } = prepared.promises
  const red = disagreements.filter((each) => isRed(each, strict))
  const order = new Map(prepared.expectations.map(({ id }, index) => [id, index]))
  const place = new Map(known.map(({ name }, index) => [name, index]))
  return {
    report: 1,
    tool: { name: 'assay', version },
    run,
    seed,
    startedAt,
    ms: Math.round(ended.ms),
    requests: ended.requests,
    shard: prepared.shard ?? null,
    shards: null,
    suite: prepared.suite.name,
    suiteHash: prepared.suite.hash ?? null,
    strict,
    document: {
      name: document.source.name,
      title: document.title,
      version: document.version,
      hash: document.source.hash,
    },
    envelope: prepared.envelope?.name ?? null,
    envelopeHash: prepared.envelope?.hash ?? null,
    targets: known.map(({ name, region, baseUrl, safety, embedded }) => {
      const runs = ended.runs.get(name)
      return { name, region, baseUrl, safety, embedded, ...(runs === undefined ? {} : { runs }) }
    }),
    expectations: prepared.expectations.map((each) =>
      reportExpectation(each, formatPosition(positionOf(each))),
    ),
    verdicts: verdicts.sort(
      (a, b) =>
        (place.get(a.target) ?? 0) - (place.get(b.target) ?? 0) ||
        (order.get(a.expectation) ?? 0) - (order.get(b.expectation) ?? 0),
    ),
    disagreements,
    answers: ended.answers.seen.length === 0 ? null : ended.answers,
    leftovers: ended.leftovers.map((each) => ({ ...each, name: each.name ?? null })),
    remarks: ended.remarks,
    revocations: ended.revocations ?? [],
    baseline: reportBaseline(ended.baseline),
    tally: ended.tally,
    conclusion: concludeRun(ended.exitCode, ended.tally, {
      disagreements: red.length,
      known: disagreements.filter((each) => each.known !== undefined).length,
      stale: staleIn(ended.baseline),
    }),
    exitCode: ended.exitCode,
  }
}
