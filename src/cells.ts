import { AssayError, tellError } from './errors.ts'
import { type Prepared, prepare } from './prepare.ts'
import { reportVerdict, tellVerdict } from './report/index.ts'
import { type CarryOptions, type RunEvent, type RunOptions, runPrepared } from './run.ts'
import { tellKnown, type Verdict } from './verdict/index.ts'

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
 * asks for its verdict, and there is one run however many ask. A declared skip and what a baseline
 * knows are skipped tests with their reason, for neither was shown to be as promised; everything else
 * that is no pass fails, with what was found as its message.
 * `ASSAY_TARGET` chooses targets unless the options do.
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
  for (const { target, title } of targetsOf(prepared)) {
    describe(title, () => {
      for (const { id, operation } of prepared.expectations) {
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
  for await (const event of runPrepared(prepared, options)) {
    if (event.kind === 'verdict') {
      verdicts.set(`${event.verdict.target} ${event.verdict.expectation.id}`, event.verdict)
    } else if (event.kind === 'ended') ended = event
  }
  if (ended === undefined) throw new Error('the run ended without saying so')
  return { verdicts, ended }
}

function withEnvironment(options: RunOptions): RunOptions {
  const names = (options.environment ?? process.env).ASSAY_TARGET?.split(/[\s,]+/).filter(Boolean)
  if (names === undefined || options.targets?.names !== undefined) return options
  return { ...options, targets: { ...options.targets, names } }
}

/** The name of each target in verdicts, and its title: its region, where no other has the same. */
function targetsOf({ chosen }: Prepared): readonly { target: string; title: string }[] {
  const targets = chosen.flatMap(({ name, entry }) =>
    entry.embedded === undefined
      ? [{ target: name, title: entry.region ?? name }]
      : entry.embedded.regions.map((region) => ({ target: `${name}/${region}`, title: region })),
  )
  const unique = new Set(targets.map(({ title }) => title)).size === targets.length
  return unique ? targets : targets.map(({ target }) => ({ target, title: target }))
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
