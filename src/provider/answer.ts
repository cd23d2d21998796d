/** What is answered, before it is written as bytes. */
export type Answer = {
  readonly status: number
  /** A JSON value; undefined: no content. */
  readonly body: unknown
  readonly headers?: readonly Header[]
}

export type Header = readonly [name: string, value: string]

/** A success in the envelope that the document promises: `{success: true, data}`. */
export function succeed(data: unknown, status = 200): Answer {
  return { status, body: { success: true, data } }
}

/** A failure in the envelope that the document promises: `{success: false, error}`. */
export function refuse(status: number, error: string, headers: readonly Header[] = []): Answer {
  return { status, body: { success: false, error }, headers }
}

export const deleted = succeed({ message: 'API token deleted' })

/** A 401 names how to authenticate (RFC 9110, section 15.5.2). */
export const unauthorized = refuse(401, 'Invalid or missing authentication credentials', [
  ['WWW-Authenticate', 'ApiKey'],
])

export const notFound = refuse(404, 'API token not found')

export const internalError = refuse(500, 'Internal server error')
