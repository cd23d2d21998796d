import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { collectReport } from './collect.ts'
import { startAccount, type Traits } from './fixtures/account-server.ts'
import { ownSuite } from './prepare.ts'
import { type RunOptions, run } from './run.ts'
import type { TargetOptions } from './target/index.ts'

const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
const law = 'deleted-credential-stops-working'
const spec = path.join(path.dirname(ownSuite), '..', 'spec')
const yaml = (await readFile(ownSuite, 'utf8')).replaceAll('../spec', spec)

type Place = Traits & { readonly says?: TargetOptions }

/** Looks at the regions of one account; answers what is red, what was measured and what was sent. */
async function look(
  places: Readonly<Record<string, Place>>,
  { account = 'staging', all = false, ...options }: Looking = {},
) {
  const server = await startAccount(places)
  const targets = server.regions.map(({ name, url }) => [
    name,
    {
      ...{ url, region: name, credential: { env: 'KEY' }, recipes: 'tokens-api', account },
      ...{ cannot: [{ status: '500', reason: 'no seam' }], safety: 'shared' },
      ...{ requestTimeout: 1500, connectTimeout: 500 },
      ...places[name]?.says,
    },
  ])
  const suite = path.join(folder, `${Math.random()}.yaml`)
  const text = yaml.slice(0, yaml.indexOf('\ntargets:'))
  await writeFile(suite, `${text}\ntargets: ${JSON.stringify(Object.fromEntries(targets))}\n`)
  try {
    const report = await collectReport(
      run({
        suite,
        environment: { KEY: server.key },
        journal: folder,
        seed: 1,
        ...(all ? {} : { filter: { includeStatuses: [law] } }),
        ...options,
      }),
    )
    const red = report.verdicts
      .filter(({ verdict, why }) => verdict !== 'pass' && why !== 'declared')
      .map(({ target, expectation, verdict, why }) => {
        return `${target} ${expectation.split('/')[1]} ${why ?? verdict}`
      })
    const of = (from: string, at: string) =>
      report.revocations.find((each) => each.from === from && each.in === at)
    const verdictOf = (target: string) =>
      report.verdicts.find(
        (each) => each.target === target && each.expectation === `deleteApiToken/${law}`,
      )
    return { report, red, of, verdictOf, left: server.left(), seen: server.regions }
  } finally {
    await server.close()
  }
}

type Looking = Omit<RunOptions, 'suite' | 'environment' | 'journal'> & {
  readonly account?: string
  readonly all?: boolean
}

const until = (limit: number) => (ms: number) => ms < limit

it('a credential that stops at once is measured three times, in every region from every other', async () => {
  const { report, red, left } = await look({ one: {}, two: {}, three: {}, four: {} }, { all: true })
  expect(red).toEqual([])
  expect(left).toEqual([])
  expect(report.revocations).toHaveLength(16)
  for (const each of report.revocations)
    expect(each).toMatchObject({
      samples: 3,
      worked: null,
      open: false,
      unmeasured: [],
      account: 'staging',
    })
})

it('without a budget, a credential has to stop at once', async () => {
  const { red, of, verdictOf, left } = await look({ one: { stillOpens: until(120) } })
  expect(red).toEqual([`one ${law} fail`])
  expect(verdictOf('one')?.findings.map(({ check, level }) => [check, level])).toEqual([
    ['status-code', 'must'],
  ])
  expect(verdictOf('one')?.findings[0]?.because[0]).toMatch(
    /^the credential was deleted \d+ ms before$/,
  )
  const measured = of('one', 'one')
  expect(measured).toMatchObject({ samples: 3, budget: null, open: false })
  expect(measured?.max).toBeGreaterThanOrEqual(120)
  expect(left).toEqual([])
})

it('within its budget, a credential that stops late is measured and nothing else', async () => {
  const says = { revocationBudget: 2000 }
  const { red, of } = await look({ one: { stillOpens: until(300), says } }, { all: true })
  expect(red).toEqual([])
  expect(of('one', 'one')).toMatchObject({ samples: 3, budget: 2000, open: false })
  expect(of('one', 'one')?.p50).toBeGreaterThanOrEqual(300)
  expect(of('one', 'one')?.worked).toBeLessThanOrEqual(of('one', 'one')?.max ?? 0)
})

