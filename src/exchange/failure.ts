import type { FailureCause } from './exchange.ts'

const causes: readonly (readonly [cause: FailureCause, codes: RegExp])[] = [
  ['dns', /^(ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL|EBADNAME)$/],
  ['refused', /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/],
  [
    'tls',
    /^(CERT_\w+|\w+_CERT|\w*SELF_SIGNED\w*|UNABLE_TO_\w+|ERR_TLS_\w+|ERR_SSL_\w+|EPROTO|HOSTNAME_MISMATCH)$/,
  ],
  ['tls', /^(CRL_\w+|\w*CERTIFICATE\w*|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/],
  ['timeout', /^(UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|ETIMEDOUT)$/],
  ['framing', /^(HPE_\w+|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|UND_ERR_HEADERS_OVERFLOW)$/],
  ['reset', /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|ECONNABORTED|UND_ERR_CLOSED|UND_ERR_DESTROYED)$/],
]

const sentences: Readonly<Record<FailureCause, string>> = {
  dns: 'the host name has no address',
  refused: 'the connection was refused',
  tls: 'no trusted TLS connection could be made',
  timeout: 'no answer came in time',
  reset: 'the connection was closed before the answer was complete',
  framing: 'the answer is not well-formed HTTP',
  oversize: 'the answer is larger than is read',
  stopped: 'the run was stopped',
}

/** Why an exchange failed, as one of the causes a reader can act on, and in one sentence. */
export function classifyFailure(error: unknown): {
  readonly cause: FailureCause
  readonly reason: string
} {
  const code = codeOf(error)
  const cause = causes.find(([, codes]) => codes.test(code))?.[0] ?? 'reset'
  return { cause, reason: describeFailure(cause, code) }
}

export function describeFailure(cause: FailureCause, detail = ''): string {
  return detail === '' ? sentences[cause] : `${sentences[cause]} (${detail})`
}

function codeOf(error: unknown): string {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    const code = (current as NodeJS.ErrnoException).code
    if (typeof code === 'string') return code
    const inner: unknown = current instanceof AggregateError ? current.errors[0] : current.cause
    if (inner === undefined) return current.name
    current = inner
  }
  return 'unknown'
}
