import { AssayError } from '../errors.ts'
import { collectBytes } from './collect-bytes.ts'
import { limits } from './limits.ts'
import { sourceErrors } from './source-errors.ts'

/**
 * Writes a URL as it may be shown: a user name, a password and every query value whose name speaks
 * of a credential become `***`. Also accepts what is no URL.
 */
export function showUrl(location: string): string {
  return location
    .replace(/^([a-z]+:\/\/)[^/?#]*@/i, '$1***@')
    .replace(/([?&][^=&#]*(?:key|token|secret|sig|auth|pass|cred)[^=&#]*=)[^&#]*/gi, '$1***')
}

export type FetchOptions = {
  readonly withinMs?: number
  /** An error of it that is called `Unreached` says why in its message. Default: that of the platform. */
  readonly fetch?: typeof fetch | undefined
}

/**
 * Fetches a text over HTTP, following redirects.
 *
 * A user name and password in the URL travel as Basic credentials (RFC 7617). Throws
 * SOURCE_NOT_FOUND (404, 410), SOURCE_TOO_LARGE, and SOURCE_UNREADABLE for any other status, an
 * unreachable host or an answer that is not complete in time.
 */
export async function fetchBytes(
  location: string,
  { withinMs = limits.fetchMs, fetch: ask = fetch }: FetchOptions = {},
): Promise<Uint8Array> {
  const name = showUrl(location)
  const { url, headers } = splitCredentials(location)
  try {
    const response = await ask(url, { headers, signal: AbortSignal.timeout(withinMs) })
    const { ok, status, statusText, body } = response
    if (!ok) {
      await body?.cancel()
      throw refusal(name, `${status} ${statusText}`.trim())
    }
    if (Number(response.headers.get('content-length')) > limits.bytes) {
      await body?.cancel()
      throw sourceErrors.tooLarge(name)
    }
    return body === null ? new Uint8Array() : await collectBytes(body, name)
  } catch (error) {
    if (error instanceof AssayError) throw error
    throw sourceErrors.unreadable(name, describeFailure(error, withinMs))
  }
}

/** `fetch` refuses a URL that holds credentials. */
function splitCredentials(location: string): {
  readonly url: URL
  readonly headers: Record<string, string>
} {
  if (!URL.canParse(location))
    throw sourceErrors.unreadable(showUrl(location), 'it is no valid URL')
  const url = new URL(location)
  if (url.username === '' && url.password === '') return { url, headers: {} }
  const pair = `${decodePart(url.username)}:${decodePart(url.password)}`
  url.username = ''
  url.password = ''
  return { url, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } }
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function refusal(name: string, status: string): AssayError {
  if (!/^4(?:04|10)\b/.test(status))
    return sourceErrors.unreadable(name, `the answer was ${status}`)
  return new AssayError(
    'SOURCE_NOT_FOUND',
    `${JSON.stringify(name)} does not exist: the answer was ${status}`,
  )
}

/** Only names a cause: the messages of `fetch` may quote the URL. */
function describeFailure(error: unknown, withinMs: number): string {
  if (!(error instanceof Error)) return 'the request failed'
  if (error.name === 'TimeoutError') return `no complete answer came within ${withinMs / 1000} s`
  if (error.name === 'Unreached') return error.message
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return code === '' ? 'the request failed' : `the request failed with ${code}`
}
