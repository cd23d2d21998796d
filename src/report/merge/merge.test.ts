import { describe, expect, it, test } from 'vitest'
import type { AssayError } from '../../errors.ts'
import { compileSchema } from '../../schema/index.ts'
import { gatherAnswers } from '../../verdict/index.ts'
import type { Report, ReportVerdict } from '../collect.ts'
import { concludeReport } from '../conclude.ts'
import {
  error,
  expect as expectationsOf,
  fail,
  finding,
  reportOf,
  type Said,
  skip,
} from '../fixtures/report.ts'
import { renderReport, reportFormats, reportSchema } from '../index.ts'
import { mergeReports } from './merge.ts'
import type { ReportFile } from './report-file.ts'

type Saying = Readonly<Record<string, Readonly<Record<string, Said>>>>

/** The four shards of a run over four regions, one region each, as four machines report them. */
function shardsOf(said: Saying = {}, rest: Partial<Report> = {}): ReportFile[] {
  const whole = { ...reportOf(said), ...rest }
  return whole.targets.map(({ name }, index) => {
    const verdicts = whole.verdicts.filter(({ target }) => target === name)
    const leftovers = whole.leftovers.filter(({ target }) => target === name)
    const remarks = whole.remarks.filter(({ target }) => target === name)
    const report = {
      ...whole,
      run: `run-${index + 1}`,
      shard: { index: index + 1, count: 4 },
      verdicts,
      leftovers,
      remarks,
      ...concludeReport({ ...whole, verdicts, leftovers }),
    }
    return { file: `shard-${index + 1}.json`, report }
  })
}

/** The same reports, one of which says something else. */
function but(files: readonly ReportFile[], index: number, rest: Partial<Report>): ReportFile[] {
  return files.map((each, at) =>
    at === index ? { ...each, report: { ...each.report, ...rest } } : each,
  )
}

function refusal(files: readonly ReportFile[]): AssayError {
  try {
    mergeReports(files)
  } catch (thrown) {
    return thrown as AssayError
  }
  throw new Error('it was merged')
}

/** What one shard saw of one step: every target of it answered with that status. */
function answered({ verdicts }: Report, status: number): Report['answers'] {
  const targets = [...new Set(verdicts.map(({ target }) => target))]
  const gathering = gatherAnswers(targets)
  const expectation = { id: 'deleteApiToken/404' }
  const portrait = { cell: expectation.id, status, headers: {} }
  const drawn = { step: 's', several: false, portrait, reproduce: () => [] }
  for (const target of targets)
    gathering.note(target, { id: 'deleteApiToken/404/p', expectation }, [drawn])
  return gathering.answers()
}

const measured = {
  expectation: 'deleteApiToken/deleted-credential-stops-working',
  account: null,
  samples: 3,
  p50: 1,
  max: 2,
  open: false,
  worked: null,
  budget: null,
  unmeasured: [],
}

const conforms = await compileSchema(reportSchema)
const mixed: Saying = {
  'aws-eu-west-1': { '404': fail(finding()) },
  'aws-us-west-2': { '*': error('it cannot be reached') },
  'gcp-us-central1': { '500': skip('declared', 'no seam') },
}

