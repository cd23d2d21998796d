import { expect, onTestFinished, test } from 'vitest'
import { AssayError } from '../errors.ts'
import { Secret } from '../target/index.ts'
import { type Answer, type Changes, serve, targetAt } from './fixtures/serve.ts'
import { type Client, type ClientOptions, headerValues, openClient, type Request } from './index.ts'

const ok: Answer = (response) => void response.end('{}')

function clientAt(
  url: string,
  changes: Changes = {},
  options: Partial<ClientOptions> = {},
): Client {
  const client = openClient(targetAt(url, changes), { userAgent: 'assay/1 run/x', ...options })
  onTestFinished(() => client.close())
  return client
}

async function open(answer: Answer, changes: Changes = {}, options: Partial<ClientOptions> = {}) {
  const server = await serve(answer)
  onTestFinished(() => server.close())
  return { server, client: clientAt(server.url, changes, options) }
}

const get = (baseUrl: string, more: Partial<Request> = {}): Request => ({
  method: 'GET',
  baseUrl,
  path: '/x',
  headers: [],
  ...more,
})

async function refusal(work: Promise<unknown>): Promise<AssayError> {
  const error = await work.catch((reason: unknown) => reason)
  if (error instanceof AssayError) return error
  throw new Error('it was sent')
}

test.each([
  '/api/../admin',
  '/api/%2e%2e/admin',
  '/a%2Fb%2fc',
  '/./a//b/',
  '/a%00%20b',
  '/caf%C3%A9;v=1:2,3@x',
  "/it's(a)*!~$&+=",
  '/%7Bid%7D/{id}',
])('the bytes of a path are those of the probe: %s', async (path) => {
  const { server, client } = await open(ok)
  await client.send(get(server.url, { path }))
  const { exchange } = await client.send(get(`${server.url}/v1`, { path }))
  expect(server.heard.map(({ url }) => url)).toEqual([path, `/v1${path}`])
  expect(exchange.request.url).toBe(`${server.url}/v1${path}`)
})

test('a request without path asks for the root, or for its prefix', async () => {
  const { server, client } = await open(ok)
  for (const base of [server.url, `${server.url}/v1`]) await client.send(get(base, { path: '' }))
  expect(server.heard.map(({ url }) => url)).toEqual(['/', '/v1'])
})

test('method, headers, query and body arrive as they were meant', async () => {
  const { server, client } = await open(ok)
  const query = [
    ['q', 'a b&c=d'],
    ['q', 'é'],
  ] as const
  const headers = [
    ['X-One', '1'],
    ['x-one', '2'],
    ['Accept', 'application/json'],
  ] as const
  const body = { list: [1, { deep: new Secret('$K', 'opened') }], none: null }
  await client.send(get(server.url, { method: 'DELETE', query, headers, body }))
  expect(server.heard).toMatchObject([{ method: 'DELETE', url: '/x?q=a%20b%26c%3Dd&q=%C3%A9' }])
  expect(JSON.parse(server.heard[0]?.body ?? '')).toEqual({
    list: [1, { deep: 'opened' }],
    none: null,
  })
  const sent = server.heard[0]?.headers ?? []
  expect(sent.slice(sent.indexOf('X-One')).slice(0, 4)).toEqual(['X-One', '1', 'x-one', '2'])
  const names = sent.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
  for (const name of [
    'user-agent',
    'accept',
    'accept-encoding',
    'content-type',
    'content-length',
  ]) {
    expect(names.filter((each) => each === name)).toEqual([name])
  }
})

test('every request names Assay and the run, but a header that is given stands alone', async () => {
  const { server, client } = await open(ok)
  await client.send(get(server.url))
  const given = [
    ['User-Agent', 'mine'],
    ['Accept-Encoding', 'br'],
  ] as const
  await client.send(get(server.url, { headers: given }))
  const agents = server.heard.map(({ headers }) =>
    headers.filter((_, index) => /^user-agent$/i.test(headers[index - 1] ?? '')),
  )
  expect(agents).toEqual([['assay/1 run/x'], ['mine']])
})

