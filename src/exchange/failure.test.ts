import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { outages, startProvider } from '../provider/index.ts'
import { certify, serveTls } from './fixtures/certificates.ts'
import { type Changes, serve, serveRaw, targetAt } from './fixtures/serve.ts'
import { type Client, type Exchange, openClient, type Request } from './index.ts'

const requestTo = (baseUrl: string): Request => ({ method: 'GET', baseUrl, path: '/', headers: [] })

function clientAt(url: string, changes: Changes = {}): Client {
  const client = openClient(targetAt(url, changes), { userAgent: 'assay' })
  onTestFinished(() => client.close())
  return client
}

async function ask(url: string, changes: Changes = {}): Promise<Exchange> {
  return (await clientAt(url, changes).send(requestTo(url))).exchange
}

/** A port where nothing listens any more. */
async function freedUrl(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

async function rawUrl(answer: (socket: Socket) => void): Promise<string> {
  const server = await serveRaw(answer)
  onTestFinished(() => server.close())
  return server.url
}

const selfSignedUrl = async () => (await serveTls(certify())).url

const head = 'HTTP/1.1 200 OK\r\n'

test.each<[string, () => Promise<string> | string, string, boolean]>([
  ['a name without address', () => 'http://nowhere.invalid', 'dns', false],
  ['a closed port', freedUrl, 'refused', false],
  ['a certificate that nobody vouches for', selfSignedUrl, 'tls', false],
  [
    'TLS where none is spoken',
    async () => (await freshHttp()).replace('http:', 'https:'),
    'tls',
    false,
  ],
  ['silence', () => rawUrl(() => {}), 'timeout', true],
  [
    'a head without body',
    () => rawUrl((socket) => void socket.write(`${head}Content-Length: 9\r\n\r\n`)),
    'timeout',
    true,
  ],
  ['a slow drip', () => rawUrl(drip), 'timeout', true],
  ['a reset', () => rawUrl((socket) => void socket.resetAndDestroy()), 'reset', true],
  ['a close without answer', () => rawUrl((socket) => void socket.end()), 'reset', true],
  [
    'garbage',
    () => rawUrl((socket) => void socket.end('SORRY we are closed\r\n\r\n')),
    'not-http',
    true,
  ],
  [
    'another protocol',
    () => rawUrl((socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n')),
    'not-http',
    true,
  ],
  [
    'two lengths',
    () =>
      rawUrl(
        (socket) => void socket.end(`${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`),
      ),
    'framing',
    true,
  ],
  [
    'a length beside chunks',
    () =>
      rawUrl(
        (socket) =>
          void socket.end(
            `${head}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
          ),
      ),
    'framing',
    true,
  ],
  [
    'a head without end',
    () => rawUrl((socket) => void socket.write(`${head}X: ${'a'.repeat(100_000)}`)),
    'oversize',
    true,
  ],
  ['a body without end', () => rawUrl(pour), 'oversize', true],
])('%s is told by its cause', async (_, urlOf, cause, reached) => {
  const url = await urlOf()
  const limits = cause === 'timeout' ? {} : { requestTimeout: 10_000 }
  const exchange = await ask(url, { limits })
  expect(exchange).toMatchObject({ kind: 'failed', cause, reached })
  if (exchange.kind === 'failed' && !reached)
    expect(exchange.reason).toContain(`${url} cannot be reached: `)
})

async function freshHttp(): Promise<string> {
  const server = await serve((response) => void response.end())
  onTestFinished(() => server.close())
  return server.url
}

test.each([
  [
    'a close before the end',
    () => rawUrl((socket) => void socket.end(`${head}Content-Length: 9\r\n\r\nabc`)),
    'cut',
  ],
  [
    'a close before the end that was announced',
    () =>
      rawUrl(
        (socket) => void socket.end(`${head}Connection: close\r\nContent-Length: 9\r\n\r\nabc`),
      ),
    'cut',
  ],
  [
    'a close between two chunks',
    () =>
      rawUrl(
        (socket) =>
          void socket.end(
            `${head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n`,
          ),
      ),
    'cut',
  ],
  [
    'a bad chunk',
    () => rawUrl((socket) => void socket.end(`${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`)),
    'wire',
  ],
] as const)('%s is an answer that is not whole', async (_, urlOf, kind) => {
  const exchange = await ask(await urlOf(), { limits: { requestTimeout: 10_000 } })
  expect(exchange).toMatchObject({
    kind: 'answered',
    response: { status: 200, flaws: [{ kind }] },
  })
})

function drip(socket: Socket): void {
  socket.write(`${head}Content-Length: 1000\r\n\r\n`)
  const timer = setInterval(() => socket.write('a'), 20)
  socket.on('close', () => clearInterval(timer))
}

function pour(socket: Socket): void {
  socket.write(`${head}\r\n`)
  const chunk = Buffer.alloc(64 * 1024)
  const more = () => {
    while (socket.writable && socket.write(chunk));
  }
  socket.on('drain', more)
  more()
}

test.each(outages)('the reference provider shows it too: $statement', async ({ name, cause }) => {
  const provider = await startProvider({ regions: ['r'], faults: [{ name }] })
  onTestFinished(() => provider.close())
  const [region] = provider.regions
  if (region === undefined) throw new Error('no region')
  const client = clientAt(region.url)
  const request = { ...requestTo(region.url), method: 'DELETE', path: '/api/tokens/absent' }
  const isShown = (each: Exchange) => each.kind === 'failed' && each.cause === cause
  // Some outages come only after a while, and end what is under way first.
  let { exchange } = await client.send(request)
  for (let time = 0; time < 300 && !isShown(exchange); time += 1)
    exchange = (await client.send(request)).exchange
  expect(exchange).toMatchObject({ kind: 'failed', cause })
})

test('an answer that is stopped says so', async () => {
  const url = await rawUrl(() => {})
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 50)
  const client = openClient(targetAt(url, { limits: { requestTimeout: 10_000 } }), {
    userAgent: 'assay',
    signal: stop.signal,
  })
  onTestFinished(() => client.close())
  const [run, own] = await Promise.all([
    client.send(requestTo(url)),
    client.send(requestTo(url), { until: performance.now() + 20 }),
  ])
  expect(run.exchange).toMatchObject({
    cause: 'stopped',
    reason: 'it was stopped (the run was ended)',
    reached: true,
  })
  expect(own.exchange).toMatchObject({
    cause: 'stopped',
    reason: 'it was stopped (there was no time left for it)',
  })
})

test('a huge body is cut, however many come at once, and costs no more memory than its limit', async () => {
  const url = await rawUrl(pour)
  const limits = { requestTimeout: 20_000, bodyLimit: 1024 * 1024, workers: 8 }
  const client = clientAt(url, { limits })
  const before = process.memoryUsage().arrayBuffers
  const sent = await Promise.all(Array.from({ length: 8 }, () => client.send(requestTo(url))))
  expect(sent.map(({ exchange }) => exchange.kind === 'failed' && exchange.cause)).toEqual(
    Array(8).fill('oversize'),
  )
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 1024 * 1024)
})

test('an origin that cannot be connected to is tried once, until what must be undone reaches it', async () => {
  const url = await freedUrl()
  const client = clientAt(url)
  const first = await client.send(requestTo(url))
  const server = await serveRaw(empty, Number(new URL(url).port))
  onTestFinished(() => server.close())
  const { exchange: second } = await client.send(requestTo(url))
  expect({ ...second, startedAt: 0 }).toEqual({ ...first.exchange, startedAt: 0, ms: 0 })
  expect([client.sent, server.connections()]).toEqual([1, 0])
  expect((await client.send(requestTo(url), { insist: client.reserve(1, 0) })).exchange.kind).toBe(
    'answered',
  )
  expect((await client.send(requestTo(url))).exchange.kind).toBe('answered')
})

function empty(socket: Socket): void {
  socket.end(`${head}Content-Length: 0\r\nConnection: close\r\n\r\n`)
}

test('an origin that never answered is given up after three failures, which reach it no more', async () => {
  const url = await rawUrl((socket) => void socket.resetAndDestroy())
  const client = clientAt(url)
  const reached: (boolean | undefined)[] = []
  for (let time = 0; time < 5; time += 1) {
    const { exchange } = await client.send(requestTo(url))
    reached.push(exchange.kind === 'failed' ? exchange.reached : undefined)
  }
  expect([reached, client.sent]).toEqual([[true, true, true, false, false], 3])
})

test('an origin that has answered is not given up for failing at once', async () => {
  let first = true
  const url = await rawUrl((socket) => {
    if (first) empty(socket)
    else socket.resetAndDestroy()
    first = false
  })
  const client = clientAt(url)
  for (let time = 0; time < 6; time += 1) await client.send(requestTo(url))
  expect(client.sent).toBe(6)
})

test('an origin that has answered is given up once all workers waited in vain again and again', async () => {
  let answers = 2
  const url = await rawUrl((socket) => {
    answers -= 1
    if (answers >= 0) empty(socket)
  })
  const client = clientAt(url, { limits: { workers: 2, requestTimeout: 50 } })
  const told: (string | undefined)[] = []
  for (let time = 0; time < 10; time += 1) {
    const { exchange } = await client.send(requestTo(url))
    told.push(exchange.kind === 'failed' ? exchange.reason : undefined)
  }
  const late = 'no answer came within 50 ms'
  const silent = `${url} has fallen silent: ${late}, again and again`
  expect(told).toEqual([undefined, undefined, ...Array(6).fill(late), silent, silent])
  expect(client.sent).toBe(8)
})

test('an origin is not given up because we stopped', async () => {
  const url = await rawUrl(() => {})
  const client = clientAt(url, { limits: { requestTimeout: 10_000 } })
  for (let time = 0; time < 4; time += 1) {
    await client.send(requestTo(url), { until: performance.now() + 20 })
  }
  expect(client.sent).toBe(4)
})

test('one origin that is given up leaves the others as they are', async () => {
  const [dead, alive] = [await freedUrl(), await freshHttp()]
  const client = clientAt(alive, { allowedHosts: [new URL(dead).host, new URL(alive).host] })
  await client.send(requestTo(dead))
  expect((await client.send(requestTo(alive))).exchange.kind).toBe('answered')
})

test('what is no failure of the network is thrown as what it is', async () => {
  const url = await freshHttp()
  const client = clientAt(url)
  const request = { ...requestTo(url), headers: [['X-A', 'a\r\nb']] as const }
  await expect(client.send(request)).rejects.toThrow('invalid X-A header')
})

test('an origin that refused one of several connections and answered another is not given up', async () => {
  let times = 0
  const url = await rawUrl((socket) => {
    times += 1
    if (times <= 3) socket.resetAndDestroy()
    else setTimeout(() => empty(socket), 50)
  })
  const client = clientAt(url)
  await Promise.all(Array.from({ length: 4 }, () => client.send(requestTo(url))))
  expect((await client.send(requestTo(url))).exchange.kind).toBe('answered')
})
