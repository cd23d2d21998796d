import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { Answer } from './answer.ts'
import type { Fault } from './fault.ts'
import { harmlessIds } from './harmless-ids.ts'
import { harmlessTexts } from './harmless-texts.ts'
import { harmlessWire } from './harmless-wire.ts'
import { type Message, sendMessage } from './message.ts'

type Body = Readonly<Record<string, unknown>>

/** Each differs from the usual answer and keeps every promise, so nothing may complain about it. */
export const harmless: readonly Fault[] = [
  ...harmlessTexts,
  ...harmlessWire,
  ...harmlessIds,
  reshapes('extra-members', 'bodies have members that nobody documented', (body) => ({
    ...body,
    requestId: 'f3b1',
    meta: { region: 'here', tags: [] },
  })),
  reshapes('extra-data-members', 'data has members that nobody documented', (body) =>
    'data' in body ? { ...body, data: { ...(body.data as object), id: 7 } } : body,
  ),
  reshapes('empty-data', 'data lacks the message, which is optional', (body) =>
    'data' in body ? { ...body, data: {} } : body,
  ),
  reshapes('other-texts', 'messages and errors are worded otherwise', (body) =>
    reword(body, 'Ça n’existe pas 🗝️, "désolé" \\ \u0000'),
  ),
  reshapes('long-texts', 'messages and errors are long', (body) =>
    reword(body, 'ab '.repeat(5000)),
  ),
  reshapes('reordered-members', 'members come in another order', (body) =>
    Object.fromEntries(Object.entries(body).reverse()),
  ),
  reshapes('null-error-on-success', 'a 200 says error: null', (body) =>
    body.success === true ? { ...body, error: null } : body,
  ),
  reshapes('null-data-on-refusal', 'a refusal says data: null', (body) =>
    body.success === false ? { ...body, data: null } : body,
  ),
  rewrites(
    'white-space',
    'bodies are indented, with white space around',
    (text) => `\r\n\t ${JSON.stringify(JSON.parse(text), null, 2)}\n`,
  ),
  rewrites('unicode-escapes', 'texts are written in escapes', (text) =>
    text.replace(/[a-z](?=[^"]*"[,}])/g, escaped),
  ),
  labels('charset-parameter', 'the media type has a parameter', 'application/json; charset=utf-8'),
  labels('capital-media-type', 'the media type is in capitals', 'APPLICATION/JSON'),
  compresses('gzip', gzipSync),
  compresses('deflate', deflateSync),
  compresses('br', brotliCompressSync),
  {
    name: 'chunked',
    statement: 'bodies are sent in chunks',
    caughtBy: [],
    message: (message) => withHeader(message, 'Transfer-Encoding', 'chunked'),
  },
  {
    name: 'lower-case-header-names',
    statement: 'header names are in lower case',
    caughtBy: [],
    message: (message) => ({
      ...message,
      headers: message.headers.map(([name, value]) => [name.toLowerCase(), value]),
    }),
  },
  {
    name: 'extra-headers',
    statement: 'answers have headers that nobody documented',
    caughtBy: [],
    message: (message) => withHeader(withHeader(message, 'X-Trace', 'a, b'), 'Server', ''),
  },
  {
    name: 'other-reason-phrases',
    statement: 'the reason phrase, which means nothing, is another',
    caughtBy: [],
    message: (message) => ({ ...message, reason: 'As You Wish' }),
  },
  {
    name: 'closes-connections',
    statement: 'each answer closes its connection',
    caughtBy: [],
    message: (message) => withHeader(message, 'Connection', 'close'),
  },
  {
    name: 'early-hints',
    statement: 'an interim answer comes first',
    caughtBy: [],
    send(response, message) {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' })
      sendMessage(response, message)
    },
  },
  {
    name: 'in-pieces',
    statement: 'the body comes in two pieces',
    caughtBy: [],
    send(response, { status, headers, body }) {
      response.writeHead(status, [...headers.flat(), 'Content-Length', String(body.length)])
      response.write(body.subarray(0, 9))
      setTimeout(() => response.end(body.subarray(9)), 5)
    },
  },
  {
    name: 'slow',
    statement: 'each answer takes 20 ms',
    caughtBy: [],
    send: (response, message) => void setTimeout(() => sendMessage(response, message), 20),
  },
]

function reshapes(name: string, statement: string, reshape: (body: Body) => Body): Fault {
  const answer = (sound: Answer) => ({ ...sound, body: reshape(sound.body as Body) })
  return { name, statement, caughtBy: [], answer }
}

function rewrites(name: string, statement: string, rewrite: (text: string) => string): Fault {
  return {
    name,
    statement,
    caughtBy: [],
    message: (message) => ({ ...message, body: Buffer.from(rewrite(message.body.toString())) }),
  }
}

function labels(name: string, statement: string, type: string): Fault {
  return {
    name,
    statement,
    caughtBy: [],
    message: (message) => ({
      ...message,
      headers: message.headers.map(([key, value]) => [key, key === 'Content-Type' ? type : value]),
    }),
  }
}

/** A coding is used only where the request accepts it (RFC 9110, section 12.5.3). */
function compresses(coding: string, compress: (body: Buffer) => Buffer): Fault {
  return {
    name: coding,
    statement: `bodies are sent as ${coding} to those who accept it`,
    caughtBy: [],
    message: (message, { request }) =>
      request.headers['accept-encoding']?.includes(coding)
        ? { ...withHeader(message, 'Content-Encoding', coding), body: compress(message.body) }
        : message,
  }
}

function withHeader(message: Message, name: string, value: string): Message {
  return { ...message, headers: [...message.headers, [name, value]] }
}

function reword(body: Body, text: string): Body {
  return 'data' in body ? { ...body, data: { message: text } } : { ...body, error: text }
}

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}
