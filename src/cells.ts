import { collectReport } from './collect.ts'
import { AssayError, tellError } from './errors.ts'
import { readShard, type Shard } from './plan/index.ts'
import { type Prepared, prepare } from './prepare.ts'
import {
  nameAll,
  type Report,
  reportVerdict,
  tellDisagreement,
  tellRows,
  tellVerdict,
} from './report/index.ts'
import { type CarryOptions, type RunEvent, type RunOptions, runPrepared } from './run.ts'
import { type Share, shareOf } from './share.ts'
import { type Disagreement, isRed, tellKnown, type Verdict } from './verdict/index.ts'

/** The two functions by which a test runner such as Vitest makes a tree of tests. */
export type TestRunner = {
  readonly describe: (name: string, define: () => void) => unknown
  readonly test: (
    name: string,
    options: { readonly timeout: number },
    body: (context: TestContext) => Promise<void>,
  ) => unknown
}

/** What a runner tells a test. */
export type TestContext = {
  skip(note?: string): unknown
  /** Aborted when a person stops the tests. */
  readonly signal?: AbortSignal
}

/** Milliseconds that a test may wait; the limits of the targets end a run long before. */
const timeout = 30 * 60_000

/**
 * Makes one test per cell of the matrix, named region › operation › status or law.
 *
 * The names come from the plan, before anything is sent. The run begins with the first test that
 * asks for its verdict, and there is one run however many ask; of several regions one test more says
 * whether they agree. A declared skip and what a baseline knows are skipped tests with their reason, for
 * neither was shown to be as promised; everything else that is no pass fails, with what was found as its
 * message. `ASSAY_TARGET` chooses targets, and `ASSAY_SHARD` a part of the run, unless the options do.
 *
 * @throws AssayError as `prepare` does, so that a suite is never green because it is empty
 */
export async function testCells(runner: TestRunner, options: RunOptions = {}): Promise<void> {
  testPrepared(runner, await withHints(prepare(withEnvironment(options))), options)
}

/** Makes the tests of what is prepared. */
export function testPrepared(
  { describe, test }: TestRunner,
  prepared: Prepared,
  options: CarryOptions,
): void {
  const once = startOnce(prepared, options)
  const share = shareOf(prepared)
  const targets = titlesOf(share)
  for (const { target, title } of targets) {
    const own = prepared.expectations.filter(({ operation }) => share.covers(target, operation.id))
    if (own.length === 0) continue
    describe(title, () => {
      for (const { id, operation } of own) {
        describe(operation.id, () => {
          test(id.slice(operation.id.length + 1), { timeout }, async ({ skip, signal }) => {
            const { verdicts } = await once(signal)
            const verdict = verdicts.get(`${target} ${id}`)
            if (verdict?.kind === 'skip' && verdict.why === 'declared') skip(verdict.reason)
            else if (verdict?.kind === 'fail' && verdict.known) skip(excuse(verdict))
            else if (verdict?.kind !== 'pass') throw new Error(explain(verdict, id))
          })
        })
      }
      test('nothing is left behind', { timeout }, async ({ signal }) => {
        const { ended } = await once(signal)
        const left = ended.leftovers.filter((each) => each.target === target)
        const lines = left.map(({ name, state, reason }) => `${name ?? state}: ${reason}`)
        if (lines.length > 0) throw new Error(lines.join('\n'))
      })
    })
  }
  if (targets.length > 1) {
    test('the regions agree', { timeout }, async ({ signal }) => {
      const { report } = await once(signal)
      const red = report.disagreements.filter((each) => isRed(each, options.strict))
      if (red.length > 0) throw new Error(tellAll(red, report))
    })
  }
  if ((options.baseline ?? prepared.suite.baseline) === undefined) return
  test('the baseline is up to date', { timeout }, async ({ signal }) => {
    const { ended } = await once(signal)
    const stale = [...(ended.baseline?.expired ?? []), ...(ended.baseline?.unseen ?? [])]
    const lines = stale.map(({ at, expectation, check, target, reason }) =>
      [at, `${expectation}, ${check}, in ${target}`, reason].join(': '),
    )
    if (lines.length > 0) throw new Error(lines.join('\n'))
  })
}

