import type { ServerResponse } from 'node:http'
import type { Answer, Header } from './answer.ts'

/** An answer as bytes, ready for the wire. */
export type Message = {
  readonly status: number
  /** In place of the usual reason phrase. */
  readonly reason?: string
  readonly headers: readonly Header[]
  readonly body: Buffer
}

const nothing = Buffer.alloc(0)

/** Writes an answer as JSON in UTF-8 (RFC 8259, section 8.1). */
export function encodeAnswer({ status, body, headers = [] }: Answer): Message {
  if (body === undefined) return { status, headers, body: nothing }
  return {
    status,
    headers: [['Content-Type', 'application/json'], ...headers],
    body: Buffer.from(JSON.stringify(body)),
  }
}

/**
 * Sends a message; node adds `Date` and leaves out the body of an answer to HEAD.
 *
 * Node writes head and body at once when the body is a string, and Latin-1 keeps each byte as it is.
 */
export function sendMessage(response: ServerResponse, message: Message): void {
  const { status, reason, headers, body } = message
  const raw: string[] = []
  let framed = status === 204 || status === 304
  for (const [name, value] of headers) {
    raw.push(name, value)
    if (name.toLowerCase() === 'transfer-encoding') framed = true
  }
  if (!framed) raw.push('Content-Length', String(body.length))
  if (reason === undefined) response.writeHead(status, raw)
  else response.writeHead(status, reason, raw)
  response.end(body.toString('latin1'), 'latin1')
}
