import type { Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type Changes, serveRaw, targetAt } from './fixtures/serve.ts'
import { type Behaviour, ok, openWay, serveWire, type Wire } from './fixtures/wire.ts'
import { type Client, type Exchange, openClient } from './index.ts'

function clientAt(url: string, limits: Changes['limits'] = {}): Client {
  const target = targetAt(url, { limits: { requestTimeout: 5000, ...limits } })
  const client = openClient(target, { userAgent: 'assay/1 run/x' })
  onTestFinished(() => client.close())
  return client
}

async function wire(behave: Behaviour, port?: number): Promise<Wire> {
  const server = await serveWire(behave, port)
  onTestFinished(() => server.close())
  return server
}

/** A server to which everything takes 20 ms, so that it may close while a request is on its way. */
async function farWire(behave: Behaviour) {
  const server = await wire(behave)
  const way = await openWay(server.port, 20)
  onTestFinished(() => way.close())
  return { server, url: way.url }
}

const ask = async (client: Client, url: string, method: string, path: string, more = {}) =>
  (await client.send({ method, baseUrl: url, path, headers: [] }, more)).exchange

const outcome = (exchange: Exchange) =>
  exchange.kind === 'answered' ? exchange.response.status : exchange.cause

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Loses each tenth connection with a request on it. */
const lossy: Behaviour = (socket, { nth }) =>
  nth % 10 === 0 ? void socket.destroy() : void socket.write(ok)

const methods = ['GET', 'HEAD', 'OPTIONS', 'DELETE', 'POST', 'PUT', 'PATCH']

async function sendMany(client: Client, url: string, isRaw: (index: number) => boolean) {
  const exchanges: Exchange[] = []
  for (let index = 0; index < 70; index += 1) {
    const method = methods[index % methods.length] ?? ''
    exchanges.push(await ask(client, url, method, `/${index}`, { raw: isRaw(index) }))
  }
  return exchanges
}

function closeWhenIdle(socket: Socket, ms: number): void {
  socket.removeAllListeners('timeout').setTimeout(ms, () => socket.end())
}

const isSafe = ({ request }: Exchange) => ['GET', 'HEAD', 'OPTIONS'].includes(request.method)

test('without retries, nothing is sent again but what asks for no change and met a connection that was kept before', async () => {
  const server = await wire((socket, seen) => lossy(socket, seen))
  const client = clientAt(server.url)
  const exchanges = await sendMany(client, server.url, (index) => index % 3 === 0)
  const again = exchanges.filter(({ attempts }) => attempts !== undefined)
  const failed = exchanges.filter(({ kind }) => kind === 'failed')
  expect(again.length + failed.length).toBe(7)
  expect(again.length).toBeGreaterThan(0)
  expect(failed.filter(isSafe).length).toBeLessThan(failed.length)
  expect(again.every(isSafe)).toBe(true)
  expect(server.heard).toHaveLength(70 + again.length)
  expect(client.remarks()[0]).toMatch(
    /^sent again .* had closed the one that it had offered to keep$/,
  )
})

test('with retries, what asks for no change is sent again, and nothing else that was sent', async () => {
  const server = await wire((socket, seen) => lossy(socket, seen))
  const client = clientAt(server.url, { retries: 2 })
  const exchanges = await sendMany(client, server.url, () => true)
  expect(exchanges.filter(isSafe).map(outcome)).toEqual(exchanges.filter(isSafe).map(() => 200))
  const again = exchanges.filter(({ attempts }) => attempts !== undefined)
  expect(again.length).toBeGreaterThan(0)
  for (const { attempts } of again)
    expect(attempts).toEqual([{ kind: 'lost', cause: 'reset', reason: expect.any(String) }])
  const twice = server.heard.filter((each, index) => server.heard.indexOf(each) !== index)
  expect(twice).toHaveLength(again.length)
  expect(twice.every((each) => /^(GET|HEAD|OPTIONS) /.test(each))).toBe(true)
  expect(exchanges.some(({ kind }) => kind === 'failed')).toBe(true)
  const { length } = again
  expect(client.remarks()).toEqual([
    `sent again ${length} times after a connection failed (reset ${length})`,
  ])
})

test.each(['GET', 'POST', 'DELETE'])(
  'what was never sent is sent again, whatever its method: %s',
  async (method) => {
    const gone = await serveWire((socket) => void socket.write(ok))
    await gone.close()
    const client = clientAt(gone.url, { retries: 6 })
    const asked = ask(client, gone.url, method, '/a')
    await pause(150)
    const server = await wire((socket) => void socket.write(ok), gone.port)
    const exchange = await asked
    expect(outcome(exchange)).toBe(200)
    expect(server.heard).toEqual([`${method} /a`])
    expect(
      exchange.attempts?.every((each) => each.kind === 'lost' && each.cause === 'refused'),
    ).toBe(true)
    expect(client.remarks()).toEqual([expect.stringMatching(/^sent again .*\(refused \d\)$/)])
  },
)

