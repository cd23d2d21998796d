import type { Dispatcher } from 'undici'
import { decodeBody } from './body.ts'
import type { Flaw } from './exchange.ts'
import { classifyFailure, type Failure, ownFailure } from './failure.ts'

/** A response as it came, still with whatever secrets are in it. */
export type Received = {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  readonly undecodable?: string
  readonly flaws?: readonly Flaw[]
}

/**
 * Reads a response to its end, or to where it is longer than the limit (bytes), decoded or not.
 *
 * One that breaks off is incomplete, and evidence all the same (RFC 9112, section 8).
 */
export async function receive(
  { statusCode, headers: raw, body: stream }: Dispatcher.ResponseData,
  limit: number,
): Promise<Received | Failure> {
  const headers = readHeaders(raw)
  const read = await readBody(stream, limit)
  const codings = valuesOf(headers, 'content-encoding')
  const decoded = read && (await decodeBody(read.body, codings, limit))
  if (decoded === undefined) return ownFailure('oversize', `${limit} bytes read, then cut`)
  const flaws = read?.flaws ?? []
  return { status: statusCode, headers, ...decoded, ...(flaws.length === 0 ? {} : { flaws }) }
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

type Read = { readonly body: Buffer; readonly flaws: readonly Flaw[] }

async function readBody(
  body: Dispatcher.ResponseData['body'],
  limit: number,
): Promise<Read | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > limit) return undefined
      chunks.push(chunk)
    }
  } catch (error) {
    return { body: Buffer.concat(chunks), flaws: [flawOf(error, length)] }
  }
  return { body: Buffer.concat(chunks), flaws: [] }
}

/** What broke a body off; whatever is neither its end nor its framing is thrown on. */
function flawOf(error: unknown, came: number): Flaw {
  if (isOurs(error)) throw error
  const failed = classifyFailure(error, { origin: '', headCame: true })
  if (failed?.cause === 'reset')
    return { kind: 'cut', what: `the connection was closed after ${came} bytes of it` }
  if (failed?.cause === 'framing') return { kind: 'wire', what: failed.reason }
  throw error
}

/** Whether the pool was closed by ourselves. */
function isOurs(error: unknown): boolean {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  return code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED'
}