it('beyond its budget, it is a finding that says how late it was, and how late it is in the end', async () => {
  const says = { revocationBudget: 200 }
  const { red, of, verdictOf } = await look({ one: { stillOpens: until(600), says } })
  expect(red).toEqual([`one ${law} fail`])
  expect(verdictOf('one')?.findings[0]?.because[0]).toMatch(
    /^the credential was deleted \d+ ms before, and 200 ms are allowed$/,
  )
  expect(verdictOf('one')?.findings[0]?.received).toMatch(/^404/)
  expect(of('one', 'one')?.max).toBeGreaterThanOrEqual(600)
  expect(of('one', 'one')?.open).toBe(false)
})

it('one that never stops is told as longer than it was looked at, in bounded time', async () => {
  const says = { revocationBudget: 200 }
  const { red, of } = await look({ one: { stillOpens: () => true, says } })
  expect(red).toEqual([`one ${law} fail`])
  expect(of('one', 'one')).toMatchObject({ open: true, samples: 3 })
  expect(of('one', 'one')?.worked).toBeGreaterThan(1200)
  expect(of('one', 'one')?.worked).toBeLessThan(10_000)
})

it.each([
  ['without a budget', {}, 'fail'],
  ['within a budget', { revocationBudget: 5000 }, undefined],
])('one that works again after a refusal has not stopped, %s', async (_, says, verdict) => {
  const stillOpens = (_ms: number, uses: number) => uses === 2
  const { red, of } = await look({ one: { stillOpens, says } })
  expect(red).toEqual(verdict === undefined ? [] : [`one ${law} ${verdict}`])
  expect(of('one', 'one')?.worked).toBeGreaterThan(0)
})

it('a region that alone learns late is alone red, and the finding names where it was deleted', async () => {
  const odd: Place = { stillOpens: until(250) }
  const { red, of, verdictOf, left } = await look(
    { one: {}, two: {}, odd: { ...odd, learnsFromElsewhereAfter: 0 }, four: {} },
    { all: true },
  )
  expect(red).toEqual([`odd ${law} fail`])
  const because = verdictOf('odd')?.findings.flatMap((each) => each.because) ?? []
  for (const name of ['one', 'two', 'four']) {
    expect(because.some((each) => each.includes(`deleted in ${name} `))).toBe(true)
    expect(of(name, 'odd')?.max).toBeGreaterThanOrEqual(250)
    expect(of('odd', name)?.worked).toBeNull()
  }
  expect(left).toEqual([])
})

it('what it deletes itself may stop at once where what others delete does not', async () => {
  const late = { stillOpens: (ms: number, _: number) => ms < 200 }
  const budget = { says: { revocationBudget: 3000 } }
  const { red, of } = await look({ one: {}, two: { ...late, ...budget } })
  expect(red).toEqual([])
  expect(of('one', 'two')).toMatchObject({ budget: 3000, samples: 3, open: false })
  expect(of('two', 'one')).toMatchObject({ budget: null, worked: null })
})

it('an account that is declared and not shared is an error that says so, not silence', async () => {
  const { red, of, verdictOf, report } = await look({ one: {}, two: { isShared: false } })
  expect(red).toEqual([`one ${law} error`, `two ${law} error`])
  expect(verdictOf('two')?.reasons).toEqual([
    expect.stringMatching(
      /^with one: .*not let in here: the account is not shared.*\(answered 401\)$/,
    ),
  ])
  expect(of('one', 'two')).toMatchObject({ samples: 0, p50: null, max: null })
  expect(of('one', 'two')?.unmeasured).toHaveLength(1)
  expect(report.exitCode).toBe(3)
})

it('a credential that takes its time to arrive is waited for within the window of the region', async () => {
  const learns = { learnsFromElsewhereAfter: 200 }
  const says = { consistencyWindow: 1500 }
  const { red, of, report } = await look({ one: {}, two: { ...learns, says } })
  expect(red).toEqual([])
  expect(of('one', 'two')).toMatchObject({ samples: 3, worked: null })
  expect(report.remarks).toEqual([
    { target: 'two', text: expect.stringMatching(/up to \d+ ms of the allowed 1500 ms/) },
  ])
})

