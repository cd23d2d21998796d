import { afterAll, expect, it } from 'vitest'
import { type Provider, type RegionHandle, startProvider } from './index.ts'
import { createLedger, whoAsks } from './ledger.ts'

const open: Provider[] = []
afterAll(() => Promise.all(open.map((provider) => provider.close())))

const own = 'an API token exists'

it('everything that is made and taken away is known with its maker and whoever took it', async () => {
  const provider = await startProvider({ regions: ['here', 'there'], sharedAccount: true })
  open.push(provider)
  const [here, there] = provider.regions as [RegionHandle, RegionHandle]
  const headers = { authorization: `key-${here.apiKey}`, 'user-agent': 'assay/1 run/aaaa' }
  const ask = async (region: RegionHandle, path: string, init: RequestInit) =>
    (await fetch(`${region.url}${path}`, { headers, ...init })).json()
  const body = JSON.stringify({ name: 'one' })
  const { data } = (await ask(here, '/api/tokens', { method: 'POST', body })) as {
    data: { id: string }
  }
  const set = (action: string, by: string) =>
    ask(there, '/_assay/states', {
      method: 'POST',
      headers: { 'user-agent': `assay/1 run/${by}` },
      body: JSON.stringify({ state: own, params: { name: 'two' }, action }),
    })
  await set('setup', 'bbbb')
  const other = { authorization: `key-${here.apiKey}`, 'user-agent': 'curl/8' }
  await ask(there, `/api/tokens/${data.id}`, { method: 'DELETE', headers: other })
  await ask(there, `/api/tokens/${data.id}`, { method: 'DELETE', headers: other })
  await set('teardown', 'bbbb')
  const told = (touches = provider.touches()) =>
    touches.map(({ name, how, region, maker, by }) => [name, how, region, maker, by].join(' '))
  expect(told()).toEqual([
    'one created here aaaa aaaa',
    'two created there bbbb bbbb',
    'one deleted there aaaa curl/8',
    'two cleared there bbbb bbbb',
  ])
  expect(told(here.touches())).toEqual(['one created here aaaa aaaa'])
})

it('whoever asks is known by the run id, else by the whole name', () => {
  expect(whoAsks('assay/0.1.0 run/1a2b3c4d')).toBe('1a2b3c4d')
  expect(whoAsks('curl/8.0 prerun/1')).toBe('curl/8.0 prerun/1')
  expect(whoAsks(undefined)).toBeUndefined()
})

it('only the latest touches are kept, and each in the name of whoever acts at that time', () => {
  const ledger = createLedger(3)
  const token = { id: 'x', name: 'x', account: 'ours', createdBy: 'api' } as const
  const touch = (name: string) => ledger.note({ ...token, name, region: 'here', how: 'created' })
  ledger.acting('one', () => {
    touch('a')
    ledger.acting('two', () => touch('b'))
    touch('c')
  })
  for (const name of ['d', 'e', 'f', 'g']) touch(name)
  expect(ledger.list().map(({ name, by }) => `${name} ${by}`)).toEqual([
    ...['d undefined', 'e undefined', 'f undefined', 'g undefined'],
  ])
  expect(() =>
    ledger.acting('three', () => {
      throw new Error('no')
    }),
  ).toThrow('no')
  expect(ledger.maker()).toEqual({})
})
