import { randomBytes } from 'node:crypto'
import { formatPosition } from './errors.ts'
import { checkPact, compilePromises, loadPacts } from './pact/index.ts'
import { type PrepareOptions, readTexts } from './prepare.ts'
import { concludeRun, type Report, reportExpectation, reportVerdict } from './report/index.ts'
import {
  emptyTally,
  exitCode,
  isOurInput,
  type Tally,
  tallyKey,
  type Verdict,
} from './verdict/index.ts'
import { version } from './version.ts'

export type CheckPactsOptions = Pick<PrepareOptions, 'suite' | 'document' | 'envelope'> & {
  /** Files, folders and URLs. */
  readonly pacts: readonly string[]
  /** Whether findings of level `should` are red. */
  readonly strict?: boolean | undefined
  /** Why nobody has to judge messages; undefined: nobody said so. */
  readonly messages?: string | undefined
}

/**
 * Checks pacts against the document of a suite before any provider runs, and reports it as a run
 * whose targets are the pacts and whose regions are their consumers.
 *
 * @throws AssayError for everything that is wrong with suite, document, envelope or a pact
 */
export async function checkPacts(options: CheckPactsOptions): Promise<Report> {
  const startedAt = new Date()
  const start = performance.now()
  const { suite, document, envelope } = await readTexts(options)
  const promises = await compilePromises({ document, envelope, form: suite.form })
  const pacts = await loadPacts(options.pacts)
  const strict = options.strict ?? false
  const { messages } = options
  const verdicts = pacts.flatMap((pact) => checkPact(pact, promises, { strict, messages }))
  const tally = count(verdicts)
  const code = exitCode({
    tally,
    badInput: verdicts.some(isOurInput),
    leftovers: 0,
    stopped: undefined,
  })
  const expectations = inOrder(
    verdicts,
    document.operations.map(({ id }) => id),
  )
  return {
    report: 1,
    tool: { name: 'assay', version },
    run: randomBytes(4).toString('hex'),
    seed: 0,
    startedAt: startedAt.toISOString(),
    ms: Math.round(performance.now() - start),
    requests: 0,
    shard: null,
    shards: null,
    suite: suite.name,
    suiteHash: suite.hash ?? null,
    strict,
    document: {
      name: document.source.name,
      title: document.title,
      version: document.version,
      hash: document.source.hash,
    },
    envelope: envelope?.name ?? null,
    envelopeHash: envelope?.hash ?? null,
    targets: pacts.map(({ name, consumer }) => ({
      name,
      region: consumer,
      baseUrl: name,
      safety: 'production',
      embedded: false,
    })),
    expectations: expectations.map((each) =>
      reportExpectation(each, formatPosition(document.positionOf(each.promised))),
    ),
    verdicts: verdicts.map(reportVerdict),
    disagreements: [],
    answers: null,
    leftovers: [],
    remarks: [],
    revocations: [],
    baseline: null,
    tally,
    conclusion: concludeRun(code, tally),
    exitCode: code,
  }
}

function count(verdicts: readonly Verdict[]): Tally {
  const tally: Record<keyof Tally, number> = { ...emptyTally }
  for (const verdict of verdicts) tally[tallyKey(verdict)] += 1
  return tally
}

/** Every cell once: those of the document in its order, then what it does not describe. */
function inOrder(verdicts: readonly Verdict[], operations: readonly string[]) {
  const cells = new Map(verdicts.map(({ expectation }) => [expectation.id, expectation]))
  const rank = (id: string) =>
    operations.includes(id) ? operations.indexOf(id) : operations.length
  return [...cells.values()].sort(
    (a, b) =>
      rank(a.operation.id) - rank(b.operation.id) ||
      (a.operation.id < b.operation.id ? -1 : a.operation.id > b.operation.id ? 1 : 0) ||
      (a.id < b.id ? -1 : 1),
  )
}
