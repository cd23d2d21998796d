import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Target } from '../target/index.ts'
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
export function transferRaw(origin: string, wired: Wired, limits: Target['limits']): Transfer {
  const { promise, resolve, reject } = promised<Received | Failure>()
  const stopper = new AbortController()
  talk(new URL(origin), wired, limits, stopper.signal).then(resolve, reject)
  return {
    outcome: promise,
    headCame: () => false,
    end(why) {
      resolve(why)
      stopper.abort()
    },
  }
}

type Wired = ReturnType<typeof toWire>

async function talk(
  url: URL,
  wired: Wired,
  limits: Target['limits'],
  signal: AbortSignal,
): Promise<Received | Failure> {
  const head = writeHead(wired, url)
  const socket = await open(url, limits.connectTimeout, signal)
  const stop = () => void socket.destroy(new Error('stopped'))
  signal.addEventListener('abort', stop, { once: true })
  try {
    socket.write(head, 'latin1')
    if (wired.body !== undefined) socket.write(wired.body)
    const answer = await listen(socket, { method: wired.method, limit: limits.bodyLimit, signal })
    if ('cause' in answer) return answer
    const { flaws, ...received } = answer
    return await decoded(flaws.length === 0 ? received : answer, limits.bodyLimit)
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

/** Connects in time; an error carries the code by which it is classified. */
function open(url: URL, timeout: number, signal: AbortSignal): Promise<Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const secure = url.protocol === 'https:'
  const port = Number(url.port) || (secure ? 443 : 80)
  return new Promise((resolve, reject) => {
    const socket = secure
      ? connectTls({
          host,
          port,
          ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
          ALPNProtocols: ['http/1.1'],
        })
      : connectPlain({ host, port })
    const stop = () => void socket.destroy(new Error('stopped'))
    const timer = setTimeout(() => socket.destroy(coded('UND_ERR_CONNECT_TIMEOUT')), timeout)
    const settle = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
    signal.addEventListener('abort', stop, { once: true })
    socket.setNoDelay(true)
    socket.once('error', (error) => {
      settle()
      reject(error)
    })
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      settle()
      resolve(socket)
    })
  })
}

/** Reads until the other side closes, or is quiet after a complete answer. */
function listen(
  socket: Socket,
  { method, limit, signal }: { method: string; limit: number; signal: AbortSignal },
): Promise<RawAnswer | Failure> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    let complete: NodeJS.Timeout | undefined

    const conclude = (ended: boolean): boolean => {
      const answer = readAnswer(Buffer.concat(chunks), { method, ended })
      if (answer === 'more' || (answer === 'foreign' && length === 0)) return false
      clearTimeout(complete)
      if (answer === 'oversize') reject(coded('UND_ERR_HEADERS_OVERFLOW'))
      else if (answer === 'foreign') reject(coded('HPE_INVALID_CONSTANT'))
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

/** An error as the pool would throw it, by which it is classified. */
function coded(code: string): Error {
  return Object.assign(new Error(code), { code })
}
