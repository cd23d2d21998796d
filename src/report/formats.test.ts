import { describe, expect, it } from 'vitest'
import { formatPosition } from '../errors.ts'
import { compileSchema } from '../schema/index.ts'
import type { Verdict } from '../verdict/index.ts'
import { error, fail, finding, reportOf, skip } from './fixtures/report.ts'
import { runs } from './fixtures/runs.ts'
import {
  concludeRun,
  type ReportFormat,
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

  it('tells how long deleted credentials still worked, where it has a place for that', async () => {
    const report = runs.revocations ?? reportOf()
    const text = await renderReport(format, report, { color: false })
    const silent = await renderReport(format, { ...report, revocations: [] }, { color: false })
    if (format === 'markdown') await expect(text).toMatchFileSnapshot('fixtures/revocations.md')
    else expect(text).toBe(silent)
  })

  it('tells what is known and what is out of date', async () => {
    const text = await renderReport(format, runs.known ?? reportOf(), { color: false })
    await expect(text).toMatchFileSnapshot(`fixtures/known.${extension}`)
  })

  it.each(Object.entries(runs))(
    'lets nothing steer the page that shows it: %s',
    async (_, report) => {
      const text = await renderReport(format, report, { color: false })
      expect(text).not.toMatch(/[\0-\t\v-\x1f\x7f-\x9f]/)
    },
  )
})

describe('what is told of a run', () => {
  const tell = (format: ReportFormat, report: Parameters<typeof renderJson>[0]) =>
    renderReport(format, report, { color: false })

  it('is no command to the CI job that shows it', async () => {
    const received = `${'word '.repeat(17)}::stop-commands::x ##[error]y ##vso[task.complete]z ::add-mask::a`
    const said = { '401': fail(finding({ received })), '500': error(received) }
    const report = reportOf({ '*': { ...said, '200': skip('undeclared', received) } })
    for (const format of ['console', 'markdown', 'github'] as const) {
      const text = await tell(format, report)
      expect(text.match(/^\s*::\w[\w-]*/gm) ?? [], format).toEqual(
        format === 'github' ? ['::error', '::error', '::error'] : [],
      )
      expect(text, format).not.toMatch(/##\w*\[/)
    }
  })

  it.each(['console', 'junit', 'markdown', 'github', 'json'] as const)(
    'has every remark: %s',
    async (format) => {
      const text = 'its certificate was not verified'
      const remarks = [{ target: 'reference/aws-us-east-1', text }]
      const report = reportOf({}, { remarks })
      expect(await renderReport(format, report, { color: false })).toContain(text)
      expect(await renderReport(format, reportOf(), { color: false })).not.toContain(text)
      expect(report.exitCode).toBe(0)
    },
  )

  it('begins with broken promises, so that no dead region hides them', async () => {
    const dead = Array.from({ length: 12 }, (_, index) => `cause ${index}`)
    const report = reportOf({
      'aws-us-east-1': { '*': error(...dead) },
      'gcp-us-central1': { '404': fail(finding({ received: 'a surprise' })) },
    })
    const annotations = (await tell('github', report)).trimEnd().split('\n')
    expect(annotations[0]).toContain('a surprise')
    expect(annotations).toHaveLength(10)
    expect(annotations[9]).toBe('::error title=Assay::4 more; see the report')
    expect((await tell('markdown', report)).match(/<summary>.*/)?.[0]).toContain('❌ fail')
  })

  it('names every region of a finding once', async () => {
    const report = reportOf({ '*': { '404': fail(finding()) } })
    expect((await tell('github', report)).match(/^::error/gm)).toHaveLength(1)
    expect(await tell('markdown', report)).toContain('status-code · in every region</summary>')
  })

  it.each(['console', 'junit', 'markdown', 'github', 'json'] as const)(
    'says in what regions do not agree, and what each runs: %s',
    async (format) => {
      const text = await tell(format, runs.disagreements ?? reportOf())
      for (const said of ['no /data/message', '410 Gone', '310 ms and more', '1.4.2'])
        expect(text).toContain(said)
      const green = await tell(
        format,
        reportOf({}, { answers: runs.disagreements?.answers ?? null }),
      )
      expect(green.includes('the regions agree')).toBe(format === 'junit')
    },
  )

  it('draws of many operations those that are broken, for a page has an end', async () => {
    const text = await tell('markdown', runs['many-operations'] ?? reportOf())
    expect(text.match(/^### .*/gm)).toEqual(['### `GET /things/7`'])
    expect(text).toMatch(/^11 more operations: \d+ pass/m)
  })
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
    ['disagreements', 'broken', 1],
    ['interrupted', 'interrupted', 130],
    ['many-operations', 'broken', 1],
    ['known', 'broken', 1],
    ['stale', 'stale', 1],
    ['all-known', 'partial', 0],
  ])('%s: %s', (name, conclusion, code) => {
    expect([runs[name]?.conclusion, runs[name]?.exitCode]).toEqual([conclusion, code])
  })

  it.each<[code: number, tally: object, conclusion: string]>([
    [0, { pass: 1, declared: 1 }, 'partial'],
    [0, { pass: 1, known: 1 }, 'partial'],
    [1, { known: 1, unproven: 1 }, 'unproven'],
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
