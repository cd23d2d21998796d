import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { collectReport } from '../collect.ts'
import { type BaselineOptions, openWatch, scopeOf } from '../open-watch.ts'
import { ownSuite, prepare, retarget } from '../prepare.ts'
import { type FaultChoice, faults, startProvider } from '../provider/index.ts'
import { type CarryOptions, type RunEvent, runPrepared } from '../run.ts'
import { prepareTrials, reachAll } from '../selftest.ts'
import type { Cannot, Suite } from '../target/index.ts'
import { updateBaseline } from './baseline.ts'

const journal = await mkdtemp(path.join(tmpdir(), 'assay-'))
const trials = await prepareTrials(journal)
const prepared = await prepare({ suite: ownSuite })
const today = '2030-06-15'
const quiet = new PassThrough()

type Looking = CarryOptions & {
  readonly faults: readonly FaultChoice[]
  readonly region?: string
  readonly workers?: number
  readonly trial?: boolean
  readonly cannot?: readonly Cannot[]
}

/** Looks at one region that has faults; its target is called "staging" whatever its port is. */
async function look({
  faults: chosen,
  region = 'eu',
  workers = 8,
  trial,
  cannot = [],
  ...options
}: Looking) {
  const provider = await startProvider({ regions: [region], faults: chosen })
  const [handle] = provider.regions
  if (handle === undefined) throw new Error('the provider has no region')
  try {
    const [{ urls: [url] = [], ...targets }, environment] = reachAll(handle)
    const aimed = retarget(
      trial ? trials : prepared,
      { ...targets, urls: [url ?? ''], workers, cannot },
      environment,
    )
    const chosen = aimed.chosen.map((each) => ({ ...each, name: 'staging' }))
    let ended: (RunEvent & { kind: 'ended' }) | undefined
    const observe = (event: RunEvent) => {
      if (event.kind === 'ended') ended = event
    }
    const events = runPrepared({ ...aimed, chosen }, { journal, today, ...options })
    const report = await collectReport(events, { observe })
    return { report, ended }
  } finally {
    await provider.close()
  }
}

const lies = { name: 'not-found-lies-success' }
const lives = { name: 'revoked-key-still-works' }

/** Writes what was found, and fills in what people fill in. */
async function writeKnown(chosen: readonly FaultChoice[]): Promise<string> {
  const baseline = path.join(await mkdtemp(path.join(tmpdir(), 'assay-')), 'known.yaml')
  const { report, ended } = await look({ faults: chosen, baseline, baselineUpdate: true, seed: 1 })
  expect(report.exitCode).toBe(chosen.length === 0 ? 0 : 1)
  await updateBaseline(ended, quiet)
  const text = await readFile(baseline, 'utf8')
  await writeFile(
    baseline,
    text.replaceAll('owner: null', 'owner: team-a').replaceAll('reason: null', 'reason: soon'),
  )
  return baseline
}

test('a known finding makes no run red, with another seed and at another port', async () => {
  const baseline = await writeKnown([lies])
  const { report } = await look({ faults: [lies], baseline, seed: 2 })
  expect([report.conclusion, report.exitCode, report.tally.known]).toEqual(['partial', 0, 1])
  expect(report.baseline).toMatchObject({ known: 1, expired: [], unseen: [] })
})

test('a second finding beside it, and a day too late, make it red', async () => {
  const baseline = await writeKnown([lies])
  const second = await look({ faults: [lies, lives], baseline, seed: 3 })
  expect([second.report.conclusion, second.report.exitCode]).toEqual(['broken', 1])
  expect(second.report.baseline).toMatchObject({ known: 1, expired: [], unseen: [] })
  const late = await look({ faults: [lies], baseline, seed: 4, today: '2030-09-14' })
  expect([late.report.conclusion, late.report.exitCode]).toEqual(['broken', 1])
  expect(late.report.baseline?.expired.map(({ reason }) => reason)).toEqual([
    'its entry in the baseline expired on 2030-09-13 (team-a): mend it, or renew the entry',
  ])
})

test('what is mended has to go, and an update takes it away', async () => {
  const baseline = await writeKnown([lies])
  const { report, ended } = await look({ faults: [], baseline, baselineUpdate: true, seed: 5 })
  expect([report.conclusion, report.exitCode]).toEqual(['stale', 1])
  expect(report.baseline?.unseen.map(({ reason }) => reason)).toEqual([
    'no longer seen: remove it (--baseline-update)',
  ])
  await updateBaseline(ended, quiet)
  expect(await readFile(baseline, 'utf8')).toMatch(/\nentries: \[\]\n$/)
  expect((await look({ faults: [], baseline, seed: 6 })).report.exitCode).toBe(0)
})

