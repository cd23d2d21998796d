import { once } from 'node:events'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { reportSchema } from '../../report/index.ts'
import { compileSchema } from '../../schema/index.ts'
import { loadPacts } from '../load.ts'
import { verificationSchema } from '../verification.ts'
import {
  cells,
  closeAll,
  closeLater,
  committed,
  deletion,
  idInPath,
  key,
  pactOf,
  reach,
  start,
  verify,
} from './fixtures/verify.ts'

afterEach(closeAll)

test('the committed pacts are verified in all four embedded regions', async () => {
  const pacts = await loadPacts([path.dirname(committed)])
  expect(pacts.map(({ consumer }) => consumer)).toEqual(['archil-client', 'assay', 'assay-faults'])
  const { report, verifications } = await verify(pacts, { providerVersion: '7' })
  expect(new Set(report.verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['pass']))
  expect([report.exitCode, report.conclusion, report.leftovers]).toEqual([0, 'conforming', []])
  expect(verifications.map(({ region, success, embedded }) => [region, success, embedded])).toEqual(
    [
      ['aws-us-east-1', true, true],
      ['aws-eu-west-1', true, true],
      ['aws-us-west-2', true, true],
      ['gcp-us-central1', true, true],
    ],
  )
  expect(verifications[0]?.providerVersion).toBe('7')
  expect((await compileSchema(verificationSchema))(verifications[0])).toEqual([])
  expect((await compileSchema(reportSchema))(report)).toEqual([])
})

test('unreachable, self-signed and hanging regions are named, and cost the others nothing', async () => {
  const provider = await start({ regions: ['sound'] })
  const [sound] = provider.regions
  const pem = await readFile(new URL('fixtures/self-signed.pem', import.meta.url))
  const tls = createTlsServer({ key: pem, cert: pem }, (_, response) => response.end()).listen(
    0,
    '127.0.0.1',
  )
  const mute = createServer(() => {}).listen(0, '127.0.0.1')
  await Promise.all([once(tls, 'listening'), once(mute, 'listening')])
  for (const server of [tls, mute]) {
    closeLater({
      async close() {
        server.close()
        server.closeAllConnections()
      },
    })
  }
  const at = (server: Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`
  const urls = [sound?.url ?? '', 'http://127.0.0.1:1', `https://${at(tls)}`, `http://${at(mute)}`]
  const { report, verifications } = await verify(await loadPacts([committed]), {
    ...reach(provider, { urls }),
  })
  const soundName = urls[0]?.replace('http://', '')
  expect(new Set(cells(report, soundName).map((each) => each.split(' ')[1]))).toEqual(
    new Set(['pass']),
  )
  const reasons = (name: string) =>
    report.verdicts.filter(({ target }) => target === name).flatMap(({ reasons: why }) => why)
  expect(new Set(reasons('127.0.0.1:1'))).toEqual(
    new Set(['http://127.0.0.1:1 cannot be reached: the connection was refused (ECONNREFUSED)']),
  )
  expect(String(reasons(at(tls)))).toMatch(/its certificate is self-signed, .*SELF_SIGNED/)
  expect(String(reasons(at(mute)))).toMatch(/no answer came within/)
  expect(new Set(report.leftovers.map(({ target }) => target))).toEqual(new Set([at(mute)]))
  expect(verifications.map(({ exitCode }) => exitCode)).toEqual([0, 3, 3, 1])
  expect(report.exitCode).toBe(1)
  expect(verifications.map(({ success }) => success)).toEqual([true, false, false, false])
})

test.each([
  ['without a state URL', undefined, /nobody knows the provider state .*"an API token exists"/],
  ['by the state URL', { url: '/_assay/states' }, /could not be set up: .* answered 404/],
])('an unknown state is an error that names it, %s', async (_, states, reason) => {
  const provider = await start({ regions: ['one'] })
  const { targets, environment } = reach(provider)
  const { states: _states, ...rest } = targets
  const pacts = [await pactOf([deletion(200, { name: 'an API tokens exists' })])]
  const { report, verifications } = await verify(pacts, {
    targets: states === undefined ? rest : { ...rest, states },
    environment,
  })
  expect(cells(report)).toEqual(['200 error'])
  expect(report.verdicts[0]?.reasons?.[0]).toMatch(reason)
  expect(report.exitCode).toBe(3)
  expect(verifications[0]?.consumers[0]?.interactions[0]?.verdict).toBe('error')
})

test('a value that no state answers is an error, and nothing is sent', async () => {
  const provider = await start({ regions: ['one'] })
  const pacts = [await pactOf([deletion(401, { name: 'the API key is revoked' })])]
  const { report } = await verify(pacts, reach(provider))
  expect(report.verdicts[0]?.reasons?.[0]).toMatch(
    /answered "id", which the pact wants in the path/,
  )
  expect(provider.regions[0]?.seen().map(({ url }) => url)).not.toContain('/api/tokens/abc')
})

test('what is made carries a name of ours in place of that of the pact, and is gone afterwards', async () => {
  const provider = await start({ regions: ['one'] })
  const before = provider.regions[0]?.tokens()
  const journal = await mkdtemp(path.join(tmpdir(), 'assay-'))
  const state = { name: 'an API token exists', params: { name: 'of the pact' } }
  const pacts = [await pactOf([deletion(200, state)])]
  const { report } = await verify(pacts, { ...reach(provider), journal })
  expect(report.exitCode).toBe(0)
  const [file = ''] = await readdir(journal)
  const lines = (await readFile(path.join(journal, file), 'utf8')).trim().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
    'run',
    'creating',
    'created',
    'released',
  ])
  expect(lines[1]).toMatch(/"params":\{"name":"assay-[0-9a-f]+-1"\}/)
  expect(provider.regions[0]?.tokens()).toEqual(before)
})

