import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Provider, type ProviderOptions, type RegionHandle, startProvider } from './index.ts'

let provider: Provider
let region: RegionHandle
async function start(options: ProviderOptions = {}): Promise<void> {
  provider = await startProvider({ regions: ['here'], ...options })
  region = provider.regions[0] as RegionHandle
}
beforeEach(() => start())
afterEach(() => provider.close())

async function post(body: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(region.statesUrl, { method: 'POST', body: text })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

const setup = async (state: string, params = {}) =>
  (await post({ state, params, action: 'setup' })).body
const teardown = (state: string, params = {}) => post({ state, params, action: 'teardown' })

async function remove(id: string, key = region.apiKey, headers = {}): Promise<number> {
  const response = await fetch(`${region.url}/api/tokens/${id}`, {
    method: 'DELETE',
    headers: { authorization: `key-${key}`, ...headers },
  })
  await response.text()
  return response.status
}

const names = () => region.tokens().map(({ name }) => name)
const own = 'an API token exists'
const foreign = "another account's API token exists"
const fault = 'the control plane has an internal fault'
const seeds = ['account key', 'ci', 'laptop', 'grafana']

it('an API token exists: it has the name that is asked for and can be deleted', async () => {
  const { id = '', token = '' } = await setup(own, { name: 'a-1' })
  expect(region.tokens().at(-1)).toEqual({
    id,
    name: 'a-1',
    account: 'ours',
    createdBy: 'state',
    maker: 'node',
  })
  expect(await remove('absent', token)).toBe(404)
  expect(await remove(id)).toBe(200)
  expect(Object.keys(await setup(own))).toEqual(['id', 'token'])
  expect(names().at(-1)).toBe('unnamed')
})

it("another account's API token exists: ours does not find it, its own key deletes it", async () => {
  const { id = '', token = '', apiKey } = await setup(foreign, { name: 'b-1' })
  expect(token).not.toBe(apiKey)
  expect(region.tokens().at(-1)).toMatchObject({ name: 'b-1', account: 'theirs' })
  expect([await remove(id), await remove(id, apiKey)]).toEqual([404, 200])
})

it('no API token has this id: a new one, or the one that is given', async () => {
  const { id = '' } = await setup('no API token has this id')
  expect(id).toMatch(/^[0-9a-f]{64}$/)
  expect(await remove(id)).toBe(404)
  const { id: existing = '' } = await setup(own)
  expect(await setup('no API token has this id', { id: existing })).toEqual({ id: existing })
  expect(await remove(existing)).toBe(404)
  expect(await setup('no API token has this id', { id: 'x' })).toEqual({ id: 'x' })
  expect(names()).toEqual(seeds)
})

it('the API key is revoked: it stays 401 and is no token any more', async () => {
  const { apiKey } = await setup('the API key is revoked', { name: 'c-1' })
  expect([await remove('absent', apiKey), await remove('absent', apiKey)]).toEqual([401, 401])
  expect(names()).toEqual(seeds)
})

it('an internal fault: the next requests of the operation fail, whatever they hold', async () => {
  const { id = '' } = await setup(own)
  const operationId = 'deleteApiToken'
  expect(await setup(fault, { operationId, times: 2 })).toEqual({})
  const headers = { authorization: `key-${region.apiKey}` }
  expect((await fetch(`${region.url}/api/tokens`, { headers })).status).toBe(200)
  expect([await remove('absent', 'no'), await remove(id)]).toEqual([500, 500])
  expect(await remove(id)).toBe(200)
  await setup(fault, { operationId })
  expect([await remove('absent'), await remove('absent')]).toEqual([500, 404])
  await setup(fault, { operationId: 'listApiTokens' })
  expect((await fetch(`${region.url}/api/tokens`, { headers })).status).toBe(500)
})

it('teardown disarms an internal fault', async () => {
  await setup(fault, { operationId: 'deleteApiToken', times: 9 })
  expect(await teardown(fault, { operationId: 'deleteApiToken' })).toEqual({
    status: 200,
    body: {},
  })
  expect(await remove('absent')).toBe(404)
})

it.each([own, foreign])('teardown removes by id, else by name, and repeats: %s', async (state) => {
  const first = await setup(state, { name: 'd-1' })
  await setup(state, { name: 'd-1' })
  await setup(state, { name: 'd-2' })
  await teardown(state, { name: 'd-1', ...first })
  expect(names()).toEqual([...seeds, 'd-1', 'd-2'])
  await teardown(state, { name: 'd-1' })
  expect(names()).toEqual([...seeds, 'd-2'])
  const { id } = await setup(state)
  await teardown(state, { id })
  expect(await teardown(state, { name: 'd-1', ...first })).toEqual({ status: 200, body: {} })
  expect(await teardown(state)).toEqual({ status: 200, body: {} })
  expect(names()).toEqual([...seeds, 'd-2'])
})

it('no state removes a token that was there before, nor one of the other account', async () => {
  const { id } = await setup(foreign, { name: 'e-1' })
  await teardown(own, { id })
  await teardown(own, { name: 'e-1' })
  for (const token of region.tokens().slice(0, 4)) {
    await teardown(own, { name: token.name })
    await teardown(own, { id: token.id })
    await teardown(foreign, { id: token.id })
    const given = { state: 'no API token has this id', params: { id: token.id }, action: 'setup' }
    expect((await post(given)).status).toBe(400)
  }
  expect(names()).toEqual([...seeds, 'e-1'])
})

it.each([
  [
    'an unknown state',
    { state: 'all is well', action: 'setup' },
    404,
    'unknown state "all is well"',
  ],
  ['no JSON', 'x', 400, 'the body is not JSON'],
  ['a list', [], 400, 'state is not text'],
  ['no action', { state: own }, 400, 'action is not setup or teardown'],
  ['params that are none', { state: own, params: [], action: 'setup' }, 400, 'params is no object'],
  [
    'a name that is no text',
    { state: own, params: { name: 1 }, action: 'setup' },
    400,
    'params.name is not text',
  ],
  [
    'no operation',
    { state: fault, params: { operationId: 'x' }, action: 'setup' },
    400,
    'params.operationId is no operation',
  ],
  [
    'times below one',
    { state: fault, params: { operationId: 'deleteApiToken', times: 0 }, action: 'setup' },
    400,
    'params.times is no positive whole number',
  ],
  [
    'a body over 64 KiB',
    JSON.stringify({ state: 'x'.repeat(70_000) }),
    413,
    'larger than 65536 bytes',
  ],
])('a state that cannot be set up says why: %s', async (_, body, status, error) => {
  const answer = await post(body)
  expect(answer.status).toBe(status)
  expect(answer.body.error).toContain(error)
  expect(names()).toEqual(seeds)
})

it('without states there is no state URL', async () => {
  await provider.close()
  await start({ states: false })
  expect((await post({ state: own, action: 'setup' })).status).toBe(404)
  expect((await fetch(region.statesUrl)).status).toBe(404)
  expect(names()).toEqual(seeds)
})

it('without a seam the fault header means nothing and the fault state is unknown', async () => {
  await provider.close()
  await start({ seam: false })
  const { name, value } = region.faultHeader
  expect(await remove('absent', region.apiKey, { [name]: value })).toBe(404)
  const armed = await post({
    state: fault,
    params: { operationId: 'deleteApiToken' },
    action: 'setup',
  })
  expect(armed).toEqual({ status: 404, body: { error: `unknown state "${fault}"` } })
  expect(Object.keys(await setup(own))).toEqual(['id', 'token'])
})
