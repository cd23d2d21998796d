import { type Prepared, prepare } from './prepare.ts'
import { type RunEvent, type RunOptions, run } from './run.ts'
import type { Verdict } from './verdict/index.ts'

/** The two functions by which a test runner such as Vitest makes a tree of tests. */
export type TestRunner = {
  readonly describe: (name: string, define: () => void) => unknown
  readonly test: (
    name: string,
    options: { readonly timeout: number },
    body: (context: { skip(note?: string): unknown }) => Promise<void>,
  ) => unknown
}

/** Milliseconds that a test may wait; the limits of the targets end a run long before. */
const timeout = 30 * 60_000

/**
 * Makes one test per cell of the matrix, named region › operation › status or law.
 *
 * The names come from the plan, before anything is sent. The run begins with the first test that
 * asks for its verdict, and there is one run however many ask. A declared skip is a skipped test
 * with its reason; everything else that is no pass fails, with what was found as its message.
 * `ASSAY_TARGET` chooses targets unless the options do.
 *
 * @throws AssayError as `prepare` does, so that a suite is never green because it is empty
 */
export async function testCells(
  { describe, test }: TestRunner,
  options: RunOptions = {},
): Promise<void> {
  const chosen = withEnvironment(options)
  const prepared = await prepare(chosen)
  const once = startOnce(chosen)
  for (const { target, region } of targetsOf(prepared)) {
    describe(region, () => {
      for (const { id, operation } of prepared.expectations) {
        describe(operation.id, () => {
          test(id.slice(operation.id.length + 1), { timeout }, async ({ skip }) => {
            const { verdicts } = await once()
            const verdict = verdicts.get(`${target} ${id}`)
            if (verdict?.kind === 'skip' && verdict.why === 'declared') skip(verdict.reason)
            else if (verdict?.kind !== 'pass') throw new Error(explain(verdict, id))
          })
        })
      }
      test('nothing is left behind', { timeout }, async () => {
        const { ended } = await once()
        const left = ended.leftovers.filter((each) => each.target === target)
        const lines = left.map(({ name, state, reason }) => `${name ?? state}: ${reason}`)
        if (lines.length > 0) throw new Error(lines.join('\n'))
      })
    })
  }
}

type Seen = {
  readonly verdicts: ReadonlyMap<string, Verdict>
  readonly ended: RunEvent & { kind: 'ended' }
}

function startOnce(options: RunOptions): () => Promise<Seen> {
  let seen: Promise<Seen> | undefined
  return () => {
    seen ??= look(options)
    return seen
  }
}

async function look(options: RunOptions): Promise<Seen> {
  const verdicts = new Map<string, Verdict>()
  let ended: Seen['ended'] | undefined
  for await (const event of run(options)) {
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

function targetsOf({ chosen }: Prepared): readonly { target: string; region: string }[] {
  return chosen.flatMap(({ name, entry }) =>
    entry.embedded === undefined
      ? [{ target: name, region: entry.region ?? name }]
      : entry.embedded.regions.map((region) => ({ target: `${name}/${region}`, region })),
  )
}

function explain(verdict: Verdict | undefined, id: string): string {
  if (verdict === undefined) return `no verdict came for ${id}`
  const findings = verdict.findings.map(
    ({ check, expected, because, received, promised, reproduce }) =>
      [
        `${check}: expected ${expected}${because.length === 0 ? '' : `, because ${because.join('; ')}`}`,
        `received ${received}`,
        `promised ${promised.file}:${promised.line}`,
        ...reproduce,
      ].join('\n  '),
  )
  if (findings.length > 0) return findings.join('\n')
  if (verdict.kind === 'error') return verdict.reasons.join('\n')
  return verdict.kind === 'skip' ? `${verdict.why}: ${verdict.reason}` : verdict.kind
}