test('a law that a known finding keeps from being shown is declared with it', async () => {
  const chosen = [{ name: 'not-found-answers-410' }]
  const before = await look({ faults: chosen, seed: 7 })
  expect(before.report.tally.unproven).toBeGreaterThan(0)
  const baseline = await writeKnown(chosen)
  const { report } = await look({ faults: chosen, baseline, seed: 8 })
  expect([report.tally.unproven, report.tally.declared, report.exitCode]).toEqual([
    0,
    before.report.tally.unproven,
    0,
  ])
})

test('a declaration that has ended is told, and what it was about is looked at again', async () => {
  const cannot = [{ status: '404', reason: 'no time', until: '2030-06-14' }]
  const { report } = await look({ faults: [], seed: 9, cannot })
  expect(report.remarks.map(({ text }) => text)).toContain(
    'that 404 cannot be shown was declared until 2030-06-14 (no time); it is looked at again: renew the declaration or remove it',
  )
  expect(report.exitCode).toBe(0)
  const declared = await look({ faults: [], seed: 9, cannot, today: '2030-06-14' })
  expect([declared.report.remarks, declared.report.conclusion]).toEqual([[], 'partial'])
})

test('a baseline is the one named, else that of the suite; without a file there is nothing to update', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
  await writeFile(path.join(folder, 'ours.yaml'), 'baseline: 1\nentries: []\n')
  const suite = { ...prepared.suite, folder, baseline: 'ours.yaml' }
  const scope = scopeOf(prepared)
  const file = async (options: BaselineOptions, of: Suite = suite) =>
    (await openWatch(of, scope, options))?.end([]).file
  expect(await file({})).toBe(path.relative('', path.join(folder, 'ours.yaml')))
  const update = { baselineUpdate: true }
  const { baseline: _baseline, ...bare } = suite
  expect(await file({}, bare)).toBe(undefined)
  for (const refused of [file(update, bare), file({ ...update, baseline: 'https://a/b' })])
    await expect(refused).rejects.toMatchObject({ code: 'USAGE' })
  await expect(file({ baseline: 'none.yaml' })).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' })
  expect([scope.isTarget('reference/aws-us-east-1'), scope.isTarget('eu')]).toEqual([true, false])
  expect([scope.isPromised('deleteApiToken/404'), scope.isPromised('deleteApiToken/418')]).toEqual([
    true,
    false,
  ])
})

test('a run that was stopped, or saw nothing, writes nothing', async () => {
  const baseline = await writeKnown([lies])
  const text = await readFile(baseline, 'utf8')
  const signal = AbortSignal.abort('SIGINT')
  const stopped = await look({ faults: [], baseline, baselineUpdate: true, signal })
  const said: string[] = []
  const stream = {
    write: (line: string) => said.push(line) > 0,
  } as unknown as NodeJS.WritableStream
  await updateBaseline(stopped.ended, stream)
  expect(said).toEqual([`${baseline}: left as it is, because the run was stopped\n`])
  expect(await readFile(baseline, 'utf8')).toBe(text)
})

/** All of them take minutes; some of every kind are in each run of the tests. */
const whole = process.env.ASSAY_TEST_EVERY_FAULT !== undefined

test('a fault has the same fingerprints with any seed, region, port and order', async () => {
  const sample = faults.filter((_, index) => whole || index % 15 === 0)
  const count = sample.length
  const differ: string[] = []
  const sets = new Map<string, string[]>()
  const rest = sample
  const fingerprints = async (name: string, region: string, seed: number, workers: number) => {
    const { report } = await look({ faults: [{ name }], region, seed, workers, trial: true })
    const all = report.verdicts.flatMap(({ findings }) => findings.map((each) => each.fingerprint))
    return [...new Set(all)].sort().join(' ')
  }
  const work = async () => {
    for (let fault = rest.shift(); fault !== undefined; fault = rest.shift()) {
      const { name, alone } = fault
      const one = await fingerprints(name, 'one', 1, alone === true ? 1 : 8)
      const other = await fingerprints(name, 'us-2', 77, alone === true ? 1 : 5)
      if (one !== other || one === '') differ.push(name)
      sets.set(one, [...(sets.get(one) ?? []), name])
    }
  }
  await Promise.all([work(), work(), work()])
  expect(differ).toEqual([])
  expect(sets.size).toBeGreaterThan(count / 2)
}, 600_000)
