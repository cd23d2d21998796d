import { AssayError } from '../../errors.ts'
import {
  type Environment,
  type Proxies,
  proxyVariables,
  readProxies,
  readTrust,
  Secret,
  showAddress,
  type Trust,
} from '../../target/index.ts'

/** Where a broker is, and what it wants to see before it answers. */
export type BrokerAccess = {
  /** Without a slash at the end. */
  readonly url: string
  readonly authorization: Secret | undefined
  /** The way to it. Default: directly, its certificate verified. */
  readonly proxies?: Proxies | undefined
  readonly trust?: Trust | undefined
  /** The variables that pact-cli reads the same from, so that nothing of it is in an argument. */
  readonly variables: Environment
}

/**
 * Reads `PACT_BROKER_BASE_URL` and `PACT_BROKER_TOKEN`, or `PACT_BROKER_USERNAME` and
 * `PACT_BROKER_PASSWORD`; undefined: no broker is named.
 *
 * @throws AssayError BROKER_URL_INVALID, BROKER_CREDENTIAL_INVALID, PROXY_INVALID
 */
export function readBrokerAccess(environment: Environment): BrokerAccess | undefined {
  const base = environment.PACT_BROKER_BASE_URL
  if (!base) return undefined
  const url = readUrl(base)
  const token = environment.PACT_BROKER_TOKEN || undefined
  const user = environment.PACT_BROKER_USERNAME || undefined
  const password = environment.PACT_BROKER_PASSWORD || undefined
  if ((user === undefined) !== (password === undefined) || (token && user)) throw ambiguous()
  return {
    url,
    authorization: authorize(token, user, password),
    variables: {
      PACT_BROKER_BASE_URL: url,
      PACT_BROKER_TOKEN: token,
      PACT_BROKER_USERNAME: user,
      PACT_BROKER_PASSWORD: password,
      ...proxyVariables(environment, url),
    },
    proxies: readProxies(environment),
    trust: readTrust(undefined, environment),
  }
}

/** `Bearer` as RFC 6750, section 2.1, `Basic` as RFC 7617, section 2, has it. */
function authorize(token?: string, user?: string, password?: string): Secret | undefined {
  if (token !== undefined) return new Secret('$PACT_BROKER_TOKEN', `Bearer ${token}`, [token])
  if (user === undefined || password === undefined) return undefined
  const pair = Buffer.from(`${user}:${password}`).toString('base64')
  return new Secret('$PACT_BROKER_PASSWORD', `Basic ${pair}`, [pair, password])
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    `${url.username}${url.password}${url.search}${url.hash}` === ''
  if (isPlain) return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
  throw new AssayError(
    'BROKER_URL_INVALID',
    `PACT_BROKER_BASE_URL holds ${JSON.stringify(showAddress(text))}, which is no plain http or https URL`,
    {
      hint: 'write it like https://broker.example.com; user and password have variables of their own',
    },
  )
}

function ambiguous(): AssayError {
  return new AssayError('BROKER_CREDENTIAL_INVALID', 'it is not clear what to show the broker', {
    hint: 'set PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME with PACT_BROKER_PASSWORD, or none of them',
  })
}
