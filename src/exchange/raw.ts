import type { Socket } from 'node:net'
import type { Target } from '../target/index.ts'
import type { Connect } from './connect.ts'
import type { Failure } from './failure.ts'
import { noteLoss } from './link.ts'
import { type RawAnswer, readAnswer } from './raw-answer.ts'
import { decoded, promised, type Received, type Transfer, tooLarge } from './receive.ts'
import type { toWire } from './wire.ts'

/** A connection over which nothing comes for so long (milliseconds) after an answer holds no more. */
const quiet = 30

/**
 * Sends one request over a connection of its own and reads the answer byte by byte, for what a
 * client library hides: content where there can be none, bytes behind the end, contradictory framing.
 */
export function transferRaw(way: Way, wired: Wired, { bodyLimit }: Target['limits']): Transfer {
  const { promise, resolve, reject } = promised<Received | Failure>()
  const stopper = new AbortController()
  const chunks: Buffer[] = []
  const reading = { chunks, limit: bodyLimit, signal: stopper.signal }
  talk(way, wired, reading).then(resolve, reject)
  return {
    outcome: promise,
    headCame: () => Buffer.concat(chunks).includes('\r\n\r\n'),
    end(why) {
      resolve(why)
      stopper.abort()
    },
  }
}

type Wired = ReturnType<typeof toWire>

/** What came so far, how much of it may come (bytes), and what ends it. */
type Reading = {
  readonly chunks: Buffer[]
  readonly limit: number
  readonly signal: AbortSignal
}

/** An origin, and how a connection to it is opened. */
export type Way = { readonly name: string; readonly connect: Connect }

async function talk(
  { name, connect }: Way,
  wired: Wired,
  reading: Reading,
): Promise<Received | Failure> {
  const head = writeHead(wired, new URL(name))
  const { limit, signal } = reading
  const socket = await connect(signal)
  const stop = () => void socket.destroy(new Error('stopped'))
  signal.addEventListener('abort', stop, { once: true })
  try {
    socket.write(head, 'latin1')
    if (wired.body !== undefined) socket.write(wired.body)
    const answer = await listen(socket, wired.method, reading)
    if ('cause' in answer) return answer
    const { flaws, ...received } = answer
    return await decoded(flaws.length === 0 ? received : answer, limit)
  } finally {
    signal.removeEventListener('abort', stop)
    socket.destroy()
  }
}

/** RFC 9112, section 3; nothing that would end a line gets into one. */
function writeHead({ method, path, headers, body }: Wired, url: URL): string {
  const lines = [`${method} ${path} HTTP/1.1`]
  const pairs = headers.flatMap((name, index) =>
    index % 2 === 0 ? [[name, headers[index + 1] ?? ''] as const] : [],
  )
  if (!pairs.some(([name]) => name.toLowerCase() === 'host')) lines.push(`Host: ${url.host}`)
  lines.push('Connection: close', ...pairs.map(([name, value]) => `${name}: ${value}`))
  if (body !== undefined) lines.push(`Content-Length: ${Buffer.byteLength(body)}`)
  if (lines.some((line) => /[^\t\x20-\x7e\x80-\xff]/.test(line)) || /\s/.test(path))
    throw new Error('the request holds a character that no request line or header may hold')
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** Reads until the other side closes, or is quiet after a complete answer. */
function listen(
  socket: Socket,
  method: string,
  { chunks, limit, signal }: Reading,
): Promise<RawAnswer | Failure> {
  return new Promise((resolve, reject) => {
    let length = 0
    let complete: NodeJS.Timeout | undefined

    const conclude = (ended: boolean): boolean => {
      const answer = readAnswer(Buffer.concat(chunks), { method, ended })
      if (answer === 'more' || (answer === 'foreign' && length === 0)) return false
      clearTimeout(complete)
      if (answer === 'oversize') reject(coded('UND_ERR_HEADERS_OVERFLOW'))
      else if (answer === 'foreign') reject(notHttp(chunks))
      else resolve(answer)
      return true
    }

    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      clearTimeout(complete)
      if (length > limit) return resolve(tooLarge(limit))
      complete = setTimeout(conclude, quiet, false)
    })
    socket.once('end', () => void conclude(true))
    socket.on('error', (error) => {
      clearTimeout(complete)
      if (signal.aborted || !conclude(true)) reject(noteLoss(error, length === 0))
    })
    socket.once('close', () => {
      clearTimeout(complete)
      reject(noteLoss(coded('UND_ERR_SOCKET'), length === 0))
    })
  })
}

/** What came may tell what it is instead. */
function notHttp(chunks: readonly Buffer[]): Error {
  const data = Buffer.concat(chunks).toString('latin1', 0, 16)
  return Object.assign(coded('HPE_INVALID_CONSTANT'), { data })
}

/** An error as the pool would throw it, by which it is classified. */
function coded(code: string): Error {
  return Object.assign(new Error(code), { code })
}
