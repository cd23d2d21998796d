import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { type HttpProxy, type Place, placeOf, proxyFor, type Target } from '../target/index.ts'
import { openTunnel } from './tunnel.ts'

/** Opens a connection to one origin over which requests can be sent; an error is a `ConnectError`. */
export type Connect = (signal?: AbortSignal) => Promise<Socket>

/** What was being done when a connection could not be made. */
export type Step =
  | { readonly kind: 'proxy'; readonly proxy: HttpProxy }
  | { readonly kind: 'tunnel'; readonly proxy: HttpProxy; readonly to: Place }
  | { readonly kind: 'connection'; readonly to: Place }
  | { readonly kind: 'handshake'; readonly to: Place; readonly proxy?: HttpProxy | undefined }

/** Why there is no connection: what was being done, what was met there, and the certificate, if one was shown. */
export class ConnectError extends Error {
  readonly step: Step
  readonly certificate: Certificate | undefined

  constructor(step: Step, cause: unknown, certificate: Certificate | undefined) {
    super('no connection was made', { cause })
    this.name = 'ConnectError'
    this.step = step
    this.certificate = certificate
  }
}

/** What a certificate says of itself. */
export type Certificate = {
  readonly validFrom: string
  readonly validTo: string
  readonly issuer: string
  readonly names: readonly string[]
}

/** No step ended within the time that all have (milliseconds). */
export class Late extends Error {
  readonly ms: number

  constructor(ms: number) {
    super(`${ms} ms`)
    this.name = 'Late'
    this.ms = ms
  }
}

type Ways = Pick<Target, 'proxies' | 'trust'> & {
  readonly limits: Pick<Target['limits'], 'connectTimeout'>
}

/** The only way out to a target: directly or through its proxy, plain or over TLS, all within its time. */
export function connectorTo(origin: string, { proxies, trust, limits }: Ways): Connect {
  const to = placeOf(origin)
  const proxy = proxyFor(proxies, origin)
  const isSecure = origin.startsWith('https:')
  let session: Buffer | undefined

  return async (signal) => {
    const timer = new AbortController()
    const late = setTimeout(
      () => timer.abort(new Late(limits.connectTimeout)),
      limits.connectTimeout,
    )
    const stop = signal === undefined ? timer.signal : AbortSignal.any([signal, timer.signal])
    let step: Step = proxy ? { kind: 'proxy', proxy } : { kind: 'connection', to }
    let shown: Certificate | undefined
    let socket: Socket | undefined
    try {
      socket = await openPlain(proxy ?? to, stop)
      if (proxy !== undefined) {
        if (proxy.secure)
          socket = await openSecure({ socket, ...names(proxy) }, stop, (each) => (shown = each))
        step = { kind: 'tunnel', proxy, to }
        shown = undefined
        socket = await openTunnel(socket, { proxy, to, signal: stop })
      }
      if (!isSecure) return socket
      step = { kind: 'handshake', to, proxy }
      const options = { socket, session, rejectUnauthorized: trust?.unverified === undefined }
      const secured = await openSecure({ ...options, ...names(to) }, stop, (each) => (shown = each))
      secured.on('session', (fresh) => {
        session = fresh
      })
      return secured
    } catch (error) {
      socket?.destroy()
      session = undefined
      throw new ConnectError(step, error, shown)
    } finally {
      clearTimeout(late)
    }
  }
}

/** An address has no name that it could be asked for by (RFC 6066, section 3), but is verified all the same. */
function names({ host }: Place): ConnectionOptions {
  return { host, ...(isIP(host) === 0 ? { servername: host } : {}) }
}

/** As much is read at once (bytes). */
const reading = { highWaterMark: 64 * 1024 }

function openPlain({ host, port }: Place, stop: AbortSignal): Promise<Socket> {
  const socket = connectPlain({ ...reading, host, port, noDelay: true })
  socket.setKeepAlive(true, 60_000)
  return opened(socket, 'connect', stop)
}

function openSecure(
  options: ConnectionOptions,
  stop: AbortSignal,
  look: (certificate: Certificate | undefined) => void,
): Promise<TLSSocket> {
  const socket = connectTls({ ...options, ALPNProtocols: ['http/1.1'] })
  // A certificate that is not accepted is gone with its connection.
  socket.prependOnceListener('secure', () => look(certificateOf(socket)))
  return opened(socket, 'secureConnect', stop)
}

function opened<S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  stop: AbortSignal,
): Promise<S> {
  return new Promise((resolve, reject) => {
    const end = () => void socket.destroy(stop.reason)
    const settle = (outcome: () => void) => {
      stop.removeEventListener('abort', end)
      outcome()
    }
    // It stays, for until somebody reads from the connection nobody else would listen.
    socket.on('error', (error) => settle(() => reject(error)))
    socket.once('close', () => settle(() => reject(new Error('closed'))))
    socket.once(event, () => settle(() => resolve(socket)))
    stop.addEventListener('abort', end, { once: true })
    if (stop.aborted) end()
  })
}

function certificateOf(socket: TLSSocket): Certificate | undefined {
  const shown = socket.getPeerCertificate()
  if (shown?.subject === undefined) return undefined
  const { subject, issuer, valid_from: validFrom, valid_to: validTo, subjectaltname } = shown
  const names = (subjectaltname ?? '').split(', ').map((name) => name.replace(/^[A-Za-z ]+:/, ''))
  return {
    validFrom,
    validTo,
    issuer: [issuer.CN ?? issuer.O ?? []].flat().join(),
    names: subjectaltname === undefined ? [subject.CN ?? []].flat() : names,
  }
}