it('a dead region costs the others nothing, and its pairs are said not to be measured', async () => {
  const says = { url: 'http://127.0.0.1:1' } as TargetOptions
  const { red, of, verdictOf } = await look({ one: {}, dead: { says }, three: {} })
  expect(red).toEqual([`dead ${law} error`])
  expect(verdictOf('one')?.omitted.map(({ probe }) => probe)).toEqual(
    [1, 2, 3].map((each) => `deleteApiToken/${law}/elsewhere/${each} from dead`),
  )
  expect(of('dead', 'one')).toMatchObject({
    samples: 0,
    unmeasured: [expect.stringContaining('cannot be reached')],
  })
  expect(of('three', 'one')).toMatchObject({ samples: 3, worked: null })
})

it('a region that asks for patience meanwhile is an error there, and no accusation', async () => {
  const says = { revocationBudget: 1000 }
  const { red, verdictOf } = await look({ one: { limits: (uses) => uses === 2, says }, two: {} })
  expect(red).toEqual([`one ${law} error`])
  expect(verdictOf('one')?.reasons?.join()).toMatch(/patience \(429\)/)
})

it('what is neither let in nor refused as documented is filed where it belongs', async () => {
  const says = { revocationBudget: 1000 }
  const { red } = await look({ one: { refusal: 500, says }, two: {} }, { all: true })
  expect(red).toEqual(['one 401 fail', `one ${law} unproven`])
})

it('production is not asked for what it must not get, and measures nothing', async () => {
  const says = { safety: 'production' } as const
  const { verdictOf, of, seen } = await look({ one: { says }, two: {} }, { all: true })
  expect(verdictOf('one')).toMatchObject({ verdict: 'skip', why: 'undeclared' })
  expect(verdictOf('two')).toMatchObject({ verdict: 'pass' })
  expect(of('one', 'two')).toMatchObject({ samples: 0 })
  expect(seen[0]?.seen.filter(({ method }) => !['GET', 'HEAD'].includes(method))).toEqual([])
})

it('each deletion is looked at in the next three regions, however many there are', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  const { red, report, seen } = await look(Object.fromEntries(names.map((name) => [name, {}])))
  expect(red).toEqual([])
  expect(report.revocations.filter(({ from }) => from === 'a').map((each) => each.in)).toEqual([
    ...['a', 'b', 'c', 'd'],
  ])
  expect(report.revocations).toHaveLength(7 * 4)
  for (const region of seen) expect(region.seen.length).toBeLessThan(140)
})

it('a budget of requests ends the looking, not the run', async () => {
  const says = { requestBudget: 40 }
  const { red, left, seen } = await look({ one: { stillOpens: () => true, says }, two: {} })
  expect(red).toEqual([`one ${law} fail`])
  expect(left).toEqual([])
  expect(seen[0]?.seen.length).toBeLessThan(60)
})

it('a rate limit is kept while a credential is tried again and again', async () => {
  const says = { rateLimit: '40/s', revocationBudget: 300 }
  const start = performance.now()
  const { red, seen } = await look({ one: { stillOpens: until(200), says } })
  expect(red).toEqual([])
  const least = ((seen[0]?.seen.length ?? 0) - 1) * 25
  expect(performance.now() - start).toBeGreaterThanOrEqual(least)
})

it('a signal in the middle of it ends it at once, and nothing is left', async () => {
  const controller = new AbortController()
  const says = { revocationBudget: 60_000 }
  setTimeout(() => controller.abort('SIGINT'), 700)
  const start = performance.now()
  const { report, left } = await look(
    { one: { stillOpens: () => true, says }, two: {} },
    { signal: controller.signal },
  )
  expect(performance.now() - start).toBeLessThan(10_000)
  expect(report.verdicts.map(({ why }) => why)).toEqual(['stopped', 'stopped'])
  expect(report.exitCode).toBe(130)
  expect(left).toEqual([])
})

it('what is told of it is what was sent: nothing but the absent is asked for with a deleted key', async () => {
  const { seen } = await look({ one: {}, two: {} })
  const made = seen.flatMap((each) => each.seen.filter(({ method }) => method === 'POST'))
  expect(made).toHaveLength(2 * 3 + 2 * 3 + 2)
})
