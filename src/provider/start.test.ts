import { connect, createServer } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { type Provider, type ProviderOptions, startProvider } from './index.ts'

const running: Provider[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((provider) => provider.close()))
})

async function start(options?: ProviderOptions): Promise<Provider> {
  const provider = await startProvider(options)
  running.push(provider)
  return provider
}

const remove = (url: string, key: string, id: string) =>
  fetch(`${url}/api/tokens/${id}`, { method: 'DELETE', headers: { authorization: `key-${key}` } })

it('the four regions of the document run by default, each with a port and key of its own', async () => {
  const { regions } = await start()
  expect(regions.map(({ name }) => name)).toEqual([
    'aws-us-east-1',
    'aws-eu-west-1',
    'aws-us-west-2',
    'gcp-us-central1',
  ])
  expect(new Set(regions.map(({ url }) => url)).size).toBe(4)
  expect(new Set(regions.map(({ apiKey }) => apiKey)).size).toBe(4)
  for (const { url, statesUrl } of regions) {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(statesUrl).toBe(`${url}/_assay/states`)
  }
})

it('a store is seeded with the account key and three tokens of others', async () => {
  const [region] = (await start({ regions: ['here'] })).regions
  const seeds = region?.tokens() ?? []
  expect(seeds.map(({ name, account }) => `${account}: ${name}`)).toEqual([
    'ours: account key',
    'ours: ci',
    'ours: laptop',
    'theirs: grafana',
  ])
  expect(seeds.every(({ createdBy }) => createdBy === 'seed')).toBe(true)
})

it('a region knows nothing of the keys and tokens of another', async () => {
  const { regions } = await start({ regions: ['here', 'there'] })
  const [here, there] = regions
  if (here === undefined || there === undefined) throw new Error('no regions')
  const id = there.tokens().find(({ name }) => name === 'ci')?.id ?? ''
  expect((await remove(here.url, there.apiKey, id)).status).toBe(401)
  expect((await remove(here.url, here.apiKey, id)).status).toBe(404)
  expect(there.tokens()).toHaveLength(4)
  expect(there.seen()).toHaveLength(0)
})

it('with a shared account, what one region makes or takes away is so in all', async () => {
  const { regions } = await start({ regions: ['here', 'there'], sharedAccount: true })
  const [here, there] = regions
  if (here === undefined || there === undefined) throw new Error('no regions')
  expect(here.apiKey).toBe(there.apiKey)
  const made = await fetch(`${here.url}/api/tokens`, {
    method: 'POST',
    headers: { authorization: `key-${here.apiKey}` },
    body: '{"name":"one"}',
  })
  const { data } = (await made.json()) as { data: { id: string; token: string } }
  expect(there.tokens()).toEqual(here.tokens())
  expect((await remove(there.url, data.token, 'absent')).status).toBe(404)
  expect((await remove(there.url, data.token, data.id)).status).toBe(200)
  expect((await remove(here.url, data.token, 'absent')).status).toBe(401)
  expect((await remove(here.url, here.apiKey, data.id)).status).toBe(404)
})

it('every answer takes the latency, those of states and malformed requests too', async () => {
  const [region] = (await start({ regions: ['here'], latency: 60, jitter: 10 })).regions
  if (region === undefined) throw new Error('no region')
  const malformed = () =>
    new Promise((resolve) => {
      const socket = connect(Number(new URL(region.url).port), '127.0.0.1')
      socket.on('data', resolve).write('GARBAGE\r\n\r\n')
    })
  const ways = [
    () => remove(region.url, region.apiKey, 'absent'),
    () => fetch(`${region.url}/api/tokens`),
    () => fetch(region.statesUrl, { method: 'POST', body: '{}' }),
    () => fetch(`${region.url}/nowhere`),
    malformed,
  ]
  for (const way of ways) {
    const begun = performance.now()
    await way()
    expect(performance.now() - begun).toBeGreaterThanOrEqual(48)
  }
})

it('with a port, each region listens one above the one before', async () => {
  const port = await freePorts(2)
  const { regions } = await start({ regions: ['here', 'there'], port })
  expect(regions.map(({ url }) => Number(new URL(url).port))).toEqual([port, port + 1])
})

it('a port that is taken ends the start and leaves no region behind', async () => {
  const port = await freePorts(2)
  const blocker = createServer().listen(port + 1, '127.0.0.1')
  await new Promise((resolve) => blocker.once('listening', resolve))
  await expect(start({ regions: ['here', 'there'], port })).rejects.toThrow('EADDRINUSE')
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
  await new Promise((resolve) => blocker.close(resolve))
})

it.each<[string, ProviderOptions, string]>([
  ['a fault', { faults: [{ name: 'not-a-fault' }] }, 'no fault is called "not-a-fault"'],
  ['a region', { faults: [{ name: 'gzip', region: 'mars' }] }, 'no region is called "mars"'],
  ['an amount', { faults: [{ name: 'gzip', amount: 3 }] }, 'the fault "gzip" has no amount'],
  ['two regions of one name', { regions: ['here', 'here'] }, 'a region is named twice'],
])('what does not exist is refused: %s', async (_, options, message) => {
  await expect(start(options)).rejects.toThrow(message)
})

it('a fault breaks its promise in the region that is named, else in each', async () => {
  const { regions } = await start({
    regions: ['here', 'there'],
    faults: [{ name: 'not-found-answers-410', region: 'there' }, { name: 'extra-headers' }],
  })
  const answers = await Promise.all(regions.map(({ url, apiKey }) => remove(url, apiKey, 'absent')))
  expect(answers.map(({ status }) => status)).toEqual([404, 410])
  expect(answers.map(({ headers }) => headers.get('x-trace'))).toEqual(['a, b', 'a, b'])
})

it('close ends open connections, and may be called again', async () => {
  const provider = await start({ regions: ['here'], faults: [{ name: 'hangs' }] })
  const [region] = provider.regions
  const pending = remove(region?.url ?? '', '', 'absent')
  const ended = expect(pending).rejects.toThrow()
  while (region?.seen().length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  await provider.close()
  await provider.close()
  await ended
})

/** The first of some ports in a row that were free a moment ago. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 20_000)
    const free = await Promise.all(
      Array.from({ length: count }, (_, index) => isFree(base + index)),
    )
    if (free.every(Boolean)) return base
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
