import { describe, expect, it } from 'vitest'
import { formatPosition } from '../errors.ts'
import { compileSchema } from '../schema/index.ts'
import type { Verdict } from '../verdict/index.ts'
import { reportOf } from './fixtures/report.ts'
import { runs } from './fixtures/runs.ts'
import {
  concludeRun,
  renderJson,
  renderReport,
  reportFormats,
  reportSchema,
  reportVerdict,
} from './index.ts'

const conforms = await compileSchema(reportSchema)

describe('the JSON report', () => {
  it.each(Object.entries(runs))('keeps its schema and loses nothing: %s', (_, report) => {
    const text = renderJson(report)
    expect(conforms(JSON.parse(text))).toEqual([])
    expect(JSON.parse(text)).toEqual(report)
    expect(text.endsWith('}\n')).toBe(true)
  })

  it('is written as it always was', async () => {
    const report = reportOf({}, { targets: [{ name: 'staging', region: 'eu' }] })
    await expect(renderJson(report)).toMatchFileSnapshot('fixtures/one-target.json')
  })
})

describe.each([
  ['junit', 'xml'],
  ['markdown', 'md'],
  ['github', 'github.txt'],
] as const)('the report for %s', (format, extension) => {
  it('tells a run', async () => {
    const text = await renderReport(format, runs.mixed ?? reportOf(), { color: false })
    await expect(text).toMatchFileSnapshot(`fixtures/mixed.${extension}`)
  })

  it.each(Object.entries(runs))(
    'lets nothing steer the page that shows it: %s',
    async (_, report) => {
      const text = await renderReport(format, report, { color: false })
      expect(text).not.toMatch(/[\0-\t\v-\x1f\x7f-\x9f]/)
    },
  )
})

it('every format is rendered', async () => {
  for (const format of reportFormats)
    expect(typeof (await renderReport(format, reportOf(), { color: false }))).toBe('string')
})

describe('the one word for a run', () => {
  it.each<[name: keyof typeof runs, conclusion: string, code: number]>([
    ['all-well', 'conforming', 0],
    ['warnings', 'conforming', 0],
    ['strict', 'broken', 1],
    ['findings', 'broken', 1],
    ['a-dead-region', 'incomplete', 3],
    ['skips', 'unproven', 1],
    ['leftovers', 'incomplete', 1],
    ['interrupted', 'interrupted', 130],
    ['many-operations', 'broken', 1],
  ])('%s: %s', (name, conclusion, code) => {
    expect([runs[name]?.conclusion, runs[name]?.exitCode]).toEqual([conclusion, code])
  })

  it.each<[code: number, tally: object, conclusion: string]>([
    [0, { pass: 1, declared: 1 }, 'partial'],
    [1, { declared: 2 }, 'unproven'],
    [1, { pass: 1, stopped: 1 }, 'unproven'],
    [2, { fail: 1 }, 'bad-input'],
    [143, { pass: 1 }, 'interrupted'],
  ])('exit %i with %j: %s', (code, tally, conclusion) => {
    const { tally: none } = reportOf({}, { expectations: [] })
    expect(concludeRun(code, { ...none, ...tally })).toBe(conclusion)
  })
})

it('a verdict is reported with its reasons, and with positions as text', () => {
  const promised = { file: 'api.yaml', line: 3, column: 5 }
  const common = {
    expectation: { id: 'op/404' },
    target: 'one',
    region: 'eu',
    planned: 2,
    observed: 1,
    findings: [{ check: 'envelope', cell: 'op/404', promised }],
    omitted: [],
  }
  const told = (rest: object) => reportVerdict({ ...common, ...rest } as unknown as Verdict)
  expect(told({ kind: 'skip', why: 'declared', reason: 'no seam' })).toEqual({
    expectation: 'op/404',
    target: 'one',
    verdict: 'skip',
    why: 'declared',
    reasons: ['no seam'],
    planned: 2,
    observed: 1,
    findings: [{ check: 'envelope', promised: formatPosition(promised) }],
    omitted: [],
  })
  expect(told({ kind: 'error', reasons: ['a', 'b'], codes: ['C'] })).toMatchObject({
    verdict: 'error',
    reasons: ['a', 'b'],
    codes: ['C'],
  })
  expect('reasons' in told({ kind: 'pass' })).toBe(false)
})
