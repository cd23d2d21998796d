import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { caught, type Fault } from '../fault.ts'
import type { Message } from '../message.ts'
import { withHeaders } from './answering.ts'

type Garbling = readonly [
  name: string,
  status: number,
  statement: string,
  garble: (body: Buffer) => Buffer,
  coding?: string,
]

const nothing = () => Buffer.alloc(0)
const same = (body: Buffer) => body
const text = (change: (json: string) => string) => (body: Buffer) =>
  Buffer.from(change(body.toString()))

const garblings: readonly Garbling[] = [
  ['success-is-empty', 200, 'the body of a 200 is empty', nothing],
  ['success-comes-twice', 200, 'a 200 holds its JSON twice', text((json) => json + json)],
  [
    'success-is-utf-16',
    200,
    'the body of a 200 is UTF-16',
    (body) => Buffer.from(body.toString(), 'utf16le'),
  ],
  [
    'success-is-guarded',
    200,
    'the body of a 200 begins with a guard against scripts',
    text((json) => `)]}',\n${json}`),
  ],
  ['success-claims-zstd', 200, 'a 200 names a coding that nobody asked for', same, 'zstd'],
  [
    'unauthorized-has-byte-order-mark',
    401,
    'the body of a 401 begins with a byte order mark',
    text((json) => `\uFEFF${json}`),
  ],
  [
    'unauthorized-is-single-quoted',
    401,
    'the body of a 401 has single quotes',
    text((json) => json.replaceAll('"', "'")),
  ],
  [
    'unauthorized-is-json-in-text',
    401,
    'the body of a 401 is JSON inside a JSON text',
    text((json) => JSON.stringify(json)),
  ],
  [
    'unauthorized-repeats-deep-member',
    401,
    'a 401 says one thing twice, deep inside',
    text((json) => json.replace(/}$/, ',"meta":{"list":[{"id":1,"id":2}]}}')),
  ],
  [
    'success-repeats-member-alike',
    200,
    'a 200 says success twice, alike',
    text((json) => json.replace('{', '{"success":true,')),
  ],
  [
    'success-holds-nan',
    200,
    'the data of a 200 holds NaN',
    text((json) => json.replace('"data":{', '"data":{"left":NaN,')),
  ],
  [
    'not-found-holds-infinity',
    404,
    'a 404 holds -Infinity',
    text((json) => json.replace('{', '{"retry":-Infinity,')),
  ],
  ['not-found-is-secretly-gzip', 404, 'a 404 is gzip and does not say so', gzipSync],
  [
    'success-is-broken-br',
    200,
    'the br body of a 200 ends early',
    (body) => brotliCompressSync(body).subarray(0, -3),
    'br',
  ],
  [
    'internal-error-deflate-has-rest',
    500,
    'bytes follow the deflate body of a 500',
    (body) => Buffer.concat([deflateSync(body), Buffer.from('rest')]),
    'deflate',
  ],
  ['unauthorized-gzip-is-called-br', 401, 'the br body of a 401 is gzip', gzipSync, 'br'],
  ['unauthorized-is-cut', 401, 'the body of a 401 is cut off', (body) => body.subarray(0, -9)],
  [
    'not-found-is-truncated',
    404,
    'the body of a 404 lacks its last byte',
    (body) => body.subarray(0, -1),
  ],
  [
    'not-found-is-not-utf-8',
    404,
    'the error of a 404 holds a byte that is no UTF-8',
    (body) => Buffer.concat([body.subarray(0, -2), Buffer.from([0xff]), body.subarray(-2)]),
  ],
  [
    'not-found-contradicts-itself',
    404,
    'a 404 says success twice, true and false',
    text((json) => json.replace('{', '{"success":true,')),
  ],
  [
    'not-found-is-broken-gzip',
    404,
    'the gzip body of a 404 ends early',
    (body) => gzipSync(body).subarray(0, -12),
    'gzip',
  ],
  ['internal-error-is-empty', 500, 'the body of a 500 is empty', nothing],
  ['internal-error-claims-gzip', 500, 'a 500 claims gzip and sends plain bytes', same, 'gzip'],
  [
    'internal-error-has-trailing-bytes',
    500,
    'bytes follow the JSON of a 500',
    text((json) => `${json}\n<!-- served by 7 -->`),
  ],
  [
    'internal-error-has-trailing-comma',
    500,
    'the body of a 500 has a trailing comma',
    text((json) => json.replace(/}$/, ',}')),
  ],
]

/** Each sends bytes that are not one complete JSON text, framed as HTTP asks. */
export const encodingFaults: readonly Fault[] = [
  ...garblings.map(garbles),
  {
    name: 'unauthorized-is-empty-and-untyped',
    statement: 'a 401 has neither a body nor a media type',
    caughtBy: caught('body-encoding', 401),
    message: (message) =>
      message.status === 401
        ? { ...withHeaders(message, [['Content-Type']]), body: nothing() }
        : message,
  },
]

function garbles([name, status, statement, garble, coding]: Garbling): Fault {
  return {
    name,
    statement,
    caughtBy: caught('body-encoding', status),
    message: (message) => (message.status === status ? code(message, garble, coding) : message),
  }
}

function code(message: Message, garble: (body: Buffer) => Buffer, coding?: string): Message {
  const { headers } = message
  return {
    ...message,
    headers: coding === undefined ? headers : [...headers, ['Content-Encoding', coding]],
    body: garble(message.body),
  }
}
