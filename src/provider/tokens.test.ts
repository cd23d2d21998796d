import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Provider, type RegionHandle, startProvider } from './index.ts'

let provider: Provider
let region: RegionHandle
beforeAll(async () => {
  provider = await startProvider({ regions: ['here'] })
  region = provider.regions[0] as RegionHandle
})
afterAll(() => provider.close())

type Options = {
  authorization?: string | undefined
  body?: unknown
  headers?: Record<string, string>
}

async function ask(method: string, path: string, options: Options = {}) {
  const { authorization = `key-${region.apiKey}`, body, headers = {} } = options
  const response = await fetch(`${region.url}${path}`, {
    method,
    headers: { ...headers, ...(authorization === '' ? {} : { authorization }) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text && JSON.parse(text),
  }
}

async function create(name = 'mine', account?: 'theirs') {
  const state = account ? "another account's API token exists" : 'an API token exists'
  const { body } = await ask('POST', '/_assay/states', {
    body: { state, params: { name }, action: 'setup' },
  })
  return body as { id: string; token: string; apiKey: string }
}

const remove = (id: string, authorization?: string) =>
  ask('DELETE', `/api/tokens/${id}`, { authorization })

const refusal = { success: false, error: expect.stringMatching(/\S/) }
const success = { success: true, data: { message: expect.stringMatching(/\S/) } }

it('a token is deleted once: 200, then 404', async () => {
  const { id } = await create()
  expect(id).toMatch(/^[0-9a-f]{64}$/)
  expect(await remove(id)).toMatchObject({ status: 200, body: success })
  expect(await remove(id)).toMatchObject({ status: 404, body: refusal })
  expect(region.tokens().some((token) => token.id === id)).toBe(false)
})

it('every answer is JSON with a date and a length', async () => {
  const { id } = await create()
  for (const answer of [await remove(id), await remove(id), await remove(id, 'key-no')]) {
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(Date.parse(answer.headers.get('date') ?? '')).toBeGreaterThan(0)
    expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(answer.text)))
  }
})

it.each<[string, (token: string) => string]>([
  ['nothing', () => ''],
  ['a prefix without key', () => 'key-'],
  ['a key without prefix', (token) => token],
  ['another prefix', (token) => `xkey-${token}`],
  ['a prefix in capitals', (token) => `KEY-${token}`],
  ['Bearer', (token) => `Bearer ${token}`],
  ['Bearer before the form', (token) => `Bearer key-${token}`],
  ['Basic', (token) => `Basic ${btoa(`${token}:`)}`],
  ['a space inside', (token) => `key-${token.slice(0, 9)} ${token.slice(9)}`],
  ['a space behind the prefix', (token) => `key- ${token}`],
  ['a key cut off', (token) => `key-${token.slice(0, -1)}`],
  ['a key with one character more', (token) => `key-${token}0`],
  ['a key in capitals', (token) => `key-${token.toUpperCase()}`],
  ['an unknown key', (token) => `key-${[...token].reverse().join('')}`],
])('without a credential comes 401 before all else, and nothing changes: %s', async (_, form) => {
  const { id, token } = await create()
  const answer = await remove('absent', form(token))
  expect(answer).toMatchObject({ status: 401, body: refusal })
  expect(answer.headers.get('www-authenticate')).toBe('ApiKey')
  expect((await remove(id, form(token))).status).toBe(401)
  expect((await remove(id)).status).toBe(200)
})

it('a token is a key at once, for its account, until it is deleted', async () => {
  const [key, other] = [await create(), await create()]
  expect(key.token.length).toBeGreaterThanOrEqual(32)
  expect((await remove('absent', `key-${key.token}`)).status).toBe(404)
  expect((await remove(other.id, `key-${key.token}`)).status).toBe(200)
  expect((await remove(key.id)).status).toBe(200)
  expect((await remove('absent', `key-${key.token}`)).status).toBe(401)
})

it('a key may delete itself', async () => {
  const { id, token } = await create()
  expect((await remove(id, `key-${token}`)).status).toBe(200)
  expect((await remove(id, `key-${token}`)).status).toBe(401)
})

it('white space around the credential is no part of it', async () => {
  expect((await remove('absent', `  key-${region.apiKey} \t`)).status).toBe(404)
})

it('a token of another account does not exist for us, nor ours for them', async () => {
  const [ours, theirs] = [await create(), await create('theirs', 'theirs')]
  expect((await remove(theirs.id)).status).toBe(404)
  expect((await remove(ours.id, `key-${theirs.apiKey}`)).status).toBe(404)
  expect((await remove(theirs.id, `key-${theirs.apiKey}`)).status).toBe(200)
  expect((await remove(ours.id)).status).toBe(200)
})