test('what will fail the next time too is not tried again', async () => {
  const server = await serveRaw((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  onTestFinished(() => server.close())
  for (const url of ['http://nowhere.invalid', server.url.replace('http:', 'https:')]) {
    const exchange = await ask(clientAt(url, { retries: 3 }), url, 'GET', '/a')
    expect(['dns', 'tls']).toContain(outcome(exchange))
    expect(exchange.attempts).toBeUndefined()
  }
  expect(server.connections()).toBe(1)
})

test.each([
  ['over the pool', false],
  ['over a connection of its own', true],
])('an answer is never sent for again, were it only the beginning of one: %s', async (_, raw) => {
  const server = await wire((socket) => void socket.end('HTTP/1.1 200 OK\r\nConte'))
  const exchange = await ask(clientAt(server.url, { retries: 3 }), server.url, 'GET', '/a', { raw })
  expect(exchange.attempts).toBeUndefined()
  expect(server.heard).toEqual(['GET /a'])
})

test('no answer in time is not sent for again', async () => {
  const server = await wire(() => {})
  const client = clientAt(server.url, { retries: 3, requestTimeout: 100 })
  expect(outcome(await ask(client, server.url, 'GET', '/a'))).toBe('timeout')
  expect(server.heard).toHaveLength(1)
})

test('an origin is given up once the retries of a request are spent, and is not tried again then', async () => {
  const gone = await serveWire(() => {})
  await gone.close()
  const client = clientAt(gone.url, { retries: 2 })
  const exchange = await ask(client, gone.url, 'GET', '/a')
  expect(outcome(exchange)).toBe('refused')
  expect(exchange.attempts).toHaveLength(2)
  expect(client.sent).toBe(3)
  const later = await ask(client, gone.url, 'GET', '/b')
  expect([outcome(later), later.attempts, client.sent]).toEqual(['refused', undefined, 3])
})

test('retries are bounded by the time of a probe and by the budget', async () => {
  const gone = await serveWire(() => {})
  await gone.close()
  const until = performance.now() + 350
  const hurried = clientAt(gone.url, { retries: 50 })
  const exchange = await ask(hurried, gone.url, 'GET', '/a', { until })
  expect(['refused', 'stopped']).toContain(outcome(exchange))
  expect(exchange.attempts?.length).toBeLessThan(3)
  const poor = clientAt(gone.url, { retries: 50, requestBudget: 2 })
  await expect(ask(poor, gone.url, 'GET', '/a')).rejects.toMatchObject({ code: 'BUDGET_SPENT' })
  expect(poor.sent).toBe(2)
})

test.each<[string, Behaviour]>([
  [
    'after every fifth request',
    (socket, { onConnection }) => {
      socket.write(ok)
      if (onConnection === 5) socket.end()
    },
  ],
  [
    'a moment after every fifth request',
    (socket, { onConnection }) => {
      socket.write(ok)
      if (onConnection === 5) setTimeout(() => socket.end(), 2)
    },
  ],
  [
    'as soon as nothing is on them',
    (socket) => {
      socket.write(ok)
      closeWhenIdle(socket, 40)
    },
  ],
  [
    'as they said beforehand',
    (socket) => {
      socket.write(ok.replace('\r\n\r\n', '\r\nKeep-Alive: timeout=1\r\n\r\n'))
      closeWhenIdle(socket, 1000)
    },
  ],
  [
    'saying so',
    (socket) => void socket.end(ok.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')),
  ],
])('a server that closes its connections loses no request: %s', async (_, behave) => {
  const server = await wire(behave)
  const client = clientAt(server.url)
  // Where a server has not yet been seen to close what it offered to keep, the first loss cannot be foreseen.
  for (let index = 0; index < 7; index += 1)
    expect(outcome(await ask(client, server.url, 'GET', `/${index}`))).toBe(200)
  await pause(100)
  const work = async (worker: number) => {
    for (let index = 0; index < 25; index += 1) {
      const method = methods[index % methods.length] ?? ''
      expect(outcome(await ask(client, server.url, method, `/${worker}/${index}`))).toBe(200)
      if (index % 5 === 0) await pause(30 + 5 * worker)
    }
  }
  await Promise.all([1, 2, 3, 4].map(work))
  expect(new Set(server.heard).size).toBe(107)
  const changing = server.heard.filter((each) => /^(DELETE|POST|PUT|PATCH) /.test(each))
  expect(new Set(changing).size).toBe(changing.length)
})

/** Closes 60 ms after each answer: what is asked right before that comes too late, and cannot know. */
const impatient: Behaviour = (socket) => {
  socket.write(ok)
  closeWhenIdle(socket, 60)
}

test('what met a connection that was just closed, far away, is sent again over another one and told', async () => {
  const { server, url } = await farWire(impatient)
  const client = clientAt(url)
  expect(outcome(await ask(client, url, 'GET', '/0'))).toBe(200)
  let met = 0
  for (let index = 1; index <= 10; index += 1) {
    await pause(20 + 4 * index)
    const exchange = await ask(client, url, 'GET', `/${index}`)
    expect(outcome(exchange)).toBe(200)
    met += exchange.attempts?.length ?? 0
  }
  expect(met).toBeGreaterThan(0)
  expect(client.sent).toBe(11 + met)
  expect(new Set(server.heard).size).toBe(11)
  expect(client.remarks()).toEqual([
    expect.stringMatching(
      /^sent again .* because the server had closed the one that it had offered/,
    ),
  ])
})

test('what changes something gets new connections from a server that was seen to close those it offers to keep', async () => {
  const { server, url } = await farWire(impatient)
  const client = clientAt(url)
  await ask(client, url, 'GET', '/0')
  await pause(300)
  const paths = Array.from({ length: 6 }, (_, index) => `/${index + 1}`)
  for (const path of paths) {
    expect(outcome(await ask(client, url, 'DELETE', path))).toBe(200)
    await pause(40)
  }
  expect(server.heard).toEqual(['GET /0', ...paths.map((path) => `DELETE ${path}`)])
  expect(client.remarks()).toEqual([
    'sent 6 requests over new connections, because the server closes those that it offers to keep',
  ])
})