type Seen = {
  readonly report: Report
  readonly verdicts: ReadonlyMap<string, Verdict>
  readonly ended: RunEvent & { kind: 'ended' }
}

/** The first test that asks starts the run; whoever stops that test stops the run. */
function startOnce(prepared: Prepared, options: CarryOptions) {
  let seen: Promise<Seen> | undefined
  return (stop: AbortSignal | undefined): Promise<Seen> => {
    seen ??= untilSignal((killed) => {
      const signals = [killed, options.signal, stop].filter((each) => each !== undefined)
      return withHints(look(prepared, { ...options, signal: AbortSignal.any(signals) }))
    })
    return seen
  }
}

/**
 * Stops work on a signal that would end the process.
 *
 * Ctrl-C reaches every process of a terminal, a worker of the runner too: it lives on until what was
 * made is removed.
 */
async function untilSignal<T>(work: (killed: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const stop = (name: NodeJS.Signals) => controller.abort(name)
  for (const name of names) process.on(name, stop)
  try {
    return await work(controller.signal)
  } finally {
    for (const name of names) process.off(name, stop)
  }
}

async function look(prepared: Prepared, options: CarryOptions): Promise<Seen> {
  const verdicts = new Map<string, Verdict>()
  let ended: Seen['ended'] | undefined
  const observe = (event: RunEvent) => {
    if (event.kind === 'verdict')
      verdicts.set(`${event.verdict.target} ${event.verdict.expectation.id}`, event.verdict)
    else if (event.kind === 'ended') ended = event
  }
  const { strict = false } = options
  const report = await collectReport(runPrepared(prepared, options), { strict, observe })
  if (ended === undefined) throw new Error('the run ended without saying so')
  return { report, verdicts, ended }
}

function withEnvironment(options: RunOptions): RunOptions {
  const { ASSAY_TARGET, ASSAY_SHARD } = options.environment ?? process.env
  const names = options.targets?.names ?? ASSAY_TARGET?.split(/[\s,]+/).filter(Boolean)
  return {
    ...options,
    targets: { ...options.targets, ...(names === undefined ? {} : { names }) },
    shard: options.shard ?? (ASSAY_SHARD === undefined ? undefined : requireShard(ASSAY_SHARD)),
  }
}

function requireShard(text: string): Shard {
  const shard = readShard(text)
  if (shard !== undefined) return shard
  throw new AssayError('USAGE', `ASSAY_SHARD holds ${JSON.stringify(text)}, which is no shard`, {
    hint: 'write it like 1/8, the first of eight parts, up to 8/8',
  })
}

/** The name of each target in verdicts, and its title: its region, where no other has the same. */
function titlesOf({ targets }: Share): readonly { target: string; title: string }[] {
  const unique = new Set(targets.map(({ region }) => region)).size === targets.length
  return targets.map(({ name, region }) => ({ target: name, title: unique ? region : name }))
}

/** Everything in which the regions do not agree. */
function tellAll(disagreements: readonly Disagreement[], report: Report): string {
  const names = nameAll(report)
  return disagreements
    .map((each) => tellDisagreement(each, names))
    .map((told) => `${told.title[0]}, ${told.where}\n${tellRows(told)}`)
    .join('\n\n')
}

/** Why a test of what is known is skipped. */
function excuse({ findings }: Verdict): string {
  const known = findings.flatMap((each) =>
    each.known === undefined ? [] : [tellKnown(each.known)],
  )
  return [...new Set(known)].join('; ')
}

/** Why a test fails: the whole of it in the message, for that is what test runners show. */
function explain(verdict: Verdict | undefined, id: string): string {
  return verdict === undefined ? `no verdict came for ${id}` : tellVerdict(reportVerdict(verdict))
}

/** A runner shows of an error its message alone, so that has to say where and what to do. */
async function withHints<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof AssayError)) throw error
    const { code, at, hint } = error
    throw new AssayError(code, tellError(error), { at, hint })
  }
}