it('an id is percent-decoded once; what is malformed names nothing', async () => {
  const encode = (id: string) =>
    [...id].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('')
  const { id } = await create()
  expect((await remove(encode(id).replaceAll('%', '%25'))).status).toBe(404)
  for (const odd of ['%', '%zz', '%ff', '%2F', 'a%2Fb', '%00', `${id}%20`, `${id};v=1`]) {
    expect((await remove(odd)).status, odd).toBe(404)
    expect((await remove(odd, 'key-no')).status, odd).toBe(401)
  }
  expect((await remove(`${encode(id)}?really=yes`)).status).toBe(200)
})

it('the fault header makes one delete fail inside and changes nothing', async () => {
  const { id } = await create()
  const { name, value } = region.faultHeader
  const failing = () => ask('DELETE', `/api/tokens/${id}`, { headers: { [name]: value } })
  expect(await failing()).toMatchObject({ status: 500, body: refusal })
  expect((await ask('GET', '/api/tokens', { headers: { [name]: value } })).status).toBe(200)
  expect((await ask('DELETE', '/x', { headers: { [name]: value } })).status).toBe(404)
  const other = await ask('DELETE', `/api/tokens/${id}`, { headers: { [name]: 'other' } })
  expect(other.status).toBe(200)
})

it('a token is created, listed without its value, works as a key and is deleted', async () => {
  const { status, body } = await ask('POST', '/api/tokens', {
    body: { name: 'made', description: 'by hand' },
  })
  const { id, token } = body.data
  const shown = {
    id: expect.stringMatching(/^[0-9a-f]{64}$/),
    name: 'made',
    description: 'by hand',
    tokenSuffix: token.slice(-4),
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  }
  expect({ status, body }).toEqual({
    status: 201,
    body: { success: true, data: { ...shown, token } },
  })
  expect(region.tokens().find((each) => each.id === id)).toMatchObject({ createdBy: 'api' })
  const listed = await ask('GET', '/api/tokens')
  expect(listed.body.data.tokens.find((each: { id: string }) => each.id === id)).toEqual(shown)
  expect(listed.text).not.toContain(token)
  expect(listed.body.data.tokens.map(({ name }: { name: string }) => name)).not.toContain('grafana')
  expect((await remove(id, `key-${token}`)).status).toBe(200)
})

it.each([
  ['no JSON', '{'],
  ['nothing', ''],
  ['a list', []],
  ['null', 'null'],
  ['no name', { description: 'x' }],
  ['a blank name', { name: ' ' }],
  ['a name that is no text', { name: 7 }],
  ['a description that is no text', { name: 'x', description: null }],
])('a body that asks for no token is refused with 400: %s', async (_, body) => {
  const before = region.tokens().length
  expect(await ask('POST', '/api/tokens', { body })).toMatchObject({ status: 400, body: refusal })
  expect(region.tokens()).toHaveLength(before)
})

it('who is not let in creates and lists nothing', async () => {
  const authorization = 'key-no'
  expect((await ask('POST', '/api/tokens', { authorization, body: '{' })).status).toBe(401)
  expect((await ask('GET', '/api/tokens', { authorization })).status).toBe(401)
})

it.each([
  ['GET', '/api/tokens/x', 405, 'DELETE'],
  ['POST', '/api/tokens/x', 405, 'DELETE'],
  ['OPTIONS', '/api/tokens/x', 405, 'DELETE'],
  ['DELETE', '/api/tokens', 405, 'GET, POST'],
  ['GET', '/_assay/states', 405, 'POST'],
  ['GET', '/', 404, null],
  ['DELETE', '/api/tokens/', 404, null],
  ['DELETE', '/api/tokens/x/', 404, null],
  ['DELETE', '/api/tokens/x/y', 404, null],
  ['DELETE', '/API/tokens/x', 404, null],
  ['GET', '/api/tokensx', 404, null],
])('routing comes before authentication: %s %s is %i', async (method, path, status, allow) => {
  const answer = await ask(method, path, { authorization: '' })
  expect(answer).toMatchObject({ status, body: refusal })
  expect(answer.headers.get('allow')).toBe(allow)
})

it('an answer to HEAD has the headers of an answer and no body', async () => {
  for (const [path, status] of [
    ['/api/tokens/x', 405],
    ['/x', 404],
  ] as const) {
    const answer = await ask('HEAD', path)
    expect(answer).toMatchObject({ status, text: '' })
    expect(answer.headers.get('content-type')).toBe('application/json')
  }
})

it('a region tells which requests it has seen, as they stood on the wire', async () => {
  const before = region.seen().length
  await ask('DELETE', '/api/tokens/a%20b?c', { headers: { 'X-Twice': 'yes' } })
  const [request, ...rest] = region.seen().slice(before)
  expect(rest).toEqual([])
  expect(request).toMatchObject({ method: 'DELETE', url: '/api/tokens/a%20b?c' })
  expect(request?.headers).toContainEqual(['X-Twice', 'yes'])
  expect(Math.abs(Date.now() - (request?.at ?? 0))).toBeLessThan(10_000)
})
