import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { readBrokerAccess } from '../index.ts'
import { json, open, serve, serveIndexAnd } from './fixtures/brokers.ts'

const password = 'correct-horse-battery'
const pair = Buffer.from(`ada:${password}`).toString('base64')

function basic(url: string) {
  return { PACT_BROKER_BASE_URL: url, PACT_BROKER_USERNAME: 'ada', PACT_BROKER_PASSWORD: password }
}

/** What a person would get to read of an error. */
async function failureOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (reason: { code: string; message: string; hint: string }) => reason,
  )
  return { code: error?.code, text: `${error?.message}\n${error?.hint}` }
}

test('no broker is named where PACT_BROKER_BASE_URL is not set, or empty', () => {
  expect(readBrokerAccess({})).toBeUndefined()
  expect(readBrokerAccess({ PACT_BROKER_BASE_URL: '', PACT_BROKER_TOKEN: 'x' })).toBeUndefined()
})

test.each([
  'broker.example.com',
  'ftp://broker.example.com',
  `http://ada:${password}@b.example.com`,
  `https://b.example.com/?token=${password}`,
])(
  'an address that is no plain URL is refused, and not shown with what may be secret in it: %#',
  async (url) => {
    const { code, text } = await failureOf(
      Promise.resolve().then(() => readBrokerAccess({ PACT_BROKER_BASE_URL: url })),
    )
    expect(code).toBe('BROKER_URL_INVALID')
    expect(text).not.toContain(password)
  },
)

test.each([
  { PACT_BROKER_USERNAME: 'ada' },
  { PACT_BROKER_PASSWORD: password },
  { PACT_BROKER_USERNAME: 'ada', PACT_BROKER_PASSWORD: password, PACT_BROKER_TOKEN: 'token' },
])('half a credential, or two, are refused: %#', (given) => {
  const url = 'https://broker.example.com'
  expect(() => readBrokerAccess({ PACT_BROKER_BASE_URL: url, ...given })).toThrow(
    expect.objectContaining({ code: 'BROKER_CREDENTIAL_INVALID' }),
  )
})

test('a token goes out as Bearer, a user and password as Basic, and nothing where none is set', async () => {
  const seen: (string | undefined)[] = []
  const url = await serve((request, response) => {
    seen.push(request.headers.authorization)
    json(response, 200, { _links: { 'pb:publish-contracts': { href: '/' } } })
  })
  await open({ PACT_BROKER_BASE_URL: url, PACT_BROKER_TOKEN: 'a-long-token' })
  await open(basic(url))
  await open({ PACT_BROKER_BASE_URL: url })
  expect(seen).toEqual(['Bearer a-long-token', `Basic ${pair}`, undefined])
})

test('a broker below a path is found there', async () => {
  const seen: (string | undefined)[] = []
  const url = await serve((request, response) => {
    seen.push(request.url)
    json(response, 200, { _links: { 'pb:publish-contracts': { href: '/' } } })
  })
  await open({ PACT_BROKER_BASE_URL: `${url}/pacts/` })
  expect(seen).toEqual(['/pacts'])
})

test('a broker that is down is named, with the cause', async () => {
  const { code, text } = await failureOf(open(basic('http://127.0.0.1:1')))
  expect(code).toBe('BROKER_UNREACHABLE')
  expect(text).toContain('ECONNREFUSED')
})

test('a broker that never answers is given up', async () => {
  const url = await serve(() => {})
  const { code, text } = await failureOf(open(basic(url), 150))
  expect(code).toBe('BROKER_UNREACHABLE')
  expect(text).toContain('150 ms')
})

