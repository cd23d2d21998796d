import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { decodeBody } from './body.ts'
import { serve, targetAt } from './fixtures/serve.ts'
import { type Exchange, openClient } from './index.ts'

const plain = Buffer.from(JSON.stringify({ text: 'as it was meant', list: Array(50).fill(1) }))
const limit = 10_000

test.each<[string, readonly string[], Buffer]>([
  ['none', [], plain],
  ['identity', ['identity'], plain],
  ['gzip', ['gzip'], gzipSync(plain)],
  ['gzip, in any case', [' GZip '], gzipSync(plain)],
  ['x-gzip', ['x-gzip'], gzipSync(plain)],
  [
    'gzip in two members',
    ['gzip'],
    Buffer.concat([gzipSync(plain.subarray(0, 9)), gzipSync(plain.subarray(9))]),
  ],
  ['deflate', ['deflate'], deflateSync(plain)],
  ['deflate without its wrapper', ['deflate'], deflateRawSync(plain)],
  ['br', ['br'], brotliCompressSync(plain)],
  ['one after the other', ['deflate, gzip'], gzipSync(deflateSync(plain))],
  [
    'one after the other, in two headers',
    ['deflate', 'br'],
    brotliCompressSync(deflateSync(plain)),
  ],
])('a body is read through its content coding: %s', async (_, codings, body) => {
  expect(await decodeBody(body, codings, limit)).toEqual({ body: plain })
})

test.each<[string, readonly string[], Buffer]>([
  ['gzip that is none', ['gzip'], plain],
  ['gzip that is cut off', ['gzip'], gzipSync(plain).subarray(0, 40)],
  ['gzip with a wrong sum', ['gzip'], spoilt(gzipSync(plain), -5)],
  ['deflate that is none', ['deflate'], plain],
  ['deflate that is cut off', ['deflate'], deflateSync(plain).subarray(0, 30)],
  ['deflate with a wrong sum', ['deflate'], spoilt(deflateSync(plain), -1)],
  ['br that is none', ['br'], plain],
  ['br that is cut off', ['br'], brotliCompressSync(plain).subarray(0, 20)],
  ['a coding that nobody asked for', ['zstd'], plain],
  ['a name that every object has', ['constructor'], plain],
  ['the second of two', ['gzip, deflate'], deflateSync(plain)],
])(
  'a body that is not what its content coding says stays as it came: %s',
  async (_, codings, body) => {
    const decoded = await decodeBody(body, codings, limit)
    expect(decoded?.body).toEqual(body)
    expect(decoded?.undecodable).toMatch(/Content-Encoding/)
  },
)

function spoilt(body: Buffer, index: number): Buffer {
  const copy = Buffer.from(body)
  const at = copy.length + index
  copy[at] = (copy[at] ?? 0) ^ 0xff
  return copy
}

test('no body needs no decoding, as in an answer to HEAD', async () => {
  expect(await decodeBody(Buffer.alloc(0), ['gzip'], limit)).toEqual({ body: Buffer.alloc(0) })
})

const bomb = Buffer.alloc(50 * 1024 * 1024)

test.each<[string, Buffer]>([
  ['gzip', gzipSync(bomb)],
  ['deflate', deflateSync(bomb)],
  ['deflate', deflateRawSync(bomb)],
  ['br', brotliCompressSync(bomb)],
  ['gzip, gzip', gzipSync(gzipSync(bomb))],
])('a small body that becomes a huge one is not unfolded: %s', async (coding, body) => {
  const before = process.memoryUsage().arrayBuffers
  expect(await decodeBody(body, [coding], limit)).toBeUndefined()
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 1024 * 1024)
})

async function ask(body: Buffer, coding: string): Promise<Exchange> {
  const server = await serve(
    (response) => void response.writeHead(200, ['Content-Encoding', coding]).end(body),
  )
  const client = openClient(targetAt(server.url, { limits: { requestTimeout: 5000 } }), {
    userAgent: 'a',
  })
  onTestFinished(() => client.close())
  onTestFinished(() => server.close())
  const request = { method: 'GET', baseUrl: server.url, path: '/', headers: [] }
  return (await client.send(request)).exchange
}

test('over the wire, a body is decoded, said to be undecodable, or too large', async () => {
  const [good, bad, large] = await Promise.all([
    ask(brotliCompressSync(plain), 'br'),
    ask(plain, 'br'),
    ask(gzipSync(bomb), 'gzip'),
  ])
  expect(good).toMatchObject({ kind: 'answered', response: { body: plain } })
  expect(good.kind === 'answered' && good.response.undecodable).toBeUndefined()
  expect(bad).toMatchObject({
    kind: 'answered',
    response: { body: plain, undecodable: expect.any(String) },
  })
  expect(large).toMatchObject({ kind: 'failed', cause: 'oversize' })
})
