import { STATUS_CODES } from 'node:http'
import { type HttpProxy, showPlace } from '../target/index.ts'
import { type Certificate, type ConnectError, Late, type Step } from './connect.ts'
import type { FailureCause } from './exchange.ts'
import { describeTls } from './tls-failure.ts'
import { TunnelRefused } from './tunnel.ts'

export type Unconnected = { readonly cause: FailureCause; readonly reason: string }

/** Says in one line why there is no connection to an origin, and whose failure that is; undefined: it is no failure of the network. */
export function describeUnconnected(
  { step, cause, certificate }: ConnectError,
  origin?: string,
): Unconnected | undefined {
  if (step.kind === 'tunnel') return noTunnel(cause, step)
  const met = cause instanceof Late ? late(cause, step) : describe(cause, step, certificate)
  if (met === undefined) return undefined
  if (step.kind === 'proxy')
    return {
      cause: 'proxy',
      reason: `the proxy ${step.proxy.name} cannot be reached: ${met.reason}`,
    }
  const by = step.kind === 'handshake' && step.proxy ? `, through the proxy ${step.proxy.name}` : ''
  const at = origin === undefined ? '' : `${origin} cannot be reached${by}: `
  return { ...met, reason: `${at}${met.reason}` }
}

function late({ ms }: Late, { kind }: Step): Unconnected {
  const what = kind === 'handshake' ? 'the TLS handshake did not end' : 'no connection was made'
  return { cause: 'timeout', reason: `${what} within ${ms} ms` }
}

const causes: readonly (readonly [cause: FailureCause, codes: RegExp, sentence: string])[] = [
  ['dns', /^(ENOTFOUND|ENODATA|EBADNAME)$/, 'the host name has no address; is it spelt right?'],
  ['dns', /^(EAI_\w+|ESERVFAIL)$/, 'the resolver of this machine gave no answer'],
  ['refused', /^ECONNREFUSED$/, 'the connection was refused'],
  ['refused', /^(E(HOST|NET)(UNREACH|DOWN))$/, 'no way leads there'],
  ['refused', /^(EACCES|EPERM)$/, 'this machine may not connect there'],
  ['refused', /^EADDRNOTAVAIL$/, 'this machine has no address or port left to connect from'],
  ['timeout', /^ETIMEDOUT$/, 'no connection was made in time'],
  ['reset', /^(ECONNRESET|EPIPE|ECONNABORTED)$/, 'the connection was reset at once'],
]

const other = ['refused', /./, 'no connection could be made'] as const

function describe(
  error: unknown,
  step: Step,
  certificate: Certificate | undefined,
): Unconnected | undefined {
  const code = codeOf(error)
  if (step.kind === 'handshake' || (step.kind === 'proxy' && step.proxy.secure)) {
    const { host } = 'to' in step ? step.to : step.proxy
    const reason = describeTls(error, { code, host, certificate })
    if (reason !== undefined) return { cause: 'tls', reason }
  }
  if (code === '') return undefined
  const [cause, , sentence] = causes.find(([, codes]) => codes.test(code)) ?? other
  return { cause, reason: `${sentence} (${code})` }
}

function noTunnel(
  error: unknown,
  { proxy, to }: Extract<Step, { kind: 'tunnel' }>,
): Unconnected | undefined {
  const said = (what: string) => ({
    cause: 'proxy' as const,
    reason: `the proxy ${proxy.name} ${what}`,
  })
  const tunnel = `tunnel to ${showPlace(to)}`
  if (error instanceof TunnelRefused) return said(refused(error, tunnel, proxy))
  if (error instanceof Late) return said(`did not open the ${tunnel} within ${error.ms} ms`)
  const code = codeOf(error)
  if (code.startsWith('HPE_')) return said(`answered no HTTP when asked for a ${tunnel}`)
  if (/^(ECONNRESET|EPIPE|ECONNABORTED)$/.test(code))
    return said(`closed the connection when asked for a ${tunnel} (${code})`)
  return undefined
}

/** What stands beside the number in an answer is not shown: it may be anything. */
function refused({ status }: TunnelRefused, tunnel: string, { authorization }: HttpProxy): string {
  const shown = `${status} ${STATUS_CODES[status] ?? ''}`.trim()
  if (status >= 500) return `could not open the ${tunnel}: ${shown}`
  if (status !== 407) return `refused the ${tunnel}: ${shown}`
  const word = authorization === undefined ? 'wants' : 'does not accept its'
  return `refused the ${tunnel}: ${shown}; it ${word} user and password, which stand in its address`
}

/** The code of an error, of the first of several, or of what led to it. */
export function codeOf(error: unknown): string {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    const { code } = current as NodeJS.ErrnoException
    const inner: unknown = current instanceof AggregateError ? current.errors[0] : current.cause
    if (typeof code === 'string' && !(current instanceof AggregateError)) return code
    if (inner === undefined) return typeof code === 'string' ? code : ''
    current = inner
  }
  return ''
}
