import { type ServerResponse, STATUS_CODES } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Header } from './answer.ts'
import type { Fault } from './fault.ts'
import { withHeaders } from './faults/answering.ts'
import { type Message, sendMessage } from './message.ts'

const id = '0a4d2c1e-6b7f-4c3d-9e8f-1a2b3c4d5e6f'

/** Ways to send an answer that HTTP leaves open. */
export const harmlessWire: readonly Fault[] = [
  adds('documented-headers', 'every documented header is sent, as documented', [
    ['RateLimit-Remaining', '0'],
    ['X-Throttled', 'false'],
    ['X-Shards', '1, 2'],
    ['X-Shards', '3'],
    ['X-Quota', 'used=1,left=2'],
    ['X-Notice', '{"id": 1}'],
    ['X-Request-Id', id],
    ['Set-Cookie', 'a=1; Path=/; Expires=Wed, 25 Nov 2026 01:02:03 GMT'],
    ['Set-Cookie', 'b=2'],
  ]),
  adds('asks-for-patience', 'answers say when to try again', [['Retry-After', '120']]),
  adds('asks-for-patience-until', 'answers say until when to wait', [
    ['Retry-After', 'Wed, 25 Nov 2026 01:02:03 GMT'],
  ]),
  adds('caching-headers', 'answers say how they may be kept', [
    ['ETag', 'W/"a-1"'],
    ['Cache-Control', 'no-store'],
    ['Expires', '0'],
    ['Age', '0'],
    ['Vary', 'Accept'],
    ['Vary', 'Origin'],
  ]),
  adds('proxy-headers', 'answers tell which proxy they passed', [
    ['Via', '1.1 edge-7, 1.1 varnish'],
    ['X-Served-By', 'cache-fra19130-FRA'],
    ['X-Amz-Cf-Id', 'K3v-9kq_1xZ2bQ=='],
    ['Server', 'nginx/1.25.3'],
    ['Alt-Svc', 'h3=":443"; ma=86400'],
  ]),
  adds('trace-headers', 'answers carry what traces them', [
    ['traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
    ['X-Request-Id', id],
  ]),
  adds('several-schemes', 'a 401 names several ways to authenticate', [
    ['WWW-Authenticate', 'ApiKey realm="tokens, all", Bearer'],
  ]),
  adds('quoted-parameter', 'the media type has a quoted parameter', [
    ['Content-Type', 'application/json; charset="UTF-8" ; profile="a;b"'],
  ]),
  written('until-the-close', 'the end of the connection ends the answer', ({ head, body }) =>
    Buffer.concat([head(), body]),
  ),
  written('chunk-extensions', 'chunks have extensions, and trailers follow', ({ head, body }) =>
    Buffer.concat([
      head(['Transfer-Encoding', 'chunked']),
      ...[body.subarray(0, 7), body.subarray(7)].flatMap((part) => [
        Buffer.from(`${part.length.toString(16).toUpperCase()};a="b"\r\n`),
        part,
        Buffer.from('\r\n'),
      ]),
      Buffer.from('0\r\nX-Checksum: 12\r\n\r\n'),
    ]),
  ),
  written('chunked-gzip', 'gzip bodies come in one chunk', ({ head, body }) => {
    const packed = gzipSync(body)
    return Buffer.concat([
      head(['Content-Encoding', 'gzip'], ['Transfer-Encoding', 'chunked']),
      Buffer.from(`${packed.length.toString(16)}\r\n`),
      packed,
      Buffer.from('\r\n0\r\n\r\n'),
    ])
  }),
  written('empty-reason', 'the status line has no reason', ({ head, body }) =>
    Buffer.from(
      Buffer.concat([head(['Content-Length', String(body.length)]), body])
        .toString('latin1')
        .replace(/^(HTTP\/1\.1 \d+ ).*?(?=\r\n)/, '$1'),
      'latin1',
    ),
  ),
  {
    name: 'continue-first',
    statement: 'an interim answer says to go on',
    caughtBy: [],
    send(response, message) {
      response.writeContinue()
      sendMessage(response, message)
    },
  },
]

type Parts = { readonly head: (...more: Header[]) => Buffer; readonly body: Buffer }

function written(name: string, statement: string, write: (parts: Parts) => Buffer): Fault {
  return {
    name,
    statement,
    caughtBy: [],
    send: (response: ServerResponse, message: Message) =>
      void response.socket?.end(
        write({ head: (...more) => headOf(message, more), body: message.body }),
      ),
  }
}

function headOf({ status, headers }: Message, more: readonly Header[]): Buffer {
  const usual = [
    ['Date', new Date().toUTCString()],
    ['Connection', 'close'],
  ] as const
  const lines = [...headers, ...usual, ...more]
  const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${text}\r\n`, 'latin1')
}

function adds(name: string, statement: string, headers: readonly Header[]): Fault {
  return { name, statement, caughtBy: [], message: (message) => withHeaders(message, headers) }
}
