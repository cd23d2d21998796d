import { expect, it } from 'vitest'
import { arrange, type Heard, listen } from '../fixtures/listen.ts'
import { faults, harmless, outages, type RegionHandle, startProvider } from '../index.ts'

const statuses = [200, 401, 404, 500]
const laws = ['deleted-stays-deleted', 'deleted-credential-stops-working']
const checks = [
  'status-code',
  'media-type',
  'body-encoding',
  'body-schema',
  'envelope',
  'disclosure',
]

const everything = [...faults, ...outages, ...harmless]
const statusesIn = (heard: readonly Heard[]) => heard.map(({ status }) => status)
const tracesIn = (heard: readonly Heard[]) => heard.map(({ trace }) => trace)
const sound = await listen()

it('names are unique and in kebab case, and each fault says in words what it does', () => {
  expect(new Set(everything.map(({ name }) => name)).size).toBe(everything.length)
  expect(new Set(everything.map(({ statement }) => statement)).size).toBe(everything.length)
  for (const { name, statement } of everything) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(statement, name).toMatch(/^[^A-Z.].* .*[^.]$/)
  }
})

it('every check has a fault to catch in every cell, and so has every law', () => {
  const caught = faults.flatMap(({ caughtBy }) =>
    caughtBy.map((each) => `${each.check} at ${each.cell}`),
  )
  const wanted = [
    ...checks.flatMap((check) => statuses.map((status) => `${check} at deleteApiToken/${status}`)),
    ...laws.map((law) => `status-code at deleteApiToken/${law}`),
  ]
  expect([...new Set(caught)].sort()).toEqual(wanted.sort())
  expect(faults.filter(({ caughtBy }) => caughtBy.length === 0)).toEqual([])
})

it('a sound provider answers the same each time', async () => {
  expect(tracesIn(await listen())).toEqual(tracesIn(sound))
})

it.each(faults)('$name: $statement', async ({ name, caughtBy }) => {
  const heard = await listen(name)
  expect(tracesIn(heard)).not.toEqual(tracesIn(sound))
  const other = statusesIn(heard).some((status, index) => status !== sound[index]?.status)
  expect(other).toBe(caughtBy.some(({ check }) => check === 'status-code'))
})

it('no fault touches the state URL, the other operations or other methods', async () => {
  const choices = everything.filter(({ connect }) => connect === undefined)
  const provider = await startProvider({
    regions: ['here'],
    faults: choices.map(({ name }) => ({ name })),
  })
  const [region] = provider.regions as [RegionHandle]
  const headers = { authorization: `key-${region.apiKey}` }
  const answers = await Promise.all([
    fetch(`${region.url}/api/tokens`, { headers }),
    fetch(`${region.url}/api/tokens`),
    fetch(`${region.url}/api/tokens/x`),
    fetch(`${region.url}/x`, { method: 'DELETE' }),
  ])
  expect(answers.map(({ status }) => status)).toEqual([200, 401, 405, 404])
  for (const answer of answers) {
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(await answer.json()).toHaveProperty('success', answer.ok)
  }
  expect(Object.keys(await arrange(region))).toEqual(['id', 'token'])
  await provider.close()
})