test('off disposable, a path that the pact writes out is destroyed by nobody', async () => {
  const provider = await start({ regions: ['one'] })
  const pacts = [
    await pactOf([
      deletion(200, undefined, { literal: true }),
      deletion(404, undefined, { literal: true }),
      deletion(401, undefined, { literal: true, credential: false }),
    ]),
  ]
  const { report, verifications } = await verify(pacts, reach(provider))
  expect(cells(report).sort()).toEqual(['200 undeclared', '401 pass', '404 pass'])
  const urls = provider.regions[0]?.seen().map(({ url }) => url)
  expect(urls).toHaveLength(2)
  expect(urls).not.toContain('/api/tokens/abc')
  expect([report.exitCode, verifications[0]?.success]).toEqual([1, false])
})

test('a target classed production gets nothing but GET and HEAD', async () => {
  const provider = await start({ regions: ['one'] })
  const options = reach(provider, { safety: 'production' })
  const { report } = await verify(await loadPacts([committed]), options)
  expect(provider.regions[0]?.seen()).toEqual([])
  expect(new Set(cells(report).map((each) => each.split(' ')[1]))).toEqual(new Set(['undeclared']))
})

test('a fault comes by the header, else by the state, else is left out', async () => {
  const fault = {
    name: 'the control plane has an internal fault',
    params: { operationId: 'deleteApiToken', times: 1 },
  }
  const pacts = [await pactOf([deletion(500, fault, { literal: true })])]
  const provider = await start({ regions: ['one'] })
  const faultHeader = provider.regions[0]?.faultHeader
  const byHeader = reach(provider, faultHeader === undefined ? {} : { faultHeader })
  expect(cells((await verify(pacts, byHeader)).report)).toEqual(['500 pass'])
  const states = () =>
    provider.regions[0]?.seen().filter(({ url }) => url === '/_assay/states').length
  expect(states()).toBe(0)
  expect(cells((await verify(pacts, reach(provider))).report)).toEqual(['500 pass'])
  expect(states()).toBe(2)
  const never = reach(provider, { faultState: false })
  expect(cells((await verify(pacts, never)).report)).toEqual(['500 undeclared'])
})

