import type { Operation, SecurityScheme } from '../document/index.ts'
import type { Text } from '../exchange/index.ts'
import { type CredentialUse, isProtected } from '../plan/index.ts'
import { type CredentialForm, formed, type Secret, type Target } from '../target/index.ts'

/** Where the document puts the credential of an operation, and how it is written there. */
export type CredentialPlace = {
  readonly in: 'header' | 'query' | 'cookie'
  readonly name: string
  readonly scheme: 'plain' | 'bearer' | 'basic'
}

/** How a key becomes a credential: the text before it, and the whole of it. */
export type Spelling = {
  readonly prefix: string
  readonly write: (key: string) => string
  /** The same for people, of a name that stands for the key. */
  readonly show: (name: string) => string
}

/**
 * Reads the first security requirement that one credential satisfies (OpenAPI 3.1, section 4.8.27).
 *
 * Bearer, OAuth 2 and OpenID Connect go into `Authorization` (RFC 6750, section 2.1), Basic too (RFC 7617).
 */
export function credentialPlace({ security }: Operation): CredentialPlace | undefined {
  for (const [scheme, ...others] of security) {
    const place = scheme !== undefined && others.length === 0 ? placeOf(scheme) : undefined
    if (place !== undefined) return place
  }
  return undefined
}

function placeOf(scheme: SecurityScheme): CredentialPlace | undefined {
  const authorization = { in: 'header', name: 'Authorization' } as const
  switch (scheme.kind) {
    case 'apiKey':
      return { in: scheme.in, name: scheme.parameter, scheme: 'plain' }
    case 'http': {
      const known = (['basic', 'bearer'] as const).find(
        (name) => name === scheme.scheme.toLowerCase(),
      )
      return known && { ...authorization, scheme: known }
    }
    case 'oauth2':
    case 'openIdConnect':
      return { ...authorization, scheme: 'bearer' }
    default:
      return undefined
  }
}

/** How a key is written at its place: as the suite says, else as the scheme prescribes. */
export function spellingAt(place: CredentialPlace, form: CredentialForm): Spelling {
  const { prefix, suffix } = formAt(place, form)
  if (isBasic(place, form)) {
    return {
      prefix: 'Basic ',
      write: (key) => `Basic ${Buffer.from(key, 'utf8').toString('base64')}`,
      show: (name) => `Basic base64(${name})`,
    }
  }
  const write = (key: string) => `${prefix}${key}${suffix}`
  return { prefix, write, show: write }
}

/** The form of a credential at its place: what the suite says, else what the scheme prescribes. */
export function formAt(place: CredentialPlace, form: CredentialForm): CredentialForm {
  if (place.scheme !== 'bearer' || form.prefix !== '') return form
  return { prefix: 'Bearer ', suffix: '' }
}

function isBasic({ scheme }: CredentialPlace, { prefix }: CredentialForm): boolean {
  return scheme === 'basic' && prefix === ''
}

/** The credential as it is written at its place. */
export function writeCredential(place: CredentialPlace, form: CredentialForm, key: Secret): Secret {
  if (!isBasic(place, form)) return formed(formAt(place, form), key)
  const { write, show } = spellingAt(place, form)
  return key.derive(show(key.name), write)
}

/** The configured credential as a header, for requests that are no step of a script. */
export function credentialHeader(
  operation: Operation,
  { credential, form }: Target,
): readonly (readonly [name: string, value: Text])[] {
  const place = credentialPlace(operation)
  if (place === undefined || place.in === 'query' || credential === undefined) return []
  const written = writeCredential(place, form, credential)
  return [place.in === 'cookie' ? ['cookie', cookie(place.name, written)] : [place.name, written]]
}

/** A cookie as its header holds it (RFC 6265, section 4.2.1). */
export function cookie(name: string, value: Text): Text {
  if (typeof value === 'string') return `${name}=${value}`
  return value.derive(`${name}=${value.name}`, (text) => `${name}=${text}`)
}

/** Every place in which an operation reads a credential. */
export function credentialPlaces({ security }: Operation): readonly CredentialPlace[] {
  return security.flat().flatMap((scheme) => placeOf(scheme) ?? [])
}

/** The names of the headers in which an operation reads credentials, in lower case. */
export function credentialHeaders(operation: Operation): ReadonlySet<string> {
  const headers = credentialPlaces(operation).filter((place) => place.in === 'header')
  return new Set(headers.map(({ name }) => lower(name)))
}

/** Why a target cannot show a credential to an operation that asks for one; undefined: it can. */
export function whyNoCredential(
  operation: Operation,
  target: Target,
  { kind }: CredentialUse,
): string | undefined {
  if (!isProtected(operation)) return undefined
  if (kind === 'configured' && isShownByHeaders(operation, target)) return undefined
  if (credentialPlace(operation) === undefined)
    return 'it needs a credential that no single header, query parameter or cookie holds'
  return kind === 'configured' && target.credential === undefined
    ? 'it needs a credential, and the target has none'
    : undefined
}

/** Whether the headers that a target always gets satisfy a security requirement. */
function isShownByHeaders({ security }: Operation, { headers }: Target): boolean {
  const names = new Set(headers.map(([name]) => lower(name)))
  return security.some((requirement) =>
    requirement.every((scheme) => {
      const place = placeOf(scheme)
      return place?.in === 'header' && names.has(lower(place.name))
    }),
  )
}

function lower(name: string): string {
  return name.toLowerCase()
}
