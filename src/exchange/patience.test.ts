import { expect, type onTestFinished, test } from 'vitest'
import { Secret } from '../target/index.ts'
import { type Answer, type Changes, serve, targetAt } from './fixtures/serve.ts'
import { type ClientOptions, type Exchange, openClient, type Request } from './index.ts'

type Finish = typeof onTestFinished

/** A server that notes when it was asked (milliseconds), and a client of it. */
async function open(
  finish: Finish,
  answer: (response: Parameters<Answer>[0], nth: number, url: string) => void,
  changes: Changes = {},
  options: Partial<ClientOptions> = {},
) {
  const times: number[] = []
  const server = await serve((response, { url }) => {
    times.push(performance.now())
    answer(response, times.length, url)
  })
  const { limits, ...others } = changes
  const target = targetAt(server.url, { ...others, limits: { requestTimeout: 5000, ...limits } })
  const client = openClient(target, { userAgent: 'assay/1 run/x', ...options })
  finish(async () => {
    await client.close()
    await server.close()
  })
  const get = (more: Partial<Request> = {}): Request => ({
    method: 'GET',
    baseUrl: server.url,
    path: '/x',
    headers: [],
    ...more,
  })
  return { server, client, times, get }
}

const limit = (response: Parameters<Answer>[0], retryAfter?: string) =>
  void response
    .writeHead(429, retryAfter === undefined ? {} : { 'Retry-After': retryAfter })
    .end('{"error":"slow down"}')

const statusOf = (exchange: Exchange) =>
  exchange.kind === 'answered' ? exchange.response.status : exchange.reason

test.concurrent('a 429 makes all requests to the target wait, then the same one is sent again, whatever its method', async ({
  onTestFinished: finish,
}) => {
  let open429 = 0
  const { client, times, server, get } = await open(finish, (response, nth) => {
    if (nth > 4) return void response.end('{}')
    open429 = performance.now()
    limit(response, '2')
  })
  const post = get({ method: 'POST', body: { name: 'a' } })
  const first = await Promise.all(
    [post, post, get(), get()].map(async (request) => (await client.send(request)).exchange),
  )
  expect(first.map(statusOf)).toEqual([200, 200, 200, 200])
  expect(first.map(({ attempts }) => attempts?.map(({ kind }) => kind))).toEqual(
    first.map(() => ['throttled']),
  )
  expect(Math.max(...first.map(({ ms }) => ms))).toBeLessThan(1900)
  expect(times.slice(4).every((time) => time >= open429 + 1990)).toBe(true)
  expect(server.heard.filter(({ body }) => body === '{"name":"a"}')).toHaveLength(4)
  expect(client.sent).toBe(8)
  expect(client.remarks()).toEqual([
    expect.stringMatching(/^waited \d(\.\d)? s in all because asked to \(429, 4 times\)$/),
  ])
})

test.concurrent('a date is obeyed by the clock of the server', async ({
  onTestFinished: finish,
}) => {
  const date = (ms: number) => new Date(ms).toUTCString()
  const { client, times, get } = await open(finish, (response, nth) => {
    if (nth > 1) return void response.end('{}')
    const yesterday = Math.floor(Date.now() / 1000) * 1000 - 86_400_000
    response
      .writeHead(429, { Date: date(yesterday), 'Retry-After': date(yesterday + 1000) })
      .end('{}')
  })
  const { exchange } = await client.send(get())
  expect(statusOf(exchange)).toBe(200)
  const [asked = 0, again = 0] = times
  expect(again - asked).toBeGreaterThan(990)
  expect(again - asked).toBeLessThan(3000)
})

test.concurrent.for([undefined, '0', '-5', 'soon', 'Mon, 01 Jan 2024 00:00:00 GMT'])(
  'without a time that can be obeyed, the pause is small and grows: %s',
  async (retryAfter, { onTestFinished: finish }) => {
    const { client, times, get } = await open(finish, (response, nth) =>
      nth > 2 ? void response.end('{}') : limit(response, retryAfter),
    )
    expect(statusOf((await client.send(get())).exchange)).toBe(200)
    const [first = 0, second = 0, third = 0] = times
    expect(second - first).toBeGreaterThan(490)
    expect(third - second).toBeGreaterThan(990)
  },
)

