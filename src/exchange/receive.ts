import type { Dispatcher } from 'undici'
import { decodeBody } from './body.ts'

/** A response as it came, still with whatever secrets are in it. */
export type Received = {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  readonly undecodable?: string
}

/** Reads a response to its end; undefined: its body, decoded or not, is longer than the limit (bytes). */
export async function receive(
  { statusCode, headers: raw, body: stream }: Dispatcher.ResponseData,
  limit: number,
): Promise<Received | undefined> {
  const headers = readHeaders(raw)
  const body = await readBody(stream, limit)
  if (body === undefined) return undefined
  const codings = headers
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .map(([, value]) => value)
  const decoded = await decodeBody(body, codings, limit)
  return decoded && { status: statusCode, headers, ...decoded }
}

/** Header names and values in the order and spelling received. */
function readHeaders(raw: unknown): readonly (readonly [string, string])[] {
  const list = raw as readonly (Buffer | string)[]
  const pairs: [string, string][] = []
  for (let index = 0; index + 1 < list.length; index += 2) {
    pairs.push([latin(list[index]), latin(list[index + 1])])
  }
  return pairs
}

function latin(value: Buffer | string | undefined): string {
  return typeof value === 'string' ? value : (value?.toString('latin1') ?? '')
}

async function readBody(
  body: Dispatcher.ResponseData['body'],
  limit: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
