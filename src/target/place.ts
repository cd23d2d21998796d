import { isIPv6 } from 'node:net'

/** A host, an address without the brackets that it has in a URL, and a port. */
export type Place = { readonly host: string; readonly port: number }

/** Where a URL leads. A name that ends in a dot is the same name (RFC 1034, section 3.1). */
export function placeOf(url: string): Place {
  const { protocol, hostname, port } = new URL(url)
  return { host: bareHost(hostname), port: Number(port) || (protocol === 'https:' ? 443 : 80) }
}

/** Reads `host`, `host:port`, `[address]:port` or a bare address; without a port it is about any. */
export function parsePlace(text: string): {
  readonly host: string
  readonly port: number | undefined
} {
  const [, host = text, port] = (!isIPv6(text) && /^(\[.*\]|[^:]*):(\d+)$/.exec(text)) || []
  return { host: bareHost(host.toLowerCase()), port: port === undefined ? undefined : Number(port) }
}

/** Writes a place as it stands in a URL (RFC 3986, section 3.2). */
export function showPlace({ host, port }: Place): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`
}

function bareHost(host: string): string {
  return host.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}
