import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, it, test } from 'vitest'
import type { AssayError } from './errors.ts'
import { loadReports } from './load-reports.ts'

const golden = await readFile(
  fileURLToPath(new URL('report/fixtures/one-target.json', import.meta.url)),
  'utf8',
)
const report = JSON.parse(golden) as Record<string, unknown>

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
})

async function put(name: string, text: string): Promise<string> {
  const file = path.join(folder, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
  return file
}

async function refusal(text: string): Promise<AssayError> {
  const file = await put('bad.json', text)
  const refused: unknown = await loadReports([file]).catch((error: unknown) => error)
  if (refused instanceof Error) return refused as AssayError
  throw new Error('it was accepted')
}

test('files are read in the order given, folders by their report.json at any depth', async () => {
  const alone = await put('alone.json', golden)
  await put('all/b/reports/report.json', golden)
  await put('all/a/report.json', golden)
  await put('all/a/junit.json', '{}')
  const read = await loadReports([alone, path.join(folder, 'all')])
  expect(read.map(({ file }) => path.relative(folder, file))).toEqual([
    'alone.json',
    'all/a/report.json',
    'all/b/reports/report.json',
  ])
  expect(read[0]?.report).toEqual(report)
})

test('a folder without a report, and a file that is not there', async () => {
  await expect(loadReports([folder])).rejects.toMatchObject({ code: 'REPORT_NONE' })
  const nowhere = path.join(folder, 'nowhere.json')
  await expect(loadReports([nowhere])).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' })
})

describe('what is no report is refused, with the place', () => {
  const said = (rest: object) => JSON.stringify({ ...report, ...rest })
  const { shard: _, ...older } = report

  it.each<[what: string, text: string, code: string, message: RegExp]>([
    ['nothing', '', 'SOURCE_SYNTAX', /expected/],
    ['YAML', 'report: 1\ntool: { name: assay }', 'SOURCE_SYNTAX', /expected/],
    ['half a report', golden.slice(0, 500), 'SOURCE_SYNTAX', /the end of the text/],
    ['a list', '[]', 'REPORT_INVALID', /^the whole: expected .*object/],
    ['an older contract', JSON.stringify(older), 'REPORT_INVALID', /^the whole: .*"shard"/],
    [
      'another contract',
      said({ report: 2 }),
      'REPORT_INVALID',
      /^\/report: expected 1, received 2/,
    ],
    ['an unknown key', said({ green: true }), 'REPORT_INVALID', /green/],
    ['a wrong type', said({ verdicts: [{ verdict: 'fine' }] }), 'REPORT_INVALID', /^\/verdicts\/0/],
    ['no time', said({ startedAt: 'yesterday' }), 'REPORT_INVALID', /^\/startedAt/],
    ['a negative time', said({ ms: -1 }), 'REPORT_INVALID', /^\/ms/],
    [
      'a prototype',
      golden.replace('"report": 1,', '"report": 1, "__proto__": { "exitCode": 0 },'),
      'REPORT_INVALID',
      /__proto__/,
    ],
    [
      'a key twice',
      golden.replace('"report": 1,', '"report": 1, "report": 1,'),
      'SOURCE_DUPLICATE_KEY',
      /report/,
    ],
    ['a well', '['.repeat(100_000), 'SOURCE_TOO_DEEP', /nesting/],
    [
      'another version',
      JSON.stringify({ report: 7, tool: { name: 'assay', version: '9.0.0' } }),
      'MERGE_MISMATCH',
      /bad\.json was written by Assay 9\.0\.0, and this is 0\.1\.0/,
    ],
  ])('%s', async (_what, text, code, message) => {
    const refused = await refusal(text)
    expect(refused.code).toBe(code)
    expect(refused.message).toMatch(message)
  })

  it('a huge one, before it is parsed', async () => {
    const refused = await refusal(`[${'"0123456789abcdef",'.repeat(3_600_000)}0]`)
    expect(refused.code).toBe('SOURCE_TOO_LARGE')
  })
})