test.concurrent.for(['3600', '1000000000', '9'.repeat(20)])(
  'what is asked beyond the patience is not waited for, nor is the target asked meanwhile: %s',
  async (retryAfter, { onTestFinished: finish }) => {
    const { client, times, get } = await open(finish, (response) => limit(response, retryAfter))
    const start = performance.now()
    const { exchange } = await client.send(get())
    const later = await Promise.all(Array.from({ length: 20 }, () => client.send(get())))
    await client.ready()
    expect(performance.now() - start).toBeLessThan(10_000)
    expect(exchange).toMatchObject({ kind: 'failed', cause: 'throttled', reached: true })
    const reasons = new Set(later.map(({ exchange: each }) => statusOf(each)))
    expect([...reasons]).toEqual([statusOf(exchange)])
    if (retryAfter === '3600')
      expect([...reasons]).toEqual([
        'asked to wait 3600 s (429, Retry-After), the target is allowed 5 s: raise patience or lower rateLimit',
      ])
    expect(later.every(({ exchange: each }) => each.kind === 'failed' && !each.reached)).toBe(true)
    expect(times).toHaveLength(1)
    expect(client.remarks()).toEqual(['asked us to wait (429, once), and nothing had to'])
  },
)

test.concurrent('a target that never stops asking is given up once the patience is spent', async ({
  onTestFinished: finish,
}) => {
  const limits = { patience: 2000 }
  const { client, times, get } = await open(finish, (response) => limit(response), { limits })
  const start = performance.now()
  const work = Array.from({ length: 30 }, () => client.send(get()))
  const exchanges = (await Promise.all(work)).map(({ exchange }) => exchange)
  expect(performance.now() - start).toBeLessThan(10_000)
  expect(exchanges.every((each) => each.kind === 'failed' && each.cause === 'throttled')).toBe(true)
  expect(times.length).toBeLessThan(80)
  expect(statusOf(exchanges[0] as Exchange)).toMatch(
    /^asked to wait \(429, no time given\), .* of the 2 s that the target is allowed are spent/,
  )
})

test.concurrent('what is asked beyond the time of a probe fails that probe at once, and others wait', async ({
  onTestFinished: finish,
}) => {
  const { client, times, get } = await open(finish, (response, nth) =>
    nth > 1 ? void response.end('{}') : limit(response, '3'),
  )
  const start = performance.now()
  const { exchange: hurried } = await client.send(get(), { until: start + 2500 })
  const { exchange: late } = await client.send(get(), { until: start + 2600 })
  expect(performance.now() - start).toBeLessThan(2000)
  for (const each of [hurried, late])
    expect(statusOf(each)).toMatch(/^asked to wait 3 s .* longer than there is time for it: raise/)
  await client.ready()
  const { exchange: patient } = await client.send(get())
  expect(statusOf(patient)).toBe(200)
  const [first = 0, second = 0] = times
  expect(second - first).toBeGreaterThan(2990)
  expect(times).toHaveLength(2)
})

test.concurrent('what must be undone waits within its own time alone, beyond the patience too', async ({
  onTestFinished: finish,
}) => {
  const { client, times, get } = await open(
    finish,
    (response, nth) => (nth > 2 ? void response.end('{}') : limit(response, '1')),
    { limits: { patience: 500 } },
    { signal: AbortSignal.abort() },
  )
  const insist = true
  const { exchange: hurried } = await client.send(get(), { insist, until: performance.now() + 600 })
  const { exchange: undone } = await client.send(get(), { insist, until: performance.now() + 4000 })
  expect(hurried).toMatchObject({ kind: 'failed', cause: 'throttled', reached: true })
  expect(statusOf(undone)).toBe(200)
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
  expect(gaps.every((ms) => ms > 990)).toBe(true)
})

