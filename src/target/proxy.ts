import { BlockList, isIP } from 'node:net'
import { AssayError } from '../errors.ts'
import { showAddress } from './address.ts'
import type { Environment } from './environment.ts'
import { type Place, parsePlace, placeOf, showPlace } from './place.ts'
import { Secret } from './secret.ts'

/** A proxy that opens tunnels (RFC 9110, section 9.3.6). */
export type HttpProxy = Place & {
  /** Host and port: how it is called. */
  readonly name: string
  readonly secure: boolean
  /** What it wants to see in `Proxy-Authorization`. */
  readonly authorization: Secret | undefined
}

/** Which connections go through which proxy. */
export type Proxies = {
  readonly http: HttpProxy | undefined
  readonly https: HttpProxy | undefined
  /** What is reached without one, as `NO_PROXY` lists it. */
  readonly except: readonly string[]
}

/**
 * Reads `HTTPS_PROXY`, `HTTP_PROXY`, for both `ALL_PROXY`, and `NO_PROXY`; in lower case they go first.
 *
 * @throws AssayError PROXY_INVALID for what is no address of an http or https proxy
 */
export function readProxies(environment: Environment): Proxies | undefined {
  const [http, https] = ['HTTP_PROXY', 'HTTPS_PROXY'].map((name) => {
    const found = variable(environment, name, 'ALL_PROXY')
    return found && readProxy(...found)
  })
  if (http === undefined && https === undefined) return undefined
  const [, listed = ''] = variable(environment, 'NO_PROXY') ?? []
  const except = listed.toLowerCase().split(/[\s,]+/)
  return { http, https, except: except.filter((each) => each !== '') }
}

/** The proxy through which a URL is reached; undefined: it is reached directly. */
export function proxyFor(proxies: Proxies | undefined, url: string): HttpProxy | undefined {
  if (proxies === undefined) return undefined
  const place = placeOf(url)
  if (proxies.except.some((entry) => covers(entry, place))) return undefined
  return url.startsWith('https:') ? proxies.https : proxies.http
}

/** What makes another program go to a URL as we do, with no exceptions of its own. */
export function proxyVariables(environment: Environment, url: string): Environment {
  if (proxyFor(readProxies(environment), url) === undefined) return {}
  const name = url.startsWith('https:') ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  return { [name.toLowerCase()]: variable(environment, name, 'ALL_PROXY')?.[1] }
}

/** The first of some variables that is set, in lower or upper case. */
function variable(
  environment: Environment,
  ...names: readonly string[]
): readonly [name: string, value: string] | undefined {
  const found = names
    .flatMap((name) => [name.toLowerCase(), name])
    .find((each) => environment[each])
  return found === undefined ? undefined : [found, environment[found] ?? '']
}

function readProxy(variable: string, value: string): HttpProxy {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new AssayError(
      'PROXY_INVALID',
      `${variable} holds ${JSON.stringify(showAddress(value))}, which is no address of an http or https proxy`,
      { hint: 'write it like http://proxy.example.com:3128; NO_PROXY lists what needs none' },
    )
  }
  const place = placeOf(text)
  return {
    name: showPlace(place),
    ...place,
    secure: url.protocol === 'https:',
    authorization: authorize(variable, url),
  }
}

/** `Basic` as RFC 7617, section 2, has it. */
function authorize(variable: string, { username, password }: URL): Secret | undefined {
  if (username === '' && password === '') return undefined
  const [user, word] = [decode(username), decode(password)]
  const pair = Buffer.from(`${user}:${word}`).toString('base64')
  const secret = password === '' ? [user, username] : [word, password]
  return new Secret(`$${variable}`, `Basic ${pair}`, [pair, ...secret])
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Whether an entry of `NO_PROXY` is about a place: `*`, a name and all below it, an address, a network. */
function covers(entry: string, { host, port }: Place): boolean {
  if (entry === '*') return true
  const { host: named, port: only } = parsePlace(entry)
  if (only !== undefined && only !== port) return false
  if (isIP(host) !== 0) return isWithin(host, named)
  const name = named.replace(/^\*?\./, '')
  return name !== '' && (host === name || host.endsWith(`.${name}`))
}

function isWithin(address: string, network: string): boolean {
  const [base = '', bits] = network.split('/')
  const family = isIP(base)
  if (family === 0 || family !== isIP(address)) return false
  const kind = family === 4 ? 'ipv4' : 'ipv6'
  const most = family === 4 ? 32 : 128
  const prefix = bits === undefined ? most : Number(bits)
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > most) return false
  const list = new BlockList()
  list.addSubnet(base, prefix, kind)
  return list.check(address, kind)
}
