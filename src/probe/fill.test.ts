import { describe, expect, it } from 'vitest'
import { Secret } from '../target/index.ts'
import { sendAll } from './fixtures/listen.ts'
import { existing, type Given, planOne } from './fixtures/plan.ts'
import { credentialHeader, fillStep, randomFor } from './index.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** The requests of one probe as they arrive; the configured credential is \`user:pass\`. */
async function arrive(given: Given, name: string, entry: object = {}, seed = 1) {
  const planned = await planOne(given)
  const { script, id } = planned.probe(name)
  const environment = { KEY: 'user:pass' }
  const scope = {
    existing: { id: 'a b/c', token: new Secret('{existing.token}', 't-0123456789') },
    '409': { key: 'plain-0123' },
  }
  return sendAll(
    (url) => planned.target({ url: `${url}/v1`, ...entry }, environment),
    (target) => {
      const random = randomFor(seed, id)
      const { schemas } = planned
      return script.steps.flatMap(
        (step) => fillStep(step, { target, scope, schemas, random }) ?? [],
      )
    },
  )
}

describe('a request', () => {
  it.each<[place: string, Given, seen: object]>([
    ['bearer', { security: [['bearer']] }, { authorization: 'Bearer user:pass' }],
    ['oauth2', { security: [['oauth']] }, { authorization: 'Bearer user:pass' }],
    ['basic', { security: [['basic']] }, { authorization: `Basic ${base64('user:pass')}` }],
    [
      'basic, as the suite writes it',
      { security: [['basic']], form: 'Basic {B64}' },
      { authorization: 'Basic user:pass' },
    ],
    ['a header', { security: [['header']] }, { 'x-key': 'user:pass' }],
    [
      'a header, as the suite writes it',
      { security: [['header']], form: 'key-{KEY}' },
      { 'x-key': 'key-user:pass' },
    ],
    ['a cookie', { security: [['cookie']] }, { cookie: 'session=user:pass' }],
    ['a query parameter', { security: [['query']] }, { url: '/v1/a?key=user%3Apass' }],
    [
      'the alternative that one credential satisfies',
      { security: [['bearer', 'app'], ['header']] },
      { 'x-key': 'user:pass' },
    ],
    ['optional', { security: [[], ['header']] }, { 'x-key': 'user:pass' }],
    ['nowhere', { security: [] }, { url: '/v1/a' }],
  ])('carries the credential where the document puts it: %s', async (_, given, seen) => {
    const [request] = await arrive({ path: '/a', ...given }, '200/valid')
    const { url, headers } = request ?? {}
    const told = { 'x-key': '', authorization: '', cookie: '', ...headers, url }
    const places = { 'x-key': '', authorization: '', cookie: '', url: '/v1/a', ...seen }
    expect(told).toMatchObject(places)
  })

  it('carries the examples of what is required, and nothing that is not', async () => {
    const parameters = [
      { name: 'page', in: 'query', required: true, example: 2 },
      { name: 'tag', in: 'query', required: true, example: ['a&b', 'c'] },
      { name: 'ids', in: 'query', required: true, example: [1, 2], explode: false },
      { name: 'q', in: 'query', example: 'idle' },
      { name: 'X-Trace', in: 'header', required: true, example: 'on' },
      { name: 'theme', in: 'cookie', required: true, example: 'dark' },
    ]
    const body = { content: { 'application/json': { example: { n: 1 } } }, required: true }
    const [request] = await arrive(
      { path: '/a', parameters, security: [['cookie']], operation: { requestBody: body } },
      '200/valid',
    )
    expect(request).toMatchObject({
      method: 'GET',
      url: '/v1/a?page=2&tag=a%26b&tag=c&ids=1%2C2',
      body: '{"n":1}',
      headers: { 'x-trace': 'on', cookie: 'session=user:pass; theme=dark', accept: '*/*' },
    })
  })

  it('asks for every documented media type', async () => {
    const content = (name: string) => ({ description: 'd', content: { [name]: {} } })
    const responses = {
      '200': content('application/json'),
      '401': content('application/json'),
      '404': content('application/problem+json'),
    }
    const [request] = await arrive({ path: '/a', operation: { responses } }, '200/valid')
    expect(request?.headers.accept).toBe('application/json, application/problem+json')
  })

  it('names a resource of a state in one path segment, and nothing by a random one', async () => {
    const [own] = await arrive({ roles: { existing } }, '200/valid')
    expect(own?.url).toBe('/v1/a/a%20b%2Fc')
    const [nothing] = await arrive({}, '404/absent')
    expect(nothing?.url).toMatch(/^\/v1\/a\/[0-9a-f]{32}$/)
  })

  it('is the same for the same seed, another for another, and another for each probe', async () => {
    const url = async (name: string, seed: number) => (await arrive({}, name, {}, seed))[0]?.url
    expect(await url('404/absent', 1)).toBe(await url('404/absent', 1))
    expect(await url('404/absent', 1)).not.toBe(await url('404/absent', 2))
    expect(await url('401/none', 1)).not.toBe(await url('401/empty', 1))
  })

  it('carries the headers of the target, but where they hold another credential than is shown', async () => {
    const security = [['header'], ['app']]
    const headers = { 'x-app': 'mine', 'X-Else': 'kept' }
    const [valid] = await arrive({ security, path: '/a' }, '200/valid', { headers })
    expect(valid?.headers).toMatchObject({ 'x-else': 'kept', 'x-key': 'user:pass' })
    expect(valid?.headers['x-app']).toBeUndefined()
    const [none] = await arrive({ security, path: '/a' }, '401/none', { headers })
    expect(none?.headers).toMatchObject({ 'x-else': 'kept' })
    expect([none?.headers['x-app'], none?.headers['x-key']]).toEqual([undefined, undefined])
  })

  it('carries the credential that a state answered, also one that is no secret', async () => {
    const roles = { '409': { state: 's', credential: 'key' } }
    const [request] = await arrive({ path: '/a', statuses: ['409'], roles }, '409/state')
    expect(request?.headers.authorization).toBe('Bearer plain-0123')
  })

  it('carries the fault header in the one step that is to fail', async () => {
    const faultHeader = { name: 'X-Fault', value: 'on' }
    const given = { path: '/a', statuses: ['200', '500'] }
    const [faulty] = await arrive(given, '500/fault-header', { faultHeader })
    const [valid] = await arrive(given, '200/valid', { faultHeader })
    expect([faulty?.headers['x-fault'], valid?.headers['x-fault']]).toEqual(['on', undefined])
  })

  it('is none where a state did not answer what is needed, or nothing can be absent', async () => {
    const { probe, target, schemas } = await planOne({ roles: { existing } })
    const context = { target: target(), schemas, random: () => 0.5 }
    const [step] = probe('200/valid').script.steps
    expect(() => step && fillStep(step, { ...context, scope: { existing: {} } })).toThrow(
      'the state behind "existing" answered no value "id"',
    )
    const listed = await planOne({ id: { schema: { enum: ['a'] }, example: 'a' } })
    const [valid] = listed.probe('200/valid').script.steps
    expect(
      () =>
        valid &&
        fillStep({ ...valid, path: {} }, { ...context, schemas: listed.schemas, scope: {} }),
    ).toThrow('no value of the path parameter "id" is sure to name nothing')
  })
})

it.each<[scheme: string, header: string | undefined]>([
  ['bearer', 'Authorization: Bearer configured-key'],
  ['header', 'X-Key: configured-key'],
  ['cookie', 'cookie: session=configured-key'],
  ['query', undefined],
  ['certificate', undefined],
])(
  'the credential of a request that is no step is a header, where it can be: %s',
  async (scheme, header) => {
    const { operation, target } = await planOne({ security: [[scheme]] })
    const headers = credentialHeader(operation, target())
    const [arrived] = await sendAll(
      (url) => target({ url }),
      ({ baseUrl }) => [{ method: 'GET', baseUrl, path: '/', headers }],
    )
    const told = headers.map(([name]) => `${name}: ${arrived?.headers[name.toLowerCase()]}`)
    expect(told).toEqual(header === undefined ? [] : [header])
  },
)