describe('the shards of a run, merged,', () => {
  it.each([
    ['all well', {}],
    ['mixed', mixed],
    ['an outage', { 'aws-us-west-2': { '*': error('it cannot be reached') } }],
  ] as const)('tell what the whole run would tell: %s', (_, said) => {
    const whole = reportOf(said)
    const merged = mergeReports(shardsOf(said).toReversed())
    expect(conforms(merged)).toEqual([])
    for (const part of ['targets', 'verdicts', 'tally', 'conclusion', 'exitCode'] as const)
      expect(merged[part], part).toEqual(whole[part])
    expect([merged.shard, merged.run, merged.seed, merged.requests]).toEqual([null, null, 7, 1440])
    expect(merged.shards?.map(({ told }) => told?.run)).toEqual([
      'run-1',
      'run-2',
      'run-3',
      'run-4',
    ])
  })

  it('begin with the first start and end with the last end', () => {
    const files = shardsOf().map(({ file, report }, index) => ({
      file,
      report: {
        ...report,
        seed: index,
        startedAt: `2026-01-02T03:0${4 - index}:00.000Z`,
        ms: index === 1 ? 90_000 : 1000,
      },
    }))
    const { startedAt, ms, seed } = mergeReports(files)
    expect([startedAt, ms, seed]).toEqual(['2026-01-02T03:01:00.000Z', 210_000, null])
  })

  it('do not agree where one of them answers otherwise, although no shard could see it', () => {
    const files = shardsOf().map(({ file, report }, index) => ({
      file,
      report: { ...report, answers: answered(report, index === 2 ? 410 : 404) },
    }))
    const merged = mergeReports(files)
    expect(merged.disagreements).toMatchObject([
      { aspect: 'status', level: 'must', odd: ['reference/aws-us-west-2'] },
    ])
    expect([merged.exitCode, merged.conclusion]).toEqual([1, 'broken'])
    expect(conforms(merged)).toEqual([])
    const known = { owner: 'team-a', reason: 'a rollout', expires: '2030-12-31' }
    const excused = mergeReports(files, (each) => ({ ...each, known }))
    expect([excused.exitCode, excused.conclusion]).toEqual([0, 'partial'])
    expect(conforms(excused)).toEqual([])
    const alike = files.map(({ file, report }) => ({
      file,
      report: { ...report, answers: answered(report, 404) },
    }))
    expect(mergeReports(alike)).toMatchObject({ disagreements: [], exitCode: 0 })
  })

  it('measured how long deleted credentials still worked', () => {
    const files = shardsOf().map(({ file, report }) => {
      const name = report.verdicts[0]?.target ?? ''
      return { file, report: { ...report, revocations: [{ ...measured, from: name, in: name }] } }
    })
    const regions = files.map(({ report }) => report.revocations[0]?.in)
    expect(mergeReports(files).revocations.map((each) => each.in)).toEqual(regions)
  })

  it('keep what each left behind and remarked', () => {
    const said = {
      leftovers: [{ target: 'reference/aws-us-west-2', state: 's', name: null, reason: 'r' }],
    }
    const remarks = [{ target: 'reference/aws-eu-west-1', text: 'TLS verification is off' }]
    const merged = mergeReports(shardsOf({}, { ...said, remarks }))
    expect(merged).toMatchObject({ ...said, remarks, exitCode: 1, conclusion: 'incomplete' })
  })

  it.each(reportFormats)('are told in every format: %s', async (format) => {
    const merged = mergeReports(shardsOf(mixed).slice(1))
    const text = await renderReport(format, merged, { color: false })
    expect(text).toContain('shard 1 of 4 is missing: run it with --shard 1/4')
    expect(text).not.toMatch(/null.*null|undefined/)
  })

  it('take their own word for where a target is', () => {
    const files = shardsOf()
    const unknown = files.map(({ file, report }, at) => ({
      file,
      report: {
        ...report,
        targets: report.targets.map((each, index) =>
          index === at ? each : { ...each, baseUrl: '${URL}', safety: 'shared' as const },
        ),
      },
    }))
    expect(mergeReports(unknown).targets).toEqual(files[0]?.report.targets)
  })
})

describe('a shard that left no report', () => {
  it('is an error of every cell that was its to look at, and no other', () => {
    const merged = mergeReports(shardsOf().filter((_, index) => index !== 2))
    const missing = merged.verdicts.filter(({ verdict }) => verdict === 'error')
    expect(missing).toHaveLength(6)
    expect(new Set(missing.map(({ target }) => target))).toEqual(
      new Set(['reference/aws-us-west-2']),
    )
    expect(missing[0]).toMatchObject({
      reasons: ['shard 3 of 4 is missing: run it with --shard 3/4'],
      codes: ['SHARD_MISSING'],
    })
    expect([merged.exitCode, merged.conclusion, merged.tally.pass]).toEqual([3, 'incomplete', 18])
    expect(merged.shards?.[2]).toEqual({ index: 3, told: null })
    expect(conforms(merged)).toEqual([])
  })

  it('does not hide a broken promise that another saw', () => {
    const merged = mergeReports(shardsOf(mixed).slice(1, 2))
    expect([merged.exitCode, merged.conclusion]).toEqual([1, 'broken'])
    expect([merged.tally.fail, merged.tally.error]).toEqual([1, 18])
  })

  it('is said once, with all its regions', async () => {
    const files = shardsOf().map(({ file, report }) => ({
      file,
      report: { ...report, shard: { index: 1, count: 2 } },
    }))
    const [first, second] = files
    if (first === undefined || second === undefined) throw new Error('no report')
    const verdicts = [...first.report.verdicts, ...second.report.verdicts]
    const half = { ...first.report, verdicts }
    Object.assign(half, concludeReport(half))
    const merged = mergeReports([{ file: 'half.json', report: half }])
    const text = await renderReport('console', merged, { color: false })
    expect(text.match(/^ERROR .*/gm)).toEqual(['ERROR  in aws-us-west-2, gcp-us-central1 (2 of 4)'])
    expect(text).toMatch(/1 of 2 shards$/m)
  })
})

