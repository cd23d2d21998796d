import { type ServerResponse, STATUS_CODES } from 'node:http'
import { type Catch, caught, type Fault } from '../fault.ts'
import { type Message, sendMessage } from '../message.ts'

type Frame = {
  readonly name: string
  readonly status: number
  readonly statement: string
  readonly caughtBy?: readonly Catch[]
  /** The bytes, as Latin-1, in place of a sound message. */
  readonly write: (parts: Parts) => string
}

type Parts = {
  readonly line: string
  readonly headers: string
  readonly body: string
  readonly length: string
}

const whole = ({ line, headers, body, length }: Parts) => `${line}${headers}${length}\r\n${body}`
const chunk = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n`

const frames: readonly Frame[] = [
  {
    name: 'not-found-is-framed-twice',
    status: 404,
    statement: 'a 404 has both a length and chunks',
    write: ({ line, headers, body, length }) =>
      `${line}${headers}${length}Transfer-Encoding: chunked\r\n\r\n${chunk(body)}0\r\n\r\n`,
  },
  {
    name: 'unauthorized-has-two-lengths',
    status: 401,
    statement: 'a 401 has two lengths that differ',
    write: ({ line, headers, body, length }) =>
      `${line}${headers}${length}Content-Length: 7\r\n\r\n${body}`,
  },
  {
    name: 'internal-error-length-is-hexadecimal',
    status: 500,
    statement: 'the length of a 500 is hexadecimal',
    write: ({ line, headers, body }) =>
      `${line}${headers}Content-Length: 0x${body.length.toString(16)}\r\n\r\n${body}`,
  },
  {
    name: 'not-found-has-bytes-behind-it',
    status: 404,
    statement: 'bytes follow the end of a 404',
    write: (parts) => `${whole(parts)}<!-- served by 7 -->`,
  },
  {
    name: 'unauthorized-folds-header',
    status: 401,
    statement: 'a 401 folds a header over two lines',
    write: (parts) => whole({ ...parts, headers: `${parts.headers}X-Note: one\r\n two\r\n` }),
  },
  {
    name: 'not-found-has-space-before-colon',
    status: 404,
    statement: 'a header name of a 404 has a space behind it',
    write: (parts) => whole({ ...parts, headers: `${parts.headers}X-Note : one\r\n` }),
  },
  {
    name: 'unauthorized-header-name-is-odd',
    status: 401,
    statement: 'a header name of a 401 holds a character that none may hold',
    write: (parts) => whole({ ...parts, headers: `${parts.headers}X-(Note): one\r\n` }),
  },
  {
    name: 'internal-error-header-holds-control',
    status: 500,
    statement: 'a header of a 500 holds a control character',
    write: (parts) => whole({ ...parts, headers: `${parts.headers}X-Note: a\u0001b\r\n` }),
  },
  {
    name: 'internal-error-ends-lines-short',
    status: 500,
    statement: 'the lines of a 500 end without a carriage return',
    write: (parts) => {
      const { line, headers, length, body } = parts
      return `${`${line}${headers}${length}\r\n`.replaceAll('\r\n', '\n')}${body}`
    },
  },
  {
    name: 'success-is-http-3',
    status: 200,
    statement: 'the status line of a 200 names HTTP/3.0',
    write: (parts) => whole({ ...parts, line: parts.line.replace('1.1', '3.0') }),
  },
  {
    name: 'not-found-codes-its-transfer',
    status: 404,
    statement: 'a 404 names a transfer coding that nobody asked for',
    write: ({ line, headers, body }) =>
      `${line}${headers}Transfer-Encoding: identity, chunked\r\n\r\n${chunk(body)}0\r\n\r\n`,
  },
  {
    name: 'not-found-chunk-has-no-size',
    status: 404,
    statement: 'the body of a 404 is said to be chunked and is not',
    write: ({ line, headers, body }) =>
      `${line}${headers}Transfer-Encoding: chunked\r\n\r\n${body}`,
  },
  {
    name: 'not-found-chunks-never-end',
    status: 404,
    statement: 'the connection closes before the last chunk of a 404',
    caughtBy: caught('body-encoding', 404),
    write: ({ line, headers, body }) =>
      `${line}${headers}Transfer-Encoding: chunked\r\n\r\n${chunk(body)}`,
  },
  {
    name: 'success-is-shorter-than-its-length',
    status: 200,
    statement: 'the connection closes before a 200 is as long as it says',
    caughtBy: caught('body-encoding', 200),
    write: ({ line, headers, body }) =>
      `${line}${headers}Content-Length: ${body.length + 100}\r\n\r\n${body}`,
  },
  {
    name: 'unauthorized-is-longer-than-its-length',
    status: 401,
    statement: 'the length of a 401 leaves a part of its body out',
    caughtBy: [...caught('body-encoding', 401), ...caught('protocol', 401)],
    write: ({ line, headers, body }) =>
      `${line}${headers}Content-Length: ${body.length - 9}\r\n\r\n${body}`,
  },
]

/** Each writes an answer that is not framed as HTTP asks, or not to its end. */
export const framingFaults: readonly Fault[] = frames.map(
  ({ name, status, statement, write, caughtBy = caught('protocol', status) }) => ({
    name,
    statement,
    caughtBy,
    send(response: ServerResponse, message: Message) {
      if (message.status !== status) sendMessage(response, message)
      else response.socket?.end(Buffer.from(write(partsOf(message)), 'latin1'))
    },
  }),
)

function partsOf({ status, headers, body }: Message): Parts {
  const lines = [...headers, ['Date', new Date().toUTCString()] as const]
  return {
    line: `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`,
    headers: lines.map(([name, value]) => `${name}: ${value}\r\n`).join(''),
    body: body.toString('latin1'),
    length: `Content-Length: ${body.length}\r\n`,
  }
}