const answers: readonly [string, number, string, string][] = [
  ['401', 401, 'text/plain', 'BROKER_UNAUTHORIZED'],
  ['403', 403, 'text/plain', 'BROKER_UNAUTHORIZED'],
  ['404', 404, 'application/json', 'BROKER_FAILED'],
  ['500', 500, 'application/json', 'BROKER_FAILED'],
  ['409', 409, 'application/json', 'BROKER_CONFLICT'],
  ['a redirect', 302, 'text/html', 'BROKER_FAILED'],
  ['a sign-in page', 200, 'text/html', 'BROKER_FAILED'],
  ['other JSON', 200, 'application/json', 'BROKER_FAILED'],
]
test.each(answers)(
  '%s is told with a code, and shows no credential even if it comes back',
  async (_, status, type, wanted) => {
    const url = await serve((request, response) => {
      const echo = { said: request.headers.authorization, again: password }
      const body = type === 'text/html' ? `<p>${password} ${pair}</p>` : JSON.stringify(echo)
      response.writeHead(status, { 'content-type': type, location: `/?${password}` }).end(body)
    })
    const { code, text } = await failureOf(open(basic(url)))
    expect(code).toBe(wanted)
    expect(text).toContain(url)
    expect(text).not.toContain(password)
    expect(text).not.toContain(pair)
  },
)

test('a link is followed to the broker that was named, whatever host the broker takes itself for', async () => {
  const url = await serveIndexAnd((request, response) => json(response, 200, { url: request.url }))
  const broker = await open(basic(url))
  const place = broker.link('pb:pacticipant-version', { pacticipant: 'a/b c', version: '1+eu' })
  expect(place).toContain('broker.internal')
  const { value } = await broker.ask('GET', place)
  expect(value).toEqual({ url: '/pacticipants/a%2Fb%20c/versions/1%2Beu' })
})

test('what is not there is an answer and no error', async () => {
  const url = await serveIndexAnd((_, response) => json(response, 404, { error: 'no' }))
  const broker = await open(basic(url))
  expect(await broker.ask('GET', '/nowhere')).toEqual({ found: false, value: {} })
})

test('a link that holds a short password by chance stays whole', async () => {
  const url = await serveIndexAnd((_, response) => json(response, 200, { href: '/pacts/of/shop' }))
  const broker = await open({ ...basic(url), PACT_BROKER_PASSWORD: 'pacts' })
  expect((await broker.ask('GET', '/any')).value).toEqual({ href: '/pacts/of/shop' })
})

test('a broker behind a proxy is reached through it, by pact-cli as well, and its credential is not shown', async () => {
  const index = await serve((_, response) => {
    json(response, 200, { _links: { 'pb:publish-contracts': { href: '/' } } })
  })
  const asked: string[] = []
  const credentials = new Set<string | undefined>()
  const proxy = createServer(({ url, headers }, response) => {
    asked.push(`pact-cli ${url?.split('?')[0]}`)
    credentials.add(headers['proxy-authorization'])
    response.writeHead(500).end(`no ${headers['proxy-authorization']}`)
  })
  proxy.on('connect', ({ url, headers }, client: Socket) => {
    asked.push(`CONNECT ${url}`)
    credentials.add(headers['proxy-authorization'])
    const upstream = connect(Number(new URL(index).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      client.pipe(upstream).pipe(client)
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void proxy.close())
  const { port } = proxy.address() as AddressInfo
  const broker = await open({
    PACT_BROKER_BASE_URL: 'http://broker.test',
    HTTP_PROXY: `http://me:${password}@127.0.0.1:${port}`,
  })
  const { ok, said } = await broker.run(['list-latest-pact-versions'])
  expect(ok).toBe(false)
  expect(said).not.toMatch(/correct-horse|bWU6/)
  expect(asked[0]).toBe('CONNECT broker.test:80')
  expect(asked.slice(1).every((each) => each.startsWith('pact-cli http://broker.test/'))).toBe(true)
  expect(asked.length).toBeGreaterThan(1)
  expect([...credentials]).toEqual([`Basic ${Buffer.from(`me:${password}`).toString('base64')}`])
})

test('the failure of a proxy is not taken for one of the broker', async () => {
  const refusing = await serve((_, response) => void response.end())
  const { code, text } = await failureOf(
    open({ PACT_BROKER_BASE_URL: 'http://broker.test', HTTP_PROXY: refusing }),
  )
  expect(code).toBe('BROKER_UNREACHABLE')
  expect(text).toContain(`the proxy ${new URL(refusing).host} closed the connection`)
})
