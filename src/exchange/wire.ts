import type { Dispatcher } from 'undici'
import { isMadeUp, reveal, Secret } from '../target/index.ts'
import type { RecordedRequest, Request, Text } from './exchange.ts'
import type { Mask } from './mask.ts'

/** Opens the secrets of a request and writes it as the connection pool takes it. */
export function toWire(request: Request, prefix: string, userAgent: string) {
  const query = (request.query ?? [])
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(open(value))}`)
    .join('&')
  const given = new Set(request.headers.map(([name]) => name.toLowerCase()))
  const ours: [string, string][] = [
    ['user-agent', userAgent],
    ['accept-encoding', 'gzip, deflate, br'],
    ...(request.body === undefined
      ? []
      : [['content-type', 'application/json'] as [string, string]]),
  ]
  const headers = ours.filter(([name]) => !given.has(name)).flat()
  for (const [name, value] of request.headers) headers.push(name, open(value))
  return {
    method: request.method as Dispatcher.HttpMethod,
    path: `${`${prefix}${request.path}` || '/'}${query === '' ? '' : `?${query}`}`,
    headers,
    ...bodyOf(request),
  }
}

function bodyOf({ body, content }: Request): { readonly body?: string | Uint8Array } {
  if (content !== undefined)
    return { body: content instanceof Uint8Array ? content : open(content) }
  return body === undefined ? {} : { body: JSON.stringify(opened(body)) }
}

function open(text: Text): string {
  return text instanceof Secret ? reveal(text) : text
}

function opened(value: unknown): unknown {
  return mapTexts(value, open)
}

function mapTexts(value: unknown, map: (text: Text) => string): unknown {
  if (value instanceof Secret || typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, mapTexts(child, map)]),
  )
}

/** Every secret that a request carries and that must not be seen. */
export function secretsIn(request: Request): readonly Secret[] {
  const found: Secret[] = []
  const note = (text: Text) => {
    if (text instanceof Secret && !isMadeUp(text)) found.push(text)
    return ''
  }
  for (const [, value] of request.headers) note(value)
  for (const [, value] of request.query ?? []) note(value)
  if (request.content instanceof Secret) note(request.content)
  if (request.body !== undefined) mapTexts(request.body, note)
  return found
}

/** Writes a request as it may be shown: each secret by its name. */
export function record(request: Request, mask: Mask): RecordedRequest {
  const show = (text: Text) => (text instanceof Secret ? text.name : mask.own(text))
  const query = (request.query ?? [])
    .map(([name, value]) => {
      const shown = value instanceof Secret ? value.name : encodeURIComponent(show(value))
      return `${encodeURIComponent(name)}=${shown}`
    })
    .join('&')
  return {
    method: request.method,
    url: `${request.baseUrl}${show(request.path)}${query === '' ? '' : `?${query}`}`,
    headers: request.headers.map(([name, value]) => [name, show(value)]),
    ...shownBody(request, show),
  }
}

function shownBody(
  { body, content }: Request,
  show: (text: Text) => string,
): Pick<RecordedRequest, 'body'> {
  if (content === undefined)
    return body === undefined ? {} : { body: JSON.stringify(mapTexts(body, show)) }
  return {
    body: show(content instanceof Uint8Array ? Buffer.from(content).toString('utf8') : content),
  }
}