test('headers are recorded in the spelling and order received, each one of a name', async () => {
  const { server, client } = await open((response) => {
    response.writeHead(200, [
      'Set-Cookie',
      'a=1',
      'X-B',
      'ä',
      'set-cookie',
      'b=2',
      'Content-Type',
      'x/y',
    ])
    response.end()
  })
  const { exchange } = await client.send(get(server.url))
  if (exchange.kind !== 'answered') throw new Error(exchange.reason)
  const named = exchange.response.headers.filter(([name]) => /cookie|x-b|type/i.test(name))
  expect(named).toEqual([
    ['Set-Cookie', 'a=1'],
    ['X-B', 'ä'],
    ['set-cookie', 'b=2'],
    ['Content-Type', 'x/y'],
  ])
  expect(headerValues(exchange.response, 'SET-COOKIE')).toEqual(['a=1', 'b=2'])
})

test.each([301, 302, 303, 307, 308])(
  'a redirect %d is recorded and not followed',
  async (status) => {
    const other = await serve(ok)
    onTestFinished(() => other.close())
    const { server, client } = await open(
      (response) =>
        void response.writeHead(status, { location: `${other.url}/elsewhere` }).end('moved'),
    )
    const { exchange } = await client.send(get(server.url))
    expect(exchange).toMatchObject({ kind: 'answered', response: { status } })
    expect([server.heard.length, other.heard.length]).toEqual([1, 0])
  },
)

test('an interim answer is passed over', async () => {
  const { server, client } = await open((response) => {
    response.writeProcessing()
    response.writeEarlyHints({ link: '</a>; rel=preload' })
    response.end('{}')
  })
  const { exchange } = await client.send(get(server.url))
  expect(exchange).toMatchObject({ kind: 'answered', response: { status: 200 } })
})

test.each<[string, readonly string[], boolean]>([
  ['no other', [], false],
  ['the host with its port', ['127.0.0.1:PORT'], true],
  ['the host at any port', ['127.0.0.1'], true],
  ['another port', ['127.0.0.1:1'], false],
  ['another host', ['localhost'], false],
])('a request goes to an allowed host only: %s', async (_, allowedHosts, sent) => {
  const { server } = await open(ok)
  const port = new URL(server.url).port
  const allowed = allowedHosts.map((host) => host.replace('PORT', port))
  const client = clientAt('http://elsewhere.invalid', { allowedHosts: allowed })
  const work = client.send(get(server.url))
  if (sent) expect((await work).exchange.kind).toBe('answered')
  else expect((await refusal(work)).code).toBe('TARGET_HOST_FORBIDDEN')
  expect(server.heard).toHaveLength(sent ? 1 : 0)
})

test('an allowed host may be written in any case', async () => {
  const client = clientAt('http://a.invalid', { allowedHosts: ['Nowhere.INVALID'] })
  const { exchange } = await client.send(get('http://nowhere.invalid'))
  expect(exchange).toMatchObject({ kind: 'failed', cause: 'dns' })
})

test('what is set aside for undoing is kept, and the budget is spent to the end and not beyond', async () => {
  const { server, client } = await open(ok, { limits: { requestBudget: 3 } })
  const insist = client.reserve(1, 2)
  const work = Array.from({ length: 5 }, () => client.send(get(server.url)))
  const settled = await Promise.allSettled(work)
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  expect((await refusal(client.send(get(server.url)))).code).toBe('BUDGET_SPENT')
  await client.send(get(server.url), { insist })
  const { exchange } = await client.send(get(server.url), { insist })
  expect(exchange).toMatchObject({ kind: 'failed', reached: false })
  expect([client.sent, server.heard.length]).toEqual([3, 3])
})

test('a budget is spent at one moment: what is given back afterwards lets nothing more be sent', async () => {
  const { server, client } = await open(ok, { limits: { requestBudget: 4 } })
  const reserve = client.reserve(3, 1)
  expect((await refusal(Promise.resolve().then(() => client.reserve(1, 1)))).code).toBe(
    'BUDGET_SPENT',
  )
  reserve.free()
  expect((await refusal(client.send(get(server.url)))).message).toBe(
    'the budget of 4 requests is spent: 0 were sent, the rest is kept to remove what was made; raise requestBudget (--request-budget), or look at less with --include-operation',
  )
})

