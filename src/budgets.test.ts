import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, test } from 'vitest'
import { collectReport } from './collect.ts'
import { loadPacts } from './pact/index.ts'
import { type Provider, type RegionHandle, startProvider } from './provider/index.ts'
import { type Report, renderReport } from './report/index.ts'
import { run } from './run.ts'
import { readJournals } from './state/index.ts'
import type { TargetOptions } from './target/index.ts'
import { verifyPacts } from './verify.ts'

const open: Provider[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()))
})

async function startRegion(): Promise<RegionHandle> {
  const provider = await startProvider({ regions: ['one'] })
  open.push(provider)
  const [region] = provider.regions
  if (region === undefined) throw new Error('no region')
  return region
}

const ways = ['url', 'recipes'] as const
const pacts = fileURLToPath(new URL('../contracts', import.meta.url))

async function optionsFor(region: RegionHandle, way: (typeof ways)[number], more: TargetOptions) {
  const states = way === 'url' ? { states: { url: region.statesUrl } } : { recipes: 'tokens-api' }
  return {
    targets: { urls: [region.url], credential: { env: 'KEY' }, ...states, ...more },
    environment: { KEY: region.apiKey },
    journal: await mkdtemp(path.join(tmpdir(), 'assay-')),
    filter: { includeStatuses: ['200', '401', '500', 'deleted-stays-deleted'] },
    seed: 1,
  }
}

/** Looks at a region once more, and answers what it got and what is left. */
async function look(region: RegionHandle, way: (typeof ways)[number], more: TargetOptions) {
  const before = region.tokens()
  const seen = region.seen().length
  const options = await optionsFor(region, way, more)
  const report = await collectReport(run(options))
  const { journals } = await readJournals(options.journal)
  return {
    report,
    got: region.seen().slice(seen),
    left: region.tokens().length - before.length,
    noted: journals.flatMap((each) => each.open),
  }
}

const codesOf = (report: Report) => [...new Set(report.verdicts.flatMap(({ codes = [] }) => codes))]

describe.each(ways)('states by %s', (way) => {
  it('no budget of requests is exceeded, and nothing is left behind whichever it is', async () => {
    const region = await startRegion()
    const { report: whole } = await look(region, way, {})
    const some = Array.from({ length: 8 }, (_, index) => index + 1)
    const steps = Array.from({ length: 8 }, (_, index) =>
      Math.round((whole.requests * (index + 1)) / 8),
    )
    for (const requestBudget of new Set([...some, ...steps])) {
      const workers = 1 + (requestBudget % 8)
      const { report, got, left, noted } = await look(region, way, { requestBudget, workers })
      const said = `budget ${requestBudget}, ${workers} workers`
      expect(got.length, said).toBeLessThanOrEqual(requestBudget)
      expect(report.requests, said).toBe(got.length)
      expect([left, noted, report.leftovers], said).toEqual([0, [], []])
      if (report.tally.error === 0) continue
      expect([codesOf(report), report.exitCode], said).toEqual([
        ['BUDGET_SPENT'],
        report.tally.undeclared > 0 ? 1 : 3,
      ])
    }
    expect(whole.tally.error).toBe(0)
  })

  it('no budget of creations is exceeded', async () => {
    const region = await startRegion()
    for (const creationBudget of [0, 1, 2, 5, 9]) {
      const { report, got, left } = await look(region, way, { creationBudget })
      const setUps = got.filter(
        ({ method, url }) => method === 'POST' && (way === 'recipes' || url.includes('states')),
      )
      // A state URL gets each of them a second time, to undo it.
      expect(setUps.length).toBeLessThanOrEqual((way === 'url' ? 2 : 1) * creationBudget + 2)
      expect([left, report.leftovers]).toEqual([0, []])
      expect(codesOf(report)).toContain('BUDGET_SPENT')
    }
  })
})

test('a spent budget is said once for a target, with its numbers and what to do', async () => {
  const region = await startRegion()
  const { report } = await look(region, 'url', { requestBudget: 30, workers: 2 })
  const text = await renderReport('console', report, { color: false })
  expect(text.match(/budget of 30 requests is spent: \d+ were sent/g)).toHaveLength(1)
  expect(text.replace(/\s+/g, ' ')).toContain('raise requestBudget (--request-budget)')
})

test('verifying pacts goes by the same budget', async () => {
  const region = await startRegion()
  const before = region.tokens()
  for (const requestBudget of [1, 4, 7, 11]) {
    const seen = region.seen().length
    const { filter: _filter, ...options } = await optionsFor(region, 'url', { requestBudget })
    const verification = verifyPacts({ ...options, pacts: await loadPacts([pacts]) })
    const report = await collectReport(
      (async function* () {
        for await (const event of verification) if (event.kind !== 'verified') yield event
      })(),
    )
    expect(region.seen().length - seen).toBeLessThanOrEqual(requestBudget)
    expect(codesOf(report)).toEqual(['BUDGET_SPENT'])
    expect(region.tokens()).toEqual(before)
  }
})
