import { ConnectError } from './connect.ts'
import { codeOf, describeUnconnected } from './connect-failure.ts'
import type { FailureCause } from './exchange.ts'
import type { Repeatable } from './retry.ts'

/** Why an exchange failed: a cause a reader can act on, a sentence, and whether the request was sent at all. */
export type Failure = {
  readonly cause: FailureCause
  readonly reason: string
  /** false: no connection was made, so the target cannot have acted on the request. */
  readonly reached: boolean
  /** true: nothing at all was heard from its origin so far. */
  readonly unheard?: boolean
  /** Why the same request may be sent again. */
  readonly repeatable?: Repeatable | undefined
}

const causes: readonly (readonly [cause: FailureCause, codes: RegExp])[] = [
  ['timeout', /^(UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|ETIMEDOUT)$/],
  ['reset', /^HPE_INVALID_EOF_STATE$/],
  ['oversize', /^(HPE_HEADER_OVERFLOW|UND_ERR_HEADERS_OVERFLOW)$/],
  ['framing', /^(HPE_\w+|HTTPParserError|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/],
  ['reset', /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|ECONNABORTED|UND_ERR_CLOSED|UND_ERR_DESTROYED)$/],
  // Over TLS 1.3 a server may say only after the handshake that it does not like the client.
  ['tls', /^(ERR_SSL_\w+|EPROTO)$/],
]

const sentences = {
  timeout: 'no answer came',
  tls: 'it ended the TLS connection; it may want a certificate of the client',
  framing: 'the answer is not well-formed HTTP',
  oversize: 'the answer is larger than is read',
  throttled: 'it asks for patience',
  stopped: 'it was stopped',
} as const

type Known = keyof typeof sentences

/**
 * Classifies what was met on the way to an answer; undefined: it is no failure of the network.
 *
 * A wrong length is two lengths that differ, or, once the head of the answer came, a body cut off.
 */
export function classifyFailure(
  error: unknown,
  { origin, headCame }: { readonly origin: string; readonly headCame: boolean },
): Failure | undefined {
  if (error instanceof ConnectError) {
    const unconnected = describeUnconnected(error, origin)
    return unconnected && { ...unconnected, reached: false }
  }
  const { code, detail = code, data } = read(error)
  if (code === 'HPE_INVALID_CONSTANT')
    return { cause: 'not-http', reason: noHttp(data), reached: true }
  const isCutOff = headCame && code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
  const cause = isCutOff ? 'reset' : causes.find(([, codes]) => codes.test(code))?.[0]
  if (cause === undefined) return undefined
  const what = cause === 'reset' ? cutOff(code, headCame) : sentences[cause as Known]
  const shown = detail.startsWith('UND_ERR_') ? '' : ` (${detail})`
  return { cause, reached: true, reason: `${what}${shown}` }
}

/** A failure that we brought about ourselves. */
export function ownFailure(cause: 'oversize' | 'stopped', detail: string, reached = true): Failure {
  return { cause, reason: `${sentences[cause]} (${detail})`, reached }
}

/** The time of a request (milliseconds) was over before the answer was, however slowly that came. */
export function lateFailure(ms: number, headCame: boolean): Failure {
  const what = headCame ? 'the answer began, but did not end' : sentences.timeout
  return { cause: 'timeout', reason: `${what} within ${ms} ms`, reached: true }
}

/** The other side says by FIN that it is done, or by RST that it wants to hear no more (RFC 9293, section 3.6). */
function cutOff(code: string, headCame: boolean): string {
  const when = headCame ? 'before the answer was complete' : 'before an answer came'
  return `the connection was ${code === 'ECONNRESET' ? 'reset' : 'closed'} ${when}`
}

/** A TLS alert has a first byte that tells it (RFC 8446, section 5.1). */
function noHttp(data: unknown): string {
  const isTls = typeof data === 'string' && /^\x15\x03[\x00-\x04]/.test(data)
  return `the answer is no HTTP${isTls ? ' but TLS; is it an https address?' : ''}`
}

type Read = { readonly code: string; readonly detail?: string; readonly data?: unknown }

function read(error: unknown): Read {
  const parser = parserErrorIn(error)
  if (parser === undefined) return { code: codeOf(error) || nameOf(error), data: dataOf(error) }
  const { name, message, data } = parser
  // The parser writes what was wrong in parentheses; an end that came too early is no fault of the text.
  const detail = /\(([^()]+)\)$/.exec(message)?.[1]
  if (detail === 'Invalid EOF state') return { code: 'HPE_INVALID_EOF_STATE', detail }
  if (detail?.startsWith('Expected HTTP/')) return { code: 'HPE_INVALID_CONSTANT', data }
  return { code: name, ...(detail === undefined ? {} : { detail }) }
}

type ParserError = Error & { readonly data?: unknown }

function parserErrorIn(error: unknown): ParserError | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    if (current.name === 'HTTPParserError') return current
    current = current.cause
  }
  return undefined
}

function dataOf(error: unknown): unknown {
  return error instanceof Error ? (error as ParserError).data : undefined
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}