test('a state that the suite does not know is in place for its own interaction only', async () => {
  let current = 'nothing'
  const server = createServer(async (asked, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of asked) chunks.push(chunk)
    if (asked.url === '/states') {
      const { state, action } = JSON.parse(Buffer.concat(chunks).toString())
      current = action === 'setup' ? state : 'nothing'
    }
    // Time in which another interaction could get between.
    await new Promise((resolve) => setTimeout(resolve, 20))
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.end(asked.url === '/states' ? '{}' : JSON.stringify({ current }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closeLater({ close: async () => void server.close() })
  const look = (state: string) => ({
    type: 'Synchronous/HTTP',
    description: `a look where ${state}`,
    providerStates: state === 'nothing' ? [] : [{ name: state }],
    request: { method: 'GET', path: '/here' },
    response: {
      status: 200,
      headers: { 'Content-Type': ['application/json'] },
      body: { content: { current: state }, contentType: 'application/json' },
    },
  })
  const names = ['one thing exists', 'nothing', 'no thing exists', 'things are many']
  const { report } = await verify([await pactOf(names.map(look))], {
    targets: {
      urls: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`],
      states: { url: '/states' },
    },
  })
  expect(cells(report)).toEqual(['200 pass'])
  expect(report.verdicts[0]?.observed).toBe(4)
})

test('an interaction that the document does not describe is verified in a row of its own', async () => {
  const provider = await start({ regions: ['one'] })
  const list = {
    description: 'a list',
    request: { method: 'GET', path: '/api/tokens', headers: { Authorization: 'key-example' } },
    response: {
      status: 200,
      body: { success: true, data: { tokens: [] } },
      matchingRules: { '$.body.data.tokens': { match: 'type' } },
    },
  }
  const pacts = [await pactOf([list], { version: '2.0.0' })]
  const { report } = await verify(pacts, reach(provider))
  expect(report.expectations.map(({ operation, name }) => [operation, name])).toEqual([
    ['GET /api/tokens', '200'],
  ])
  expect(report.expectations[0]?.promised).toMatch(/^own\.json:/)
  expect(cells(report)).toEqual(['200 pass'])
})

test('a redirect is not followed, and its Location can be asked for', async () => {
  const server = createServer((_, response) => {
    response.writeHead(302, { Location: 'http://127.0.0.1:1/away' }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closeLater({ close: async () => void server.close() })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const redirect = (Location: string) => ({
    description: `a redirect to ${Location}`,
    request: { method: 'GET', path: '/here' },
    response: { status: 302, headers: { Location } },
  })
  const pacts = [
    await pactOf([redirect('http://127.0.0.1:1/away'), redirect('/home')], { version: '3.0.0' }),
  ]
  const { report } = await verify(pacts, { targets: { urls: [url], safety: 'disposable' } })
  expect(report.verdicts[0]?.findings).toMatchObject([
    {
      expected: expect.stringContaining('the header Location'),
      received: 'Location: http://127.0.0.1:1/away',
    },
  ])
})

test('no secret and no id of a target is in anything that is told or kept', async () => {
  const secrets = ['Zq8kTt0mZ4vQ1xLw', 'tok-9fK2mPq7RsVw3', '5d1f0c9a7b3e4f60']
  const [apiKey = '', token = '', id = ''] = secrets
  const server = createServer(async (asked, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of asked) chunks.push(chunk)
    const echo = [asked.url, JSON.stringify(asked.headers), Buffer.concat(chunks).toString()]
    response.writeHead(asked.url === '/states' ? 200 : 418, {
      'X-Echo': encodeURIComponent(echo.join()),
    })
    response.end(JSON.stringify(asked.url === '/states' ? { id, token } : { success: echo, id }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closeLater({ close: async () => void server.close() })
  const journal = await mkdtemp(path.join(tmpdir(), 'assay-'))
  const interaction = deletion(200, { name: 'an API token exists' }) as {
    request: { generators: Record<string, unknown> }
    response: Record<string, unknown>
  }
  interaction.request.generators = {
    path: idInPath,
    header: { Authorization: key, 'X-Token': { type: 'ProviderState', expression: '${token}' } },
  }
  Object.assign(interaction.request, { headers: { Authorization: ['key-a'], 'X-Token': ['b'] } })
  interaction.response.headers = { 'X-Echo': ['nothing'] }
  interaction.response.body = {
    content: { success: true, id: 'x' },
    contentType: 'application/json',
  }
  const { report, verifications } = await verify([await pactOf([interaction])], {
    targets: {
      urls: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`],
      credential: { env: 'KEY' },
      states: { url: '/states' },
    },
    environment: { KEY: apiKey },
    journal,
  })
  expect(report.verdicts[0]?.verdict).toBe('fail')
  const told = JSON.stringify([report, verifications])
  for (const secret of [apiKey, token, id]) expect(told).not.toContain(secret)
  const [file = ''] = await readdir(journal)
  const kept = await readFile(path.join(journal, file), 'utf8')
  for (const secret of [apiKey, token]) expect(kept).not.toContain(secret)
})

test('a stopped verification removes what it made, and is no success', async () => {
  const provider = await start({ regions: ['one'] })
  const before = provider.regions[0]?.tokens()
  const controller = new AbortController()
  const watch = setInterval(() => {
    if ((provider.regions[0]?.tokens().length ?? 0) > (before?.length ?? 0))
      controller.abort('SIGINT')
  }, 1)
  const { report, verifications } = await verify(await loadPacts([committed]), {
    ...reach(provider),
    signal: controller.signal,
  })
  clearInterval(watch)
  expect([report.exitCode, report.conclusion]).toEqual([130, 'interrupted'])
  expect(verifications[0]?.success).toBe(false)
  expect(provider.regions[0]?.tokens()).toEqual(before)
})

test('what a filter leaves out keeps a verification from success', async () => {
  const { report, verifications } = await verify(await loadPacts([committed]), {
    filter: { includeStatuses: ['404'] },
  })
  expect(report.exitCode).toBe(0)
  expect(verifications.map(({ success }) => success)).toEqual([false, false, false, false])
})

test('pacts of two providers, and two targets of one region, are refused', async () => {
  const one = await pactOf([deletion(404, undefined)])
  const other = await pactOf([deletion(404, undefined)], { provider: 'another' })
  await expect(verify([one, other])).rejects.toMatchObject({ code: 'USAGE' })
})
