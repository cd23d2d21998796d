import type { Dispatcher } from 'undici'
import { decodeBody } from './body.ts'
import type { Flaw } from './exchange.ts'
import { classifyFailure, type Failure, ownFailure } from './failure.ts'
import { claimLoss } from './link.ts'

/** A response as it came, still with whatever secrets are in it. */
export type Received = {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  readonly undecodable?: string
  readonly flaws?: readonly Flaw[]
}

/** A request on its way, and the reading of its response. */
export type Transfer = {
  /** The response to its end, what ended it before that, or, thrown, what the pool met. */
  readonly outcome: Promise<Received | Failure>
  /** Whether the head of the response came. */
  headCame(): boolean
  /** Ends it now, for this reason. */
  end(why: Failure): void
}

/**
 * Puts a request on the wire and reads its response, decoded or not, up to the limit (bytes).
 *
 * One that breaks off is incomplete, and evidence all the same (RFC 9112, section 8).
 */
export function transfer(
  pool: Dispatcher,
  request: Dispatcher.DispatchOptions,
  limit: number,
): Transfer {
  let controller: Dispatcher.DispatchController | undefined
  let ended: Failure | undefined
  let status = 0
  let headers: Received['headers'] = []
  const chunks: Buffer[] = []
  let length = 0
  const { promise, resolve, reject } = promised<Received | Failure>()

  function end(why: Failure): void {
    if (ended !== undefined) return
    ended = why
    resolve(why)
    controller?.abort(new Error(why.reason))
  }

  pool.dispatch(request, {
    onRequestStart(started) {
      controller = started
      if (ended !== undefined) started.abort(new Error(ended.reason))
    },
    onResponseStart(started, code) {
      status = code
      if (code >= 200) headers = readHeaders(started.rawHeaders)
    },
    onResponseData(_, chunk) {
      length += chunk.length
      if (length > limit) end(tooLarge(limit))
      else chunks.push(chunk)
    },
    onResponseEnd() {
      // A copy: a chunk would keep all that was read from the socket with it.
      resolve(decoded({ status, headers, body: Buffer.concat(chunks) }, limit))
    },
    onResponseError(_, error) {
      claimLoss(error)
      const flaw = status >= 200 ? flawOf(error, length) : undefined
      if (flaw === undefined) return reject(error)
      const received = { status, headers, body: Buffer.concat(chunks), flaws: [flaw] }
      resolve(decoded(received, limit))
    },
  })
  return { outcome: promise, headCame: () => status >= 200, end }
}

/** What broke a response off; undefined: neither its end nor its framing, or we ourselves. */
function flawOf(error: Error, came: number): Flaw | undefined {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') return undefined
  const failed = classifyFailure(error, { origin: '', headCame: true })
  if (failed?.cause === 'reset')
    return { kind: 'cut', what: `the connection was closed after ${came} bytes of it` }
  return failed?.cause === 'framing' ? { kind: 'wire', what: failed.reason } : undefined
}

export function decoded(received: Received, limit: number): Received | Promise<Received | Failure> {
  const codings = received.headers.flatMap(([name, value]) =>
    name.toLowerCase() === 'content-encoding' ? [value] : [],
  )
  if (codings.length === 0) return received
  return decodeBody(received.body, codings, limit).then((body) =>
    body === undefined ? tooLarge(limit) : { ...received, ...body },
  )
}

export function tooLarge(limit: number): Failure {
  return ownFailure('oversize', `${limit} bytes read, then cut`)
}

/** Header names and values in the order and spelling received. */
function readHeaders(raw: unknown): Received['headers'] {
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

export function promised<T>() {
  let resolve: (value: T | Promise<T>) => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
