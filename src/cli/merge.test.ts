import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Ended, runAssay } from '../fixtures/assay.ts'
import type { Report } from '../report/index.ts'
import { type ManyRegions, startRegions } from './fixtures/many-regions.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

let regions: ManyRegions
let folder: string
let suite: string

beforeAll(async () => {
  regions = await startRegions(4, [{ name: 'not-found-lies-success', region: 'region-3' }])
  folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
  suite = await regions.write(folder)
  const codes = await Promise.all([1, 2, 3, 4].map((index) => look(`${index}/4`, `all/${index}`)))
  expect(codes.map(({ code }) => code)).toEqual([0, 0, 1, 0])
})
afterAll(() => regions.close())

/** The command over four regions of which one breaks a promise, a shard for each. */
const assay = (args: readonly string[], env?: Readonly<Record<string, string>>) =>
  runAssay(args, env, folder)

/** Each machine has the key of its own region alone. */
function look(shard: string, reports: string, more: readonly string[] = []): Promise<Ended> {
  const [index = ''] = shard.split('/')
  const key = `KEY_REGION_${index}`
  const filter = ['--include-status', '401,404', ...more]
  return assay(['run', suite, ...filter, '--report', 'console,json', '--report-dir', reports], {
    ASSAY_SHARD: shard,
    [key]: regions.environment[key] ?? '',
  })
}

async function copy(name: string, left: readonly number[]): Promise<void> {
  for (const index of left)
    await cp(path.join(folder, 'all', `${index}`), path.join(folder, name, `${index}`), {
      recursive: true,
    })
}

async function readReport(name: string): Promise<Report> {
  return JSON.parse(await readFile(path.join(folder, name, 'report.json'), 'utf8')) as Report
}

test('four shards of four regions are one run, and the broken region is found in every report', async () => {
  const formats = 'console,json,junit,markdown,github'
  const { code, out } = await assay(['merge', 'all', '--report', formats, '--report-dir', 'whole'])
  expect(code).toBe(1)
  expect(out).toContain('in region-3 (1 of 4)')
  expect(out).toMatch(/^broken: 7 of 8 pass, 1 fail · 4 targets .* · 4 shards$/m)
  const report = await readReport('whole')
  expect(report.targets.map(({ name }) => name)).toEqual(regions.names)
  expect(report.targets.every(({ baseUrl }) => /^http:\/\/127\.0\.0\.1:\d+$/.test(baseUrl))).toBe(
    true,
  )
  expect(report.shards?.map(({ told }) => told?.exitCode)).toEqual([0, 0, 1, 0])
  for (const file of ['junit.xml', 'report.md'])
    expect(await readFile(path.join(folder, 'whole', file), 'utf8')).toContain('region-3')
})

test('a missing shard is exit 3 where the others are sound, and 1 where one is broken', async () => {
  await copy('sound', [1, 2, 4])
  const sound = await assay(['merge', 'sound'])
  expect(sound.code).toBe(3)
  expect(sound.out).toContain('shard 3 of 4 is missing: run it with --shard 3/4')
  await copy('broken', [2, 3])
  const broken = await assay(['merge', 'broken'])
  expect(broken.code).toBe(1)
  expect(broken.out).toContain('shard 1 of 4 is missing')
  expect(broken.out).toContain('shard 4 of 4 is missing')
  expect(broken.out).toMatch(/^FAIL {2}DELETE/m)
})

test('a doubled, a foreign and a spoilt report are refused with exit 2 and nothing on standard output', async () => {
  const own = (index: number) => `all/${index}/report.json`
  await Promise.all([
    look('2/4', 'other', ['--exclude-status', '401']),
    look('2/4', 'strict', ['--strict']),
  ])
  await writeFile(path.join(folder, 'spoilt.json'), '{"report": 1}')
  const cases: readonly (readonly [files: readonly string[], said: RegExp])[] = [
    [['all', own(2)], /MERGE_SHARD_TWICE {2}shard 2 of 4 is there twice: all\/2\/report\.json and/],
    [[own(1), 'other'], /MERGE_MISMATCH .* what is expected: .* deleteApiToken\/401/],
    [[own(1), 'strict'], /MERGE_MISMATCH .* --strict: .* has given/],
    [[own(1), 'spoilt.json'], /REPORT_INVALID[^\n]*"tool".*\n +at +spoilt\.json:1:1/],
  ]
  for (const [files, said] of cases) {
    const { code, out, err } = await assay(['merge', ...files])
    expect(err, files.join(' ')).toMatch(said)
    expect([code, out], files.join(' ')).toEqual([2, ''])
  }
})

test('a shard says which it is, and knows the whole of which it is a part', async () => {
  const { out } = await look('4/4', 'again')
  expect(out).toMatch(/^Assay .* · suite staging · shard 4 of 4$/m)
  expect(out).not.toContain('region-1')
  const report = await readReport('again')
  expect(report.shard).toEqual({ index: 4, count: 4 })
  expect(report.targets.map(({ name }) => name)).toEqual(regions.names)
})

test('mistakes in a shard are answered with exit 2', async () => {
  const wrong = await assay(['run', suite, '--shard', '5/4'])
  expect(wrong.err).toMatch(/It must be like 1\/8/)
  expect(wrong.code).toBe(2)
  const { code, err } = await assay(['run', suite, '--shard', '5/5'])
  expect(err).toMatch(/SHARD_EMPTY.*1 operation on 4 targets\n.*4 shards at most/)
  expect(code).toBe(2)
})

test('plan says what a shard would send, and needs no key of another', async () => {
  const env = { KEY_REGION_2: regions.environment.KEY_REGION_2 ?? '' }
  const filter = ['--include-status', '404']
  const { code, out } = await assay(['plan', suite, '--shard', '2/4', ...filter], env)
  expect(code).toBe(0)
  expect(out).toMatch(/· shard 2 of 4$/m)
  expect(out).toContain('1 of 4 cells, on 1 of 4 targets; other shards have the rest.')
  expect(out).not.toContain('region-1')
})