describe('a shard that was interrupted', () => {
  it('leaves what it did not see unproven', () => {
    const said = { 'aws-eu-west-1': { '404': skip('stopped', 'the run was stopped') } }
    const files = but(shardsOf(said), 1, { exitCode: 130, conclusion: 'interrupted' })
    expect(mergeReports(files)).toMatchObject({ exitCode: 1, conclusion: 'unproven' })
  })

  it('keeps the whole from being green even where it had seen everything', () => {
    const files = but(shardsOf(), 1, { exitCode: 143, conclusion: 'interrupted' })
    const merged = mergeReports(files)
    expect(merged).toMatchObject({ exitCode: 143, conclusion: 'interrupted', tally: { pass: 24 } })
    expect(merged.remarks).toEqual([
      { target: 'reference/aws-eu-west-1', text: 'shard 2 of 4 was interrupted (exit 143)' },
    ])
  })
})

describe('reports that are not the shards of one run are refused', () => {
  const files = shardsOf()
  const [first] = files
  if (first === undefined) throw new Error('no report')
  const { document, targets, expectations } = first.report
  const other = 'ff'.repeat(32)

  test.each<[what: string, rest: Partial<Report>, said: RegExp]>([
    [
      'version',
      { tool: { name: 'assay', version: '9.9.9' } },
      /version of Assay.* has 9\.9\.9,.* have 0\.1\.0/,
    ],
    ['suite', { suite: 'another' }, /the suite.* has another,.* have control-plane$/],
    ['text of the suite', { suiteHash: other }, /the suite.* has SHA-256 ffff.* have SHA-256 cdcd/],
    ['document', { document: { ...document, hash: other } }, /the document.*ffff.*abab/],
    ['envelope', { envelopeHash: null }, /the envelope.* has none,.* have SHA-256 efef/],
    ['strictness', { strict: true }, /--strict.* has given,.* have not given/],
    [
      'filter',
      { expectations: expectations.slice(1) },
      /what is expected.* has deleteApiToken\/401,/,
    ],
    [
      'targets',
      { targets: [...targets, { ...targets[0], name: 'more' } as (typeof targets)[number]] },
      /the targets.* has more \(aws-us-east-1\),.* have no more$/,
    ],
    ['number of shards', { shard: { index: 2, count: 5 } }, /number of shards.* has 5,.* have 4/],
  ])('another %s', (_, rest, said) => {
    const { code, message } = refusal(but(files, 1, rest).map(withoutVerdicts))
    expect(code).toBe('MERGE_MISMATCH')
    expect(message).toMatch(said)
    expect(message).toContain('shard-2.json')
    expect(message).toContain('shard-1.json and 2 others')
  })

  it('a shard that is there twice', () => {
    const { code, message } = refusal([...files, { ...first, file: 'again.json' }])
    expect([code, message]).toEqual([
      'MERGE_SHARD_TWICE',
      'shard 1 of 4 is there twice: shard-1.json and again.json',
    ])
  })

  it('a report of a whole run, one of a merge, and none at all', () => {
    const whole = { file: 'whole.json', report: reportOf() }
    expect(refusal([whole])).toMatchObject({
      code: 'MERGE_NOT_A_SHARD',
      message: 'whole.json is the report of a run that was not split',
    })
    const merged = { file: 'merged.json', report: mergeReports(files) }
    expect(refusal([merged]).message).toBe('merged.json is the report of a merge')
    expect(refusal([]).code).toBe('REPORT_NONE')
  })

  it('two shards that looked for a target at different places', () => {
    const two = expectationsOf('a', 'GET', '/a', ['404'])
    const more = expectationsOf('b', 'GET', '/b', ['404'])
    const told = { expectations: [...two, ...more], targets: [{ name: 'eu', region: 'eu' }] }
    const whole = reportOf({}, told)
    const parts = whole.verdicts.map((verdict, index): ReportFile => {
      const report = { ...whole, shard: { index: index + 1, count: 2 }, verdicts: [verdict] }
      return { file: `${index + 1}.json`, report }
    })
    expect(mergeReports(parts).exitCode).toBe(0)
    const [target] = whole.targets
    if (target === undefined) throw new Error('no target')
    const elsewhere = (rest: object) =>
      but(parts, 1, { targets: [{ ...target, baseUrl: 'https://other.test', ...rest }] })
    expect(refusal(elsewhere({}))).toMatchObject({
      code: 'MERGE_MISMATCH',
      message:
        'the reports differ in where eu is: 1.json has https://eu.test (shared), 2.json has https://other.test (shared)',
    })
    const embedded = elsewhere({ embedded: true }).map(({ file, report }) => ({
      file,
      report: { ...report, targets: report.targets.map((each) => ({ ...each, embedded: true })) },
    }))
    expect(mergeReports(embedded).exitCode).toBe(0)
  })
})

