import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { refuse } from './answer.ts'

const statuses: ReadonlyMap<string | undefined, number> = new Map([
  ['HPE_HEADER_OVERFLOW', 431],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
])

/** Answers bytes that are no HTTP request with 400 (RFC 9112, section 2.2) and gives the connection up. */
export function refuseMalformed(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status = statuses.get(error.code) ?? 400
  const reason = STATUS_CODES[status] ?? ''
  const body = JSON.stringify(refuse(status, reason).body)
  socket.end(
    [
      `HTTP/1.1 ${status} ${reason}`,
      'Content-Type: application/json',
      `Date: ${new Date().toUTCString()}`,
      'Connection: close',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  )
}
