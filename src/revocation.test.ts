import { expect, it } from 'vitest'
import { law, lookAtAccount as look, type Place } from './fixtures/look-at-account.ts'
import type { TargetOptions } from './target/index.ts'

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
  const { red, of, verdictOf, left } = await look({ one: { stillOpens: until(400) } })
  expect(red).toEqual([`one ${law} fail`])
  expect(verdictOf('one')?.findings.map(({ check, level }) => [check, level])).toEqual([
    ['status-code', 'must'],
  ])
  expect(verdictOf('one')?.findings[0]?.because[0]).toMatch(
    /^the credential was deleted \d+ ms before$/,
  )
  const measured = of('one', 'one')
  expect(measured).toMatchObject({ samples: 3, budget: null, open: false })
  expect(measured?.max).toBeGreaterThanOrEqual(400)
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
  const { red, of, verdictOf } = await look({ one: { stillOpens: until(900), says } })
  expect(red).toEqual([`one ${law} fail`])
  expect(verdictOf('one')?.findings[0]?.because[0]).toMatch(
    /^the credential was deleted \d+ ms before, and 200 ms are allowed$/,
  )
  expect(verdictOf('one')?.findings[0]?.received).toMatch(/^404/)
  expect(of('one', 'one')?.max).toBeGreaterThanOrEqual(900)
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
  const odd: Place = { stillOpens: until(700) }
  const { red, of, verdictOf, left } = await look(
    { one: {}, two: {}, odd, four: {} },
    { all: true },
  )
  expect(red).toEqual([`odd ${law} fail`])
  const because = verdictOf('odd')?.findings.flatMap((each) => each.because) ?? []
  const again = verdictOf('odd')?.findings.flatMap(({ reproduce }) => reproduce) ?? []
  expect(again.at(-1)).toBe('# again and again, until it is refused')
  for (const name of ['one', 'two', 'four']) {
    expect(because.some((each) => each.includes(`deleted in ${name} `))).toBe(true)
    expect(of(name, 'odd')?.max).toBeGreaterThanOrEqual(700)
    expect(of('odd', name)?.worked).toBeNull()
  }
  expect(left).toEqual([])
})

it('the budget is that of the region where the credential is used', async () => {
  const says = { revocationBudget: 3000 }
  const { red, of } = await look({ one: {}, two: { stillOpens: until(200), says } })
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
  const { red, of, verdictOf, seen } = await look({ one: {}, dead: { says }, three: {} })
  expect(red).toEqual([`dead ${law} error`])
  expect(verdictOf('one')?.omitted.map(({ probe }) => probe)).toEqual(
    [1, 2, 3].map((each) => `deleteApiToken/${law}/elsewhere/${each} from dead`),
  )
  expect(of('dead', 'one')).toMatchObject({
    samples: 0,
    unmeasured: [expect.stringContaining('cannot be reached')],
  })
  expect(of('three', 'one')).toMatchObject({ samples: 3, worked: null })
  const made = seen.map((each) => each.seen.filter(({ method }) => method === 'POST').length)
  expect(made).toEqual([4 + 3, 0, 4 + 3])
})

it('a region that asks for patience meanwhile is obeyed, and that is no accusation', async () => {
  const says = { revocationBudget: 1000 }
  const { red, of, report } = await look({ one: { limits: (uses) => uses === 2, says }, two: {} })
  expect(red).toEqual([])
  expect(of('one', 'one')).toMatchObject({ samples: 3, worked: null })
  expect(report.remarks.map(({ text }) => text)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^waited .* because asked to \(429/)]),
  )
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

it('a deleted key is tried on nothing that exists but once, on a resource of our own', async () => {
  const { seen, ids } = await look({ one: { stillOpens: until(100) }, two: {} })
  for (const region of seen) {
    const tried = region.seen.filter(({ key }) => key !== 'configured')
    const onSomething = tried.filter(({ path: url }) => ids.some((id) => url.endsWith(id)))
    expect(tried.length).toBeGreaterThan(20)
    expect(onSomething.length).toBe(region.name === 'one' ? 0 : 1)
  }
})