describe('a report that says what no run says is refused, at the place', () => {
  const files = shardsOf()
  const [first] = files
  const verdicts = first?.report.verdicts ?? []
  const changed = (index: number, rest: Partial<ReportVerdict>) =>
    verdicts.map((each, at) => (at === index ? { ...each, ...rest } : each))
  const must = [finding()]

  test.each<[what: string, rest: Partial<Report>, said: string]>([
    [
      'a pass with a broken promise',
      { verdicts: changed(1, { findings: must }) },
      '/verdicts/1: it passed, and broke',
    ],
    [
      'a pass that was not observed',
      { verdicts: changed(1, { observed: 0 }) },
      '/verdicts/1: it passed, and was not',
    ],
    [
      'a failure of nothing',
      { verdicts: changed(1, { verdict: 'fail' }) },
      '/verdicts/1: nothing of it failed',
    ],
    [
      'an unexplained skip',
      { verdicts: changed(1, { verdict: 'skip' }) },
      '/verdicts/1: a skip says why',
    ],
    [
      'an unexplained error',
      { verdicts: changed(1, { verdict: 'error' }) },
      '/verdicts/1: a verdict of "error" gives',
    ],
    [
      'an exit code that its verdicts do not make',
      { exitCode: 1 },
      '/exitCode: its verdicts make 0, not 1',
    ],
    [
      'the cell of another shard',
      { verdicts: changed(1, { target: 'reference/aws-us-west-2' }) },
      '/verdicts/1: this is for shard 3 of 4 to tell',
    ],
    [
      'a target that is not there',
      { verdicts: changed(1, { target: '__proto__' }) },
      '/verdicts/1/target: there is no',
    ],
    [
      'an expectation that is not there',
      { verdicts: changed(1, { expectation: 'constructor' }) },
      '/verdicts/1/expectation: there is no',
    ],
    [
      'the same cell twice',
      { verdicts: [...verdicts, ...verdicts.slice(0, 1)] },
      '/verdicts/6: it tells the same cell',
    ],
    [
      'a cell that is not there',
      { verdicts: verdicts.slice(1) },
      '/verdicts: it tells nothing of deleteApiToken/200 on reference/aws-us-east-1',
    ],
    [
      'a leftover on no target',
      { leftovers: [{ target: 'x', state: 's', name: null, reason: 'r' }] },
      '/leftovers/0/target: there is no',
    ],
    [
      'a remark on no target',
      { remarks: [{ target: 'x', text: 't' }] },
      '/remarks/0/target: there is no',
    ],
  ])('%s', (_, rest, said) => {
    const { code, message } = refusal(but(files, 0, rest))
    expect(code).toBe('REPORT_INVALID')
    expect(message).toContain(`shard-1.json, ${said}`)
  })

  it('a shard that cannot be, however many are claimed', () => {
    const claim = (shard: { index: number; count: number }) =>
      refusal(shardsOf().map(({ file, report }) => ({ file, report: { ...report, shard } })))
        .message
    expect(claim({ index: 5, count: 4 })).toBe('shard-1.json, /shard: there is no shard 5 of 4')
    expect(claim({ index: 1, count: 2 ** 40 })).toContain('/shard: there is no shard 1 of')
  })
})

test('a hundred shards of a thousand verdicts each are merged in the order of the run', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `law-${index}`)
  const expectations = expectationsOf('a', 'GET', '/a', names)
  const targets = Array.from({ length: 100 }, (_, at) => ({ name: `t${at}`, region: `r${at}` }))
  const files = targets.map(({ name }, index): ReportFile => {
    const own = reportOf({}, { expectations, targets: targets.slice(index, index + 1) })
    const all = targets.map((each) => ({
      ...(own.targets[0] as Report['targets'][number]),
      ...each,
    }))
    const report = { ...own, targets: all, shard: { index: index + 1, count: 100 } }
    return { file: `${name}.json`, report }
  })
  const merged = mergeReports(files)
  expect(merged.tally.pass).toBe(100_000)
  expect(merged.verdicts[99_999]).toMatchObject({ target: 't99', expectation: 'a/law-999' })
})

function withoutVerdicts({ file, report }: ReportFile): ReportFile {
  return { file, report: { ...report, verdicts: [], exitCode: 1 } }
}
