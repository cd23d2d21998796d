import type { Dispatcher } from 'undici'
import { decodeBody } from './body.ts'
import { type Failure, ownFailure } from './failure.ts'

/** A response as it came, still with whatever secrets are in it. */
export type Received = {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  readonly undecodable?: string
}

/** Reads a response to its end, or to where it is longer than the limit (bytes), decoded or not. */
export async function receive(
  { statusCode, headers: raw, body: stream }: Dispatcher.ResponseData,
  limit: number,
): Promise<Received | Failure> {
  const headers = readHeaders(raw)
  const body = await readBody(stream, limit)
  const codings = valuesOf(headers, 'content-encoding')
  const decoded = body && (await decodeBody(body, codings, limit))
  if (decoded === undefined) return ownFailure('oversize', `${limit} bytes read, then cut`)
  return { status: statusCode, headers, ...decoded }
}

function valuesOf(headers: Received['headers'], name: string): readonly string[] {
  return headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
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
