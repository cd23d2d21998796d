import { request } from 'node:http'
import type { Socket } from 'node:net'
import { type HttpProxy, type Place, reveal, showPlace } from '../target/index.ts'

/** A proxy answered that it opens no tunnel. */
export class TunnelRefused extends Error {
  readonly status: number

  constructor(status: number) {
    super(`${status}`)
    this.name = 'TunnelRefused'
    this.status = status
  }
}

/**
 * Asks a proxy, over a connection to it, for a tunnel to a place (RFC 9110, section 9.3.6).
 *
 * Its credential goes to the proxy alone: what is sent later goes through the tunnel.
 */
export function openTunnel(
  socket: Socket,
  {
    proxy,
    to,
    signal,
  }: { readonly proxy: HttpProxy; readonly to: Place; readonly signal: AbortSignal },
): Promise<Socket> {
  const place = showPlace(to)
  const { authorization } = proxy
  return new Promise((resolve, reject) => {
    const asked = request({
      method: 'CONNECT',
      path: place,
      setHost: false,
      headers: {
        host: place,
        ...(authorization ? { 'proxy-authorization': reveal(authorization) } : {}),
      },
      createConnection: () => socket,
    })
    const stop = () => void asked.destroy(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    asked.once('error', (error) => {
      signal.removeEventListener('abort', stop)
      reject(error)
    })
    asked.once('connect', ({ statusCode = 0 }, _, rest) => {
      signal.removeEventListener('abort', stop)
      if (statusCode < 200 || statusCode > 299) return reject(new TunnelRefused(statusCode))
      if (rest.length > 0) socket.unshift(rest)
      resolve(socket)
    })
    asked.end()
  })
}
