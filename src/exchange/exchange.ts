import type { Secret } from '../target/index.ts'

/** Text that may have to stay unseen. */
export type Text = string | Secret

/** A request to be sent, byte for byte: nothing in it is resolved or normalized on the way. */
export type Request = {
  readonly method: string
  /** Scheme, host and path prefix. */
  readonly baseUrl: string
  /** The path as it goes over the wire, percent-encoded, without query. */
  readonly path: string
  readonly query?: readonly (readonly [name: string, value: Text])[]
  readonly headers: readonly (readonly [name: string, value: Text])[]
  /** Sent as JSON; secrets in it are opened on the wire only. */
  readonly body?: unknown
  /** In place of `body`: sent as it is, in the media type that the headers name. */
  readonly content?: Text | Uint8Array
}

/** A request as it was sent, each secret replaced by its name. */
export type RecordedRequest = {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: string
}

/** A response as it was received, decoded by its `Content-Encoding`, each secret replaced by `***`. */
export type Response = {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array
  /** Why the body could not be decoded (RFC 9110, section 8.4), when it could not. */
  readonly undecodable?: string
  /** What is wrong with how it was sent (RFC 9112); none: nothing that was seen. */
  readonly flaws?: readonly Flaw[]
  /** Where a secret came back. */
  readonly disclosed: readonly Disclosure[]
}

/** `whole`: a secret or one of its encodings; `part`: a run of its characters. */
export type Disclosure = {
  readonly secret: string
  readonly where: string
  readonly extent?: 'whole' | 'part'
}

/** `cut`: its content is not complete; `wire`: it is not framed as HTTP/1.1 asks. */
export type Flaw = {
  readonly kind: 'cut' | 'wire'
  readonly what: string
  readonly level?: 'should'
}

export type FailureCause =
  | 'dns'
  | 'refused'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'framing'
  | 'not-http'
  | 'oversize'
  | 'throttled'
  | 'stopped'

/** What came of a request before it was sent again: a 429, or nothing because its connection failed. */
export type Attempt =
  | { readonly kind: 'throttled'; readonly ms: number; readonly response: Response }
  | { readonly kind: 'lost'; readonly cause: FailureCause; readonly reason: string }

/**
 * One request, what came of it, and how long that took (milliseconds): where it was sent several
 * times, the last time.
 */
export type Exchange = {
  readonly request: RecordedRequest
  readonly startedAt: number
  readonly ms: number
  /** Whether a connection was opened for it alone, though others are kept; its time is in `ms`. */
  readonly fresh?: true
  /** What came of it the times before; none: it was sent once. */
  readonly attempts?: readonly Attempt[]
} & (
  | { readonly kind: 'answered'; readonly response: Response }
  | {
      readonly kind: 'failed'
      readonly cause: FailureCause
      readonly reason: string
      /** false: it was not sent, so the target cannot have acted on the request. */
      readonly reached: boolean
    }
)

const none: readonly string[] = []

/** All values of a header, in the order received; names compare without case (RFC 9110, section 5.1). */
export function headerValues(response: Response, name: string): readonly string[] {
  const wanted = name.toLowerCase()
  let values: string[] | undefined
  for (const [key, value] of response.headers) {
    if (key.length !== wanted.length || key.toLowerCase() !== wanted) continue
    values ??= []
    values.push(value)
  }
  return values ?? none
}
