import type { FailureCause } from './exchange.ts'
import type { Repeatable } from './retry.ts'

/** Why an exchange failed: a cause a reader can act on, a sentence, and whether the request was sent at all. */
export type Failure = {
  readonly cause: FailureCause
  readonly reason: string
  /** false: no connection was made, so the target cannot have acted on the request. */
  readonly reached: boolean
  /** Why the same request may be sent again. */
  readonly repeatable?: Repeatable | undefined
}

const causes: readonly (readonly [cause: FailureCause, codes: RegExp])[] = [
  ['dns', /^(ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL|EBADNAME)$/],
  [
    'refused',
    /^(EACCES|EADDRNOTAVAIL|ECONNREFUSED|EPERM|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/,
  ],
  ['tls', /^(CERT_\w+|\w+_CERT|\w*SELF_SIGNED\w*|UNABLE_TO_\w+|ERR_TLS_\w+|ERR_SSL_\w+|EPROTO)$/],
  ['tls', /^(HOSTNAME_MISMATCH|CRL_\w+|\w*CERTIFICATE\w*|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/],
  ['timeout', /^(UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|ETIMEDOUT)$/],
  ['reset', /^HPE_INVALID_EOF_STATE$/],
  ['not-http', /^HPE_INVALID_CONSTANT$/],
  ['oversize', /^(HPE_HEADER_OVERFLOW|UND_ERR_HEADERS_OVERFLOW)$/],
  ['framing', /^(HPE_\w+|HTTPParserError|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/],
  ['reset', /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|ECONNABORTED|UND_ERR_CLOSED|UND_ERR_DESTROYED)$/],
]

const sentences: Readonly<Record<FailureCause, string>> = {
  dns: 'the host name has no address',
  refused: 'the connection was refused',
  tls: 'no trusted TLS connection could be made',
  timeout: 'no answer came in time',
  reset: 'the connection was closed before the answer was complete',
  framing: 'the answer is not well-formed HTTP',
  'not-http': 'the answer is no HTTP',
  oversize: 'the answer is larger than is read',
  throttled: 'it asks for patience',
  stopped: 'it was stopped',
}

/**
 * Classifies what the connection pool threw; undefined: it is no failure of the network.
 *
 * A wrong length is two lengths that differ, or, once the head of the answer came, a body cut off.
 */
export function classifyFailure(
  error: unknown,
  { origin, headCame }: { readonly origin: string; readonly headCame: boolean },
): Failure | undefined {
  const { code, detail = code } = read(error)
  const isCutOff = headCame && code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
  const cause = isCutOff ? 'reset' : causes.find(([, codes]) => codes.test(code))?.[0]
  if (cause === undefined) return undefined
  const reached = !['dns', 'refused', 'tls'].includes(cause) && code !== 'UND_ERR_CONNECT_TIMEOUT'
  const reason = `${sentences[cause]} (${detail})`
  return { cause, reached, reason: reached ? reason : `${origin} cannot be reached: ${reason}` }
}

/** A failure that we brought about ourselves. */
export function ownFailure(
  cause: 'timeout' | 'oversize' | 'stopped',
  detail: string,
  reached = true,
): Failure {
  return { cause, reason: `${sentences[cause]} (${detail})`, reached }
}

function read(error: unknown): { readonly code: string; readonly detail?: string | undefined } {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    if (current.name === 'HTTPParserError') return readParserError(current)
    const code = (current as NodeJS.ErrnoException).code
    if (typeof code === 'string') return { code }
    const inner: unknown = current instanceof AggregateError ? current.errors[0] : current.cause
    if (inner === undefined) return { code: current.name }
    current = inner
  }
  return { code: 'unknown' }
}

/** The parser writes what was wrong in parentheses; an end that came too early is no fault of the text. */
function readParserError({ name, message }: Error) {
  const detail = /\(([^()]+)\)$/.exec(message)?.[1]
  if (detail === 'Invalid EOF state') return { code: 'HPE_INVALID_EOF_STATE', detail }
  if (detail?.startsWith('Expected HTTP/')) return { code: 'HPE_INVALID_CONSTANT' }
  return { code: name, detail }
}
