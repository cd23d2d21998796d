import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it, test } from 'vitest'
import { collectReport } from './collect.ts'
import type { Shard } from './plan/index.ts'
import { prepare } from './prepare.ts'
import { type Provider, startProvider } from './provider/index.ts'
import { type Report, reportSchema } from './report/index.ts'
import { type RunOptions, run } from './run.ts'
import { compileSchema } from './schema/index.ts'
import { limitTo, shareOf } from './share.ts'
import type { Target } from './target/index.ts'

const open: Provider[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()))
})

async function look(options: RunOptions): Promise<Report> {
  const journal = await mkdtemp(path.join(tmpdir(), 'assay-'))
  return collectReport(run({ seed: 1, journal, ...options }))
}

const cellsOf = (report: Report) =>
  report.verdicts.map(({ target, expectation }) => `${target} ${expectation}`)

const shards = (count: number): readonly Shard[] =>
  Array.from({ length: count }, (_, index) => ({ index: index + 1, count }))

describe('the shards of a run', () => {
  it('see together what the whole run sees, each knows all of it, and no cell is seen twice', async () => {
    const whole = await look({})
    const parts = await Promise.all(shards(3).map((shard) => look({ shard })))
    expect(parts.flatMap(cellsOf)).toEqual(cellsOf(whole))
    const conforms = await compileSchema(reportSchema)
    for (const [index, part] of parts.entries()) {
      expect(part.shard).toEqual({ index: index + 1, count: 3 })
      expect(part.targets.map(({ name }) => name)).toEqual(whole.targets.map(({ name }) => name))
      expect(part.expectations).toEqual(whole.expectations)
      expect(conforms(part)).toEqual([])
      expect(part.exitCode).toBe(0)
    }
    expect(whole.shard).toBe(null)
  })

  it('split the operations of one target where there are more shards than targets', async () => {
    const provider = await startProvider({ regions: ['one'] })
    open.push(provider)
    const [region] = provider.regions
    const suite = await mkdtemp(path.join(tmpdir(), 'assay-'))
    const document = path.join(suite, 'two.json')
    const { writeFile } = await import('node:fs/promises')
    const answer = { 404: { description: 'not there' } }
    const get = (operationId: string) => ({ get: { operationId, responses: answer } })
    const paths = { '/a': get('a'), '/b': get('b'), '/c': get('c') }
    const info = { title: 'Two', version: '1' }
    await writeFile(document, JSON.stringify({ openapi: '3.1.0', info, paths }))
    const targets = { urls: [region?.url ?? ''] }
    const parts = await Promise.all(
      shards(2).map((shard) => look({ document, targets, environment: {}, shard })),
    )
    expect(parts.map((part) => part.verdicts.map(({ expectation }) => expectation))).toEqual([
      ['a/404', 'b/404'],
      ['c/404'],
    ])
  })

  it('need the keys and addresses of their own targets alone', async () => {
    const provider = await startProvider({ regions: ['eu'] })
    open.push(provider)
    const [region] = provider.regions
    const environment = { ARCHIL_AWS_EU_WEST_1_URL: region?.url, ARCHIL_API_KEY: region?.apiKey }
    const names = ['aws-us-east-1', 'aws-eu-west-1']
    const filter = { includeStatuses: ['404'] }
    const report = await look({
      targets: { names },
      environment,
      filter,
      shard: { index: 2, count: 2 },
    })
    expect(cellsOf(report)).toEqual(['aws-eu-west-1 deleteApiToken/404'])
    expect(report.exitCode).toBe(0)
    expect(report.targets.map(({ baseUrl }) => baseUrl)).toEqual([
      '${ARCHIL_AWS_US_EAST_1_URL}',
      region?.url,
    ])
    await expect(
      look({ targets: { names }, environment, filter, shard: { index: 1, count: 2 } }),
    ).rejects.toMatchObject({ code: 'TARGET_URL_MISSING' })
  })

  it('are no more than there are pairs of a target and an operation', async () => {
    await expect(prepare({ shard: { index: 5, count: 5 } })).rejects.toMatchObject({
      code: 'SHARD_EMPTY',
      message: 'shard 5 of 5 would be empty: there is 1 operation on 4 targets',
      hint: 'split the run into 4 shards at most',
    })
  })
})

test('every target of a whole run is covered, and limited as it says itself', async () => {
  const share = shareOf(await prepare({}))
  expect(share.targets.map(({ name }) => share.partOf(name))).toEqual([1, 1, 1, 1])
  const target = { limits: { workers: 8 } } as Target
  expect(limitTo(1, target)).toBe(target)
})

test('machines that share a target share its limits', () => {
  const limits = { workers: 8, rate: 6, requestBudget: 100, creationBudget: 10 }
  const target = { limits } as Target
  expect(limitTo(1 / 3, target).limits).toEqual({
    workers: 2,
    rate: 2,
    requestBudget: 33,
    creationBudget: 3,
  })
  expect(limitTo(1 / 100, target).limits).toMatchObject({ workers: 1, creationBudget: 1 })
  const { limits: unlimited } = limitTo(1 / 2, {
    limits: { ...limits, rate: undefined },
  } as unknown as Target)
  expect(unlimited.rate).toBe(undefined)
})
