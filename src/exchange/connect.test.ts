import { createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { answered, whyNot } from './fixtures/ask-both.ts'
import { certify, serveTls } from './fixtures/certificates.ts'
import { type Changes, serve, serveRaw, targetAt } from './fixtures/serve.ts'
import { openClient } from './index.ts'

const unverified: Changes = { trust: { unverified: 'insecure', flaw: undefined } }
const iso = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`

async function withoutAnswer(talk: (socket: Socket) => void): Promise<string> {
  const server = await serveRaw(talk)
  onTestFinished(() => server.close())
  return server.url
}

describe('a certificate that is not accepted', () => {
  test.each([
    [
      'expired',
      { from: -3, to: -1 },
      String.raw`its certificate expired on ${iso} \(CERT_HAS_EXPIRED\)`,
    ],
    [
      'of the future',
      { from: 1, to: 3 },
      String.raw`its certificate is not valid before ${iso}; is the clock right\? \(CERT_NOT_YET_VALID\)`,
    ],
    [
      'that signs itself',
      {},
      String.raw`its certificate is self-signed, and not among those that are trusted; NODE_EXTRA_CA_CERTS=FILE adds it \(DEPTH_ZERO_SELF_SIGNED_CERT\)`,
    ],
    [
      'of an authority that nobody knows',
      { issuer: certify({ called: 'Corp "Root"', names: [] }) },
      String.raw`its certificate is issued by "Corp \\"Root\\"", which is not trusted here; NODE_EXTRA_CA_CERTS=FILE adds it \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)`,
    ],
  ])('%s', async (_, wanted, sentence) => {
    const { url, heard } = await serveTls(certify(wanted))
    expect(await whyNot(url)).toMatchObject({ cause: 'tls', reached: false })
    expect((await whyNot(url))?.reason).toMatch(
      new RegExp(`^${url} cannot be reached: ${sentence}$`),
    )
    expect(heard).toEqual([])
    expect(await answered(url, unverified)).toEqual(['answered', 'answered'])
    expect(heard).toEqual(['GET /', 'GET /'])
  })
})

test('TLS verification that is off is remarked on, where TLS is spoken', async () => {
  const secure = await serveTls(certify())
  const plain = await serve((response) => void response.end('{}'))
  onTestFinished(() => plain.close())
  const remarks = async (url: string) => {
    const client = openClient(targetAt(url, unverified), { userAgent: 'assay' })
    onTestFinished(() => client.close())
    const before = client.remarks()
    await client.send({ method: 'GET', baseUrl: url, path: '/', headers: [] })
    return [before, client.remarks()]
  }
  expect(await remarks(secure.url)).toEqual([
    [],
    ['TLS verification is off (insecure): whoever answers may not be the target'],
  ])
  expect(await remarks(plain.url)).toEqual([[], []])
})

describe('what answers no TLS', () => {
  test('but HTTP, is told so, and the other way round', async () => {
    const plain = await serve((response) => void response.end('{}'))
    onTestFinished(() => plain.close())
    const url = plain.url.replace('http:', 'https:')
    expect((await whyNot(url))?.reason).toMatch(
      /cannot be reached: no TLS is spoken there; is it an http address\? \((ERR_SSL_WRONG_VERSION_NUMBER|EPROTO|ERR_SSL_PACKET_LENGTH_TOO_LONG)\)$/,
    )
    expect(plain.heard).toEqual([])
    const alert = await withoutAnswer((socket) => socket.end(Buffer.from('15030100020246', 'hex')))
    expect(await whyNot(alert)).toEqual({
      cause: 'not-http',
      reached: true,
      reason: `${alert} has not answered: the answer is no HTTP but TLS; is it an https address?`,
    })
  })

  test('or hangs up, or stays silent, is given up in time', async () => {
    const hangsUp = (await withoutAnswer((socket) => socket.end())).replace('http:', 'https:')
    expect(await whyNot(hangsUp)).toEqual({
      cause: 'tls',
      reached: false,
      reason: `${hangsUp} cannot be reached: the connection was closed during the TLS handshake (ECONNRESET)`,
    })
    const silent = (await withoutAnswer(() => {})).replace('http:', 'https:')
    expect(await whyNot(silent, { limits: { connectTimeout: 200 } })).toEqual({
      cause: 'timeout',
      reached: false,
      reason: `${silent} cannot be reached: the TLS handshake did not end within 200 ms`,
    })
  })
})

describe('an IPv6 address', () => {
  test('is asked, plain and over TLS, and named whole', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'))
    })
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as { port: number }
    expect(await answered(`http://[::1]:${port}/v1`)).toEqual(['answered', 'answered'])
    const secure = await serveTls(certify({ names: ['::1'] }), '::1')
    expect((await whyNot(secure.url))?.reason).toContain(
      `${secure.url} cannot be reached: its certi`,
    )
    expect(await answered(secure.url, unverified)).toEqual(['answered', 'answered'])
  })
})