test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'get'])(
  'a target classed production never gets %s, not even to undo something',
  async (method) => {
    const { server, client } = await open(ok, { safety: 'production' })
    const insist = client.reserve(1, 0)
    for (const options of [{}, { insist }, { raw: true }, { creates: true }])
      expect((await refusal(client.send(get(server.url, { method }), options))).code).toBe(
        'TARGET_METHOD_FORBIDDEN',
      )
    await client.send(get(server.url, { method: 'HEAD' }))
    expect(server.heard).toHaveLength(1)
  },
)

test('after a stop, a creation under way gets half of the time left, and what undoes all of it', async () => {
  const stop = new AbortController()
  const { server, client } = await open(
    () => {},
    { limits: { requestTimeout: 5000 } },
    { signal: stop.signal, grace: 400 },
  )
  const insist = client.reserve(1, 0)
  const ended: string[] = []
  const watch = (name: string, options: object) =>
    client.send(get(server.url), options).then(({ exchange }) => {
      ended.push(name)
      return exchange
    })
  const all = [watch('undoes', { insist }), watch('creates', { creates: true }), watch('reads', {})]
  while (server.heard.length < 3) await new Promise((resolve) => setTimeout(resolve, 5))
  stop.abort()
  const start = performance.now()
  for (const exchange of await Promise.all(all))
    expect(exchange).toMatchObject({ kind: 'failed', cause: 'stopped', reached: true })
  expect(ended).toEqual(['reads', 'creates', 'undoes'])
  expect(performance.now() - start).toBeGreaterThan(390)
  expect(await watch('late', { insist: client.reserve(1, 0) })).toMatchObject({ reached: false })
})

test('values are captured from a 2XX answer only, before it is masked', async () => {
  const { server, client } = await open(
    (response, { url }) =>
      void response.writeHead(url === '/x' ? 201 : 409).end('{"id":"17","token":"aKxq7TT0mZ"}'),
  )
  const capture = (answer: unknown) => {
    const { id, token } = answer as Record<string, string>
    return { id: id ?? '', token: new Secret('{it.token}', token ?? '') }
  }
  const { exchange, captured } = await client.send(get(server.url), { capture })
  expect(captured).toMatchObject({ id: '17', token: expect.any(Secret) })
  expect(exchange).toMatchObject({
    response: {
      body: Buffer.from('{"id":"17","token":"***"}'),
      disclosed: [{ secret: '{it.token}', where: 'body' }],
    },
  })
  expect((await client.send(get(server.url, { path: '/y' }), { capture })).captured).toEqual({})
})

test('a body that is no JSON is captured as nothing', async () => {
  const { server, client } = await open((response) => void response.end('<html>'))
  const capture = (answer: unknown) => ({ seen: String(answer) })
  expect((await client.send(get(server.url), { capture })).captured).toEqual({ seen: 'undefined' })
})

test('requests go out in parallel, over no more connections than workers, which are used again', async () => {
  let together = 0
  let most = 0
  const { server, client } = await open(
    (response) => {
      together += 1
      most = Math.max(most, together)
      setTimeout(() => {
        together -= 1
        response.end('{}')
      }, 20)
    },
    { limits: { workers: 3, requestTimeout: 5000 } },
  )
  const sent = await Promise.all(Array.from({ length: 30 }, () => client.send(get(server.url))))
  expect(sent.every(({ exchange }) => exchange.kind === 'answered')).toBe(true)
  expect([most, server.connections(), client.sent]).toEqual([3, 3, 30])
})

test('an answer belongs to its request, whatever came beside it', async () => {
  const { server, client } = await open(
    (response, { url }) => void setTimeout(() => response.end(url), Math.random() * 20),
  )
  const paths = Array.from({ length: 40 }, (_, index) => `/${index}`)
  const bodies = await Promise.all(
    paths.map(async (path) => {
      const { exchange } = await client.send(get(server.url, { path }))
      return exchange.kind === 'answered' ? Buffer.from(exchange.response.body).toString() : ''
    }),
  )
  expect(bodies).toEqual(paths)
})

test('work begins by the rate limit, in the order in which it came', async () => {
  const times: number[] = []
  const { server, client } = await open(
    (response) => {
      times.push(performance.now())
      response.end()
    },
    { limits: { rate: 20, requestTimeout: 5000 } },
  )
  const paths = ['/1', '/2', '/3', '/4', '/5']
  await Promise.all(paths.map((path) => client.send(get(server.url, { path }))))
  expect(server.heard.map(({ url }) => url)).toEqual(paths)
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(150)
})

