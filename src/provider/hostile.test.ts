import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Provider, type RegionHandle, startProvider } from './index.ts'

let provider: Provider
let region: RegionHandle
beforeAll(async () => {
  provider = await startProvider({ regions: ['here'] })
  region = provider.regions[0] as RegionHandle
})
afterAll(() => provider.close())

/** Sends bytes as they are and answers all that comes back until the connection ends. */
function talk(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(region.url).port), '127.0.0.1')
    let heard = ''
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
    })
    socket.on('close', () => resolve(heard))
    socket.on('error', (error) => (heard === '' ? reject(error) : resolve(heard)))
    socket.end(bytes)
  })
}

const lines = (...head: string[]) => `${head.join('\r\n')}\r\n\r\n`
const request = (first: string, ...head: string[]) =>
  lines(first, 'Host: here', 'Connection: close', ...head)
const key = () => `Authorization: key-${region.apiKey}`
const statusOf = (answer: string) => Number(answer.split(' ')[1])
const bodyOf = (answer: string) => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))
const refusal = { success: false, error: expect.stringMatching(/\S/) }

it.each([
  ['no HTTP at all', 'hello\r\n\r\n', 400],
  ['a TLS greeting', Buffer.from('160301020001000001fc0303', 'hex'), 400],
  ['an unknown method', lines('FROBNICATE / HTTP/1.1', 'Host: x'), 400],
  [
    'two lengths',
    lines('DELETE /api/tokens/x HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Content-Length: 2'),
    400,
  ],
  [
    'a length and chunks',
    lines(
      'POST /api/tokens HTTP/1.1',
      'Host: x',
      'Content-Length: 1',
      'Transfer-Encoding: chunked',
    ),
    400,
  ],
  ['a control character in a header', lines('GET / HTTP/1.1', 'Host: x', 'A: \u0000'), 400],
  [
    'a header section of 100 KB',
    lines('GET / HTTP/1.1', 'Host: x', `A: ${'a'.repeat(100_000)}`),
    431,
  ],
])('what is no request is refused, and the connection closed: %s', async (_, bytes, status) => {
  const answer = await talk(bytes)
  expect(statusOf(answer)).toBe(status)
  expect(answer).toContain('Connection: close')
  expect(bodyOf(answer)).toEqual(refusal)
})

it.each([
  ['absolute form', 'DELETE http://elsewhere/api/tokens/x HTTP/1.1', 404, 'API token not found'],
  ['absolute form without path', 'GET http://elsewhere HTTP/1.1', 404, 'no such path'],
  ['a query with another path', 'DELETE /x?http://h/api/tokens/x HTTP/1.1', 404, 'no such path'],
  ['asterisk form', 'OPTIONS * HTTP/1.1', 404, 'no such path'],
  ['dot segments', 'DELETE /api/tokens/../tokens/x HTTP/1.1', 404, 'no such path'],
  ['a dot as id', 'DELETE /api/tokens/.. HTTP/1.1', 404, 'API token not found'],
  ['two slashes', 'DELETE //api/tokens/x HTTP/1.1', 404, 'no such path'],
  [
    'an id named like a member of objects',
    'DELETE /api/tokens/__proto__ HTTP/1.1',
    404,
    'API token not found',
  ],
  ['HTTP/1.0', 'DELETE /api/tokens/x HTTP/1.0', 404, 'API token not found'],
])('a request target is taken as it is: %s', async (_, first, status, error) => {
  const answer = await talk(request(first, key()))
  expect(statusOf(answer)).toBe(status)
  expect(bodyOf(answer)).toEqual({ success: false, error })
})

it('white space around a credential is trimmed on the wire', async () => {
  const padded = `Authorization: \t key-${region.apiKey} \t `
  expect(statusOf(await talk(request('DELETE /api/tokens/x HTTP/1.1', padded)))).toBe(404)
})

it('a body is refused when it is not UTF-8, begins with a mark, or is over 64 KiB', async () => {
  const send = (body: Buffer) =>
    talk(
      Buffer.concat([
        Buffer.from(request('POST /api/tokens HTTP/1.1', key(), `Content-Length: ${body.length}`)),
        body,
      ]),
    )
  const json = (name: string) => Buffer.from(JSON.stringify({ name }))
  expect(statusOf(await send(Buffer.from('{"name":"\u00ff"}', 'latin1')))).toBe(400)
  expect(statusOf(await send(Buffer.from('\uFEFF{"name":"x"}')))).toBe(400)
  expect(statusOf(await send(Buffer.from('['.repeat(60_000))))).toBe(400)
  expect(statusOf(await send(json('x'.repeat(64 * 1024 - 11))))).toBe(201)
  const tooMuch = await send(json('x'.repeat(64 * 1024 - 10)))
  expect(statusOf(tooMuch)).toBe(413)
  expect(bodyOf(tooMuch)).toEqual(refusal)
})

it('a body on a delete is passed over, and the connection stays in step', async () => {
  const first = lines('DELETE /api/tokens/x HTTP/1.1', 'Host: x', key(), 'Content-Length: 5')
  const both = await talk(`${first}xxxxx${request('GET /nowhere HTTP/1.1')}`)
  expect([...both.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
    '404',
    '404',
  ])
  expect(both).toContain('API token not found')
  expect(both).toContain('no such path')
})

it('clients that leave in the middle do no harm', async () => {
  const port = Number(new URL(region.url).port)
  for (const bytes of [
    'POST /api/tokens HTTP/1.1\r\nHost: x\r\n',
    `${lines('POST /api/tokens HTTP/1.1', 'Host: x', key(), 'Content-Length: 99')}{`,
  ]) {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(bytes, () => socket.resetAndDestroy()),
    )
    await new Promise((resolve) => socket.on('close', resolve))
  }
  expect(statusOf(await talk(request('GET / HTTP/1.1')))).toBe(404)
  expect(region.tokens().every(({ name }) => name !== '')).toBe(true)
})
