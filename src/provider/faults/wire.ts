import type { ServerResponse } from 'node:http'
import { refuse } from '../answer.ts'
import type { Outage } from '../fault.ts'
import { encodeAnswer, type Message } from '../message.ts'

const chunk = Buffer.alloc(64 * 1024, 'a')

/** Each leaves the client without a complete answer that is HTTP. */
export const wireOutages: readonly Outage[] = [
  {
    name: 'dead',
    statement: 'every connection is reset at once',
    cause: 'reset',
    caughtBy: [],
    connect(socket) {
      socket.resetAndDestroy()
      return 'kept'
    },
  },
  {
    name: 'resets',
    statement: 'the connection is reset in place of an answer',
    cause: 'reset',
    caughtBy: [],
    send: ({ socket }) => void socket?.resetAndDestroy(),
  },
  {
    name: 'hangs',
    statement: 'no answer ever comes',
    cause: 'timeout',
    caughtBy: [],
    send: () => undefined,
  },
  {
    name: 'stalls',
    statement: 'the answer stops before its body',
    cause: 'timeout',
    caughtBy: [],
    send: (response, message) => void writeHead(response, message).flushHeaders(),
  },
  {
    name: 'drips',
    statement: 'the body comes at one byte per second',
    cause: 'timeout',
    caughtBy: [],
    send(response, message) {
      writeHead(response, message).flushHeaders()
      let sent = 0
      const timer = setInterval(() => {
        response.write(message.body.subarray(sent, sent + 1))
        sent += 1
        if (sent < message.body.length) return
        clearInterval(timer)
        response.end()
      }, 1000)
      response.on('close', () => clearInterval(timer))
    },
  },
  {
    name: 'endless',
    statement: 'the body never ends',
    cause: 'oversize',
    caughtBy: [],
    send(response, { status }) {
      response.writeHead(status, ['Content-Type', 'application/json'])
      response.write('"')
      const pour = () => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', pour)
      pour()
    },
  },
  {
    name: 'malformed',
    statement: 'the answer is not HTTP',
    cause: 'not-http',
    caughtBy: [],
    send: ({ socket }) => void socket?.end('SORRY we are closed\r\n\r\n'),
  },
  {
    name: 'huge-header',
    statement: 'the header section is larger than anybody reads',
    cause: 'oversize',
    caughtBy: [],
    send(response) {
      const { headers, body } = encodeAnswer(refuse(500, 'too much to say'))
      response.writeHead(500, [...headers.flat(), 'X-Trace', 'a'.repeat(1024 * 1024)])
      response.end(body)
    },
  },
]

function writeHead(
  response: ServerResponse,
  { status, headers, body }: Message,
  length = body.length,
): ServerResponse {
  return response.writeHead(status, [...headers.flat(), 'Content-Length', String(length)])
}