test('a stop ends what waits for its turn, sends none of it, and leaves the turns to others', async () => {
  const stop = new AbortController()
  const { server, client } = await open(ok, { limits: { rate: 1 / 600 } }, { signal: stop.signal })
  await client.send(get(server.url))
  const waiting = Array.from({ length: 5 }, () => client.send(get(server.url)))
  setTimeout(() => stop.abort(), 20)
  const exchanges = (await Promise.all(waiting)).map(({ exchange }) => exchange)
  for (const exchange of exchanges) {
    expect(exchange).toMatchObject({ kind: 'failed', cause: 'stopped', reached: false })
  }
  expect([server.heard.length, client.sent]).toEqual([1, 1])
})

test('what must be undone is sent although the run was stopped, within its own time', async () => {
  const { server, client } = await open(ok, {}, { signal: AbortSignal.abort() })
  const { exchange: stopped } = await client.send(get(server.url))
  const insist = client.reserve(2, 0)
  const undone = await client.send(get(server.url), { insist })
  const late = await client.send(get(server.url), { insist, until: performance.now() - 1 })
  expect([stopped, undone.exchange, late.exchange]).toMatchObject([
    { kind: 'failed', cause: 'stopped', reached: false },
    { kind: 'answered' },
    { kind: 'failed', cause: 'stopped', reached: false },
  ])
  expect(server.heard).toHaveLength(1)
})

test('a stop ends what is under way at once, but not what must be undone', async () => {
  const stop = new AbortController()
  const { server, client } = await open(
    (response) => void setTimeout(() => response.end('{}'), 200),
    { limits: { requestTimeout: 5000 } },
    { signal: stop.signal },
  )
  const sent = [
    client.send(get(server.url)),
    client.send(get(server.url), { insist: client.reserve(1, 0) }),
  ]
  while (server.heard.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  stop.abort()
  const [ended, undone] = (await Promise.all(sent)).map(({ exchange }) => exchange)
  expect(ended).toMatchObject({ kind: 'failed', cause: 'stopped', reached: true })
  expect(undone).toMatchObject({ kind: 'answered' })
})

test('a signal that lasts gathers no listeners', async () => {
  const warnings: Error[] = []
  const listen = (warning: Error) => void warnings.push(warning)
  process.on('warning', listen)
  const run = new AbortController()
  const { server, client } = await open(
    ok,
    { limits: { workers: 20, rate: 5000 } },
    { signal: run.signal },
  )
  const { addEventListener, removeEventListener } = run.signal
  let listeners = 0
  run.signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
    listeners += 1
    addEventListener.apply(run.signal, given)
  }
  run.signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
    listeners -= 1
    removeEventListener.apply(run.signal, given)
  }
  await Promise.all(Array.from({ length: 100 }, () => client.send(get(server.url))))
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', listen)
  expect([listeners, warnings]).toEqual([0, []])
})

test('close ends the connections', async () => {
  const { server, client } = await open((response) => void response.flushHeaders(), {
    limits: { requestTimeout: 5000 },
  })
  const pending = client.send(get(server.url))
  while (server.heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  await client.close()
  expect((await pending).exchange).toMatchObject({ kind: 'failed', cause: 'reset' })
})

test('a content is sent as it is, in its own media type, and a secret in it is shown by its name', async () => {
  const { server, client } = await open(ok)
  const content = new Secret('token={t}', 'token=s3cr3t-value')
  const headers = [['content-type', 'application/x-www-form-urlencoded']] as const
  const post = { method: 'POST', baseUrl: server.url, path: '/', headers }
  const { exchange } = await client.send({ ...post, content })
  await client.send({ ...post, content: Buffer.from([0xff, 0x00]) })
  expect(exchange.request.body).toBe('token={t}')
  expect(server.heard[0]?.body).toBe('token=s3cr3t-value')
  expect(server.heard.map(({ headers: names }) => names.join().match(/content-type/gi))).toEqual([
    ['content-type'],
    ['content-type'],
  ])
})