test.concurrent('a 429 that is passed on is an answer, and the next request waits; one that is expected is no more than that', async ({
  onTestFinished: finish,
}) => {
  const { client, times, get } = await open(finish, (response, nth) =>
    nth > 2 ? void response.end('{}') : limit(response, '3'),
  )
  const expected = await client.send(get(), { limited: 'expected' })
  const passedOn = await client.send(get(), { limited: 'passed-on' })
  const obeyed = await client.send(get())
  expect([expected, passedOn, obeyed].map(({ exchange }) => statusOf(exchange))).toEqual([
    429, 429, 200,
  ])
  const [first = 0, second = 0, third = 0] = times
  expect(second - first).toBeLessThan(2900)
  expect(third - second).toBeGreaterThan(2990)
})

test.concurrent('a stop ends the waiting, and nothing more is sent', async ({
  onTestFinished: finish,
}) => {
  const stop = new AbortController()
  const { client, times, get } = await open(
    finish,
    (response) => limit(response, '4'),
    {},
    { signal: stop.signal },
  )
  const start = performance.now()
  setTimeout(() => stop.abort(), 100)
  const { exchange } = await client.send(get())
  expect(exchange).toMatchObject({ kind: 'failed', cause: 'stopped' })
  expect(performance.now() - start).toBeLessThan(3000)
  expect(times).toHaveLength(1)
})

test.concurrent('each time counts as a request of the budget, which is never passed', async ({
  onTestFinished: finish,
}) => {
  const limits = { requestBudget: 3, patience: 20_000 }
  const { client, times, get } = await open(finish, (response) => limit(response, '1'), { limits })
  const error: unknown = await client.send(get()).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'BUDGET_SPENT' })
  expect([times.length, client.sent]).toEqual([3, 3])
})

test.concurrent('a limit of so many requests per second is kept to, and all are answered', async ({
  onTestFinished: finish,
}) => {
  let began = 0
  let allowed = 0
  const { client, times, get } = await open(
    finish,
    (response) => {
      const now = performance.now()
      if (now - began >= 1000) {
        began = now
        allowed = 10
      }
      allowed -= 1
      if (allowed >= 0) response.end('{}')
      else limit(response, String(Math.max(1, Math.ceil((began + 1000 - now) / 1000))))
    },
    { limits: { workers: 8, patience: 20_000 } },
  )
  const rest = Array.from({ length: 40 }, () => get())
  const statuses: unknown[] = []
  const work = async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift())
      statuses.push(statusOf((await client.send(next)).exchange))
  }
  await Promise.all(Array.from({ length: 8 }, work))
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect(statuses).toHaveLength(40)
  expect(times.length - 40).toBeLessThan(40)
})

test.concurrent('another target goes on meanwhile', async ({ onTestFinished: finish }) => {
  const slow = await open(finish, (response, nth) =>
    nth > 1 ? void response.end('{}') : limit(response, '3'),
  )
  const other = await open(finish, (response) => void response.end('{}'))
  let waiting = true
  const work = slow.client.send(slow.get()).then(() => {
    waiting = false
  })
  while (slow.times.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  for (let count = 0; count < 20; count += 1) await other.client.send(other.get())
  expect([waiting, other.times.length, slow.times.length]).toEqual([true, 20, 1])
  await work
})

test.concurrent('what was answered before is kept, free of secrets', async ({
  onTestFinished: finish,
}) => {
  const { client, get } = await open(finish, (response, nth) =>
    nth > 1
      ? void response.end('{}')
      : void response.writeHead(429, { 'X-Key': 'aKxq7TT0mZ' }).end('"aKxq7TT0mZ"'),
  )
  const headers = [['Authorization', new Secret('$K', 'aKxq7TT0mZ')]] as const
  const { exchange } = await client.send(get({ headers }))
  expect(exchange.attempts).toMatchObject([
    { kind: 'throttled', response: { status: 429, body: Buffer.from('"***"') } },
  ])
  expect(JSON.stringify(exchange)).not.toContain('aKxq7TT0mZ')
})
