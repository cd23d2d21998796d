import { expect, test } from 'vitest'
import { readAnswer } from './raw-answer.ts'

type Ways = { readonly method?: string; readonly ended?: boolean }

function read(text: string, { method = 'GET', ended = true }: Ways = {}) {
  return readAnswer(Buffer.from(text, 'latin1'), { method, ended })
}

const ok = 'HTTP/1.1 200 OK\r\n'

test.each<[name: string, text: string, status: number, body: string, Ways?]>([
  ['a length', `${ok}Content-Length: 2\r\n\r\nab`, 200, 'ab', { ended: false }],
  [
    'chunks',
    `${ok}Transfer-Encoding: chunked\r\n\r\n2;a="b"\r\nab\r\nA\r\n0123456789\r\n0\r\nX-A: 1\r\n\r\n`,
    200,
    'ab0123456789',
    { ended: false },
  ],
  ['the close of the connection', `${ok}\r\nab`, 200, 'ab'],
  ['no reason', 'HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n', 404, ''],
  ['the older version', 'HTTP/1.0 200 OK\r\n\r\nab', 200, 'ab'],
  [
    'interim answers',
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n${ok}Content-Length: 1\r\n\r\na`,
    200,
    'a',
  ],
  ['the head alone for HEAD', `${ok}Content-Length: 9\r\n\r\n`, 200, '', { method: 'HEAD' }],
  ['no content for 204', 'HTTP/1.1 204 No Content\r\n\r\n', 204, '', { ended: false }],
  ['no content for 304', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n', 304, ''],
  [
    'an empty header, and letters beyond ASCII',
    `${ok}A:\r\nB: \xe9\r\nContent-Length: 0\r\n\r\n`,
    200,
    '',
  ],
])('an answer ends as HTTP says, without a flaw: %s', (_, text, status, body, ways) => {
  const answer = read(text, ways)
  expect(answer).toMatchObject({ status, flaws: [] })
  expect(typeof answer === 'string' ? answer : answer.body.toString()).toBe(body)
})

test.each<[what: string, text: string, Ways?]>([
  [
    'Content-Length beside Transfer-Encoding',
    `${ok}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`,
  ],
  ['Content-Length 2 times: 1 and 2', `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\na`],
  ['Content-Length 2 times: 1 and 1', `${ok}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`],
  ['Content-Length: 1, 1', `${ok}Content-Length: 1, 1\r\n\r\na`],
  ['Content-Length: +1', `${ok}Content-Length: +1\r\n\r\na`],
  ['Content-Length with status 204', 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n'],
  [
    'Transfer-Encoding with status 204',
    'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n',
  ],
  [
    'Transfer-Encoding: gzip, which nobody asked for',
    `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['chunked twice', `${ok}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`],
  ['the chunk size "zz\\r"', `${ok}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
  [
    'a chunk that is longer than its size says',
    `${ok}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n`,
  ],
  ['a chunk without size', `${ok}Transfer-Encoding: chunked\r\n\r\n{}`],
  [
    '4 bytes of content in the answer to HEAD',
    `${ok}Content-Length: 4\r\n\r\nbody`,
    { method: 'HEAD' },
  ],
  ['2 bytes of content with status 204', 'HTTP/1.1 204 No Content\r\n\r\n{}'],
  ['2 bytes of content with status 304', 'HTTP/1.1 304 Not Modified\r\n\r\n{}'],
  ['3 bytes behind the end of the answer', `${ok}Content-Length: 1\r\n\r\naXYZ`],
  ['another protocol than was asked for', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
  ['the header X-A folded over several lines', `${ok}X-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n`],
  [
    'a space between the header name "X-A" and its colon',
    `${ok}X-A : 1\r\nContent-Length: 0\r\n\r\n`,
  ],
  ['the header name "X(A)"', `${ok}X(A): 1\r\nContent-Length: 0\r\n\r\n`],
  ['the header name ""', `${ok}: 1\r\nContent-Length: 0\r\n\r\n`],
  ['the header line "X-A" without a colon', `${ok}X-A\r\nContent-Length: 0\r\n\r\n`],
  ['a control character in the header X-A', `${ok}X-A: a\0b\r\nContent-Length: 0\r\n\r\n`],
  ['a line that ends without CR LF', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
  ['the version HTTP/2.0', 'HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['the status line "HTTP/1.1 200"', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n'],
  ['the status code 799', 'HTTP/1.1 799 Odd\r\nContent-Length: 0\r\n\r\n'],
])(
  'an answer that is not framed as HTTP asks is read, and its flaw told: %s',
  (what, text, ways) => {
    const answer = read(text, ways)
    expect(typeof answer === 'string' ? answer : answer.flaws).toEqual([{ kind: 'wire', what }])
  },
)

test('a length of nothing where none may stand is only practice', () => {
  const answer = read('HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n')
  expect(answer).toMatchObject({ flaws: [{ level: 'should' }] })
})

test.each([
  [`${ok}Content-Length: 5\r\n\r\nab`, 'the connection was closed after 2 of 5 bytes'],
  [
    `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nab`,
    'the connection was closed before the last chunk',
  ],
  [
    `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n`,
    'the connection was closed before the last chunk',
  ],
  [
    `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\nX: 1`,
    'the connection was closed before the last chunk',
  ],
])('content that breaks off is cut: %j', (text, what) => {
  expect(read(text, { ended: false })).toBe('more')
  expect(read(text)).toMatchObject({ flaws: [{ kind: 'cut', what }] })
})

test.each(['', 'HTTP', `${ok}A: 1\r\n`, 'HTTP/1.1 100 Continue\r\n\r\n', `${ok}\r\nab`])(
  'as long as the end may come, there is no answer: %j',
  (text) => {
    expect(read(text, { ended: false })).toBe('more')
  },
)

test.each(['SSH-2.0-OpenSSH_9.6\r\n', 'HTTP/1.1 abc\r\n\r\n', '<html>'])(
  '%j is no HTTP',
  (text) => {
    expect(read(text)).toBe('foreign')
  },
)
