import type { Document } from '../document/index.ts'
import { AssayError } from '../errors.ts'
import { type Environment, expand, variablesIn } from './environment.ts'

/**
 * Reads the base URL of a target: scheme, host and path prefix, without a slash at the end.
 *
 * @throws AssayError TARGET_URL_MISSING where a variable in it is not set; TARGET_URL_INVALID
 */
export function readBaseUrl(name: string, text: string, environment: Environment): string {
  const missing = variablesIn(text).filter((variable) => !environment[variable])
  if (missing.length > 0) {
    throw new AssayError('TARGET_URL_MISSING', `target ${name} needs a base URL`, {
      hint: `set ${missing.join(' and ')} to it, or give it with -u URL`,
    })
  }
  return readUrl(name, expand(name, text, environment), 'a base URL').replace(/\/+$/, '')
}

/** Reads a state URL; one without scheme and host continues the base URL. */
export function readStatesUrl(
  name: string,
  text: string,
  baseUrl: string,
  environment: Environment,
): string {
  const url = expand(name, text, environment)
  const whole = URL.canParse(url) ? url : `${baseUrl}/${url.replace(/^\/+/, '')}`
  return readUrl(name, whole, 'a state URL')
}

function readUrl(name: string, text: string, kind: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new AssayError(
      'TARGET_URL_INVALID',
      `target ${name}: ${JSON.stringify(showAddress(text))} is no http or https URL`,
      { hint: 'write it with its scheme, such as https://staging.example.com' },
    )
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new AssayError(
      'TARGET_URL_INVALID',
      `target ${name}: ${kind} holds no user, password, query or fragment`,
      { hint: 'a credential goes into an environment variable, named with --api-key-env' },
    )
  }
  return `${url.origin}${url.pathname}`
}

/** Writes what may be no URL without the parts that may hold a credential. */
export function showAddress(text: string): string {
  return text.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1***@')
}

/**
 * Whether a URL is on a host that the document publishes as a server: that is production.
 *
 * Servers stand at the top, at a path and at an operation, and `{variable}` in one stands for any
 * text (OpenAPI 3.1, section 4.8.5). A relative one names no host: it goes wherever its document is.
 */
export function isDocumentedServer({ root }: Document, baseUrl: string): boolean {
  const host = hostOf(baseUrl)
  return serversIn(root).some((url) =>
    /[{}]/.test(url) ? matchesTemplate(url, host) : URL.canParse(url) && hostOf(url) === host,
  )
}

/** Host and port; a name that ends in a dot is the same name (RFC 1034, section 3.1). */
function hostOf(url: string): string {
  return new URL(url).host.replace(/\.(?=:|$)/, '')
}

function matchesTemplate(url: string, host: string): boolean {
  const written = /^(?:[a-z]+|\{[^}]*\}):\/\/([^/?#]*)/i.exec(url)?.[1]
  if (written === undefined) return false
  const pattern = written
    .toLowerCase()
    .split(/\{[^}]*\}/)
    .map((part) => part.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${pattern}$`).test(host)
}

function serversIn(root: unknown): readonly string[] {
  const paths = Object.values(membersOf(membersOf(root).paths)).map(membersOf)
  const operations = paths.flatMap((item) => Object.values(item).map(membersOf))
  return [membersOf(root), ...paths, ...operations].flatMap(({ servers }) =>
    (Array.isArray(servers) ? servers : []).flatMap((server) => {
      const { url } = membersOf(server)
      return typeof url === 'string' ? [url] : []
    }),
  )
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
