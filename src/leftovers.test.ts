import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type Meddling, startRelay } from './bench/index.ts'
import { cleanUp } from './clean-up.ts'
import { collectReport } from './collect.ts'
import { type RegionHandle, startProvider } from './provider/index.ts'
import { renderReport } from './report/index.ts'
import { run } from './run.ts'
import { readJournals } from './state/index.ts'

type Way = 'url' | 'recipes'

/** Looks at a region once, while something goes wrong with whatever undoes. */
async function look(way: Way, meddle: (asked: string, body: string) => Meddling) {
  const provider = await startProvider({ regions: ['one'] })
  const [region] = provider.regions as [RegionHandle]
  const state = { meddles: true }
  const relay = await startRelay(region.url, 0, (asked, body) =>
    state.meddles ? meddle(asked, body) : undefined,
  )
  const before = region.tokens()
  const options = {
    targets: {
      urls: [relay.url],
      credential: { env: 'KEY' },
      ...(way === 'url' ? { states: { url: '/_assay/states' } } : { recipes: 'tokens-api' }),
      requestTimeout: 400,
      cannot: [{ status: '500', reason: 'it is not asked' }],
    },
    environment: { KEY: region.apiKey },
    filter: { includeStatuses: ['401'] },
    journal: await mkdtemp(path.join(tmpdir(), 'assay-')),
    seed: 1,
  }
  const report = await collectReport(run(options))
  const left = region.tokens().length - before.length
  const open = (await readJournals(options.journal)).journals.flatMap((each) => each.open)
  state.meddles = false
  const { cleaned } = await cleanUp(withRun(options, await runsIn(options.journal)))
  const after = region.tokens()
  await relay.close()
  await provider.close()
  return { report, left, open, cleaned, isClean: JSON.stringify(after) === JSON.stringify(before) }
}

/** This process wrote the journal and lives: cleanup is told otherwise, as it would find it dead. */
async function runsIn(folder: string): Promise<readonly string[]> {
  const { readdir, readFile, writeFile } = await import('node:fs/promises')
  const files = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'))
  for (const file of files) {
    const place = path.join(folder, file)
    const text = await readFile(place, 'utf8')
    await writeFile(place, text.replace(/"machine":"[^"]*"/, '"machine":"another"'))
  }
  return files.map((name) => name.replace('.jsonl', ''))
}

function withRun<T extends object>(options: T, runs: readonly string[]) {
  return { ...options, runs }
}

const undoes: Readonly<Record<Way, (asked: string, body: string) => boolean>> = {
  url: (_, body) => body.includes('"teardown"'),
  recipes: (asked) => /^DELETE \/api\/tokens\/[0-9a-f]{64}$/.test(asked) || asked.startsWith('GET'),
}

const troubles: readonly (readonly [string, Meddling])[] = [
  ['is refused', 403],
  ['fails', 500],
  ['hangs', 'hang'],
  ['loses its connection', 'drop'],
]

test.each(
  (['url', 'recipes'] as const).flatMap((way) => troubles.map((each) => [way, ...each] as const)),
)(
  'by %s: where undoing %s, what is left is said, the run is red, and cleanup removes it',
  async (way, _, meddling) => {
    const { report, left, open, cleaned, isClean } = await look(way, (asked, body) =>
      undoes[way](asked, body) ? meddling : undefined,
    )
    expect(report.leftovers.length).toBeGreaterThan(0)
    expect(report.leftovers.length).toBeGreaterThanOrEqual(left)
    expect(report.exitCode).toBe(1)
    const names = report.leftovers.map(({ name }) => name).sort()
    expect(open.map(({ name }) => name).sort()).toEqual(names)
    const text = await renderReport('console', report, { color: false })
    expect(text).toContain('left behind')
    expect(cleaned.map(({ reason }) => reason)).toEqual(names.map(() => undefined))
    expect(isClean).toBe(true)
  },
)

test.each<Way>(['url', 'recipes'])(
  'by %s: a region that dies midway leaves what is said, and no hope',
  async (way) => {
    let asked = 0
    const { report, left, open, isClean } = await look(way, () =>
      ++asked > 20 ? 'drop' : undefined,
    )
    expect(report.exitCode).toBe(1)
    expect(report.leftovers.length).toBeGreaterThanOrEqual(left)
    expect(open.length).toBe(report.leftovers.length)
    expect(isClean).toBe(true)
  },
)

test('a state URL that is gone midway leaves what is said', async () => {
  const { report, left, isClean } = await look('url', (_, body) =>
    body.includes('"teardown"') ? 404 : undefined,
  )
  expect(report.leftovers.length).toBeGreaterThanOrEqual(left)
  expect([report.exitCode, isClean]).toEqual([1, true])
})
