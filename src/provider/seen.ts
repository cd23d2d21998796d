import type { IncomingMessage } from 'node:http'

/** A request that arrived, as it stood on the wire. */
export type SeenRequest = {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Milliseconds since 1970. */
  readonly at: number
}

export type SeenLog = {
  record(request: IncomingMessage): void
  list(): readonly SeenRequest[]
}

type Entry = Omit<SeenRequest, 'headers'> & { readonly raw: readonly string[] }

/**
 * Remembers the latest requests, at most `limit` of them.
 *
 * Requests in a row often have the same headers; those are kept once, which spares memory and time.
 */
export function createSeenLog(limit = 100_000): SeenLog {
  const ring: Entry[] = []
  let next = 0
  let raw: readonly string[] = []

  return {
    record({ method = '', url = '', rawHeaders }) {
      if (!isSame(raw, rawHeaders)) raw = rawHeaders
      ring[next] = { method, url, raw, at: Date.now() }
      next = next + 1 === limit ? 0 : next + 1
    },
    list: () =>
      [...ring.slice(next), ...ring.slice(0, next)].map(({ method, url, raw, at }) => ({
        method,
        url,
        headers: pairs(raw),
        at,
      })),
  }
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((text, index) => text === others[index])
}

function pairs(raw: readonly string[]): SeenRequest['headers'] {
  const found: [string, string][] = []
  for (let index = 0; index < raw.length; index += 2) {
    found.push([raw[index] ?? '', raw[index + 1] ?? ''])
  }
  return found
}
