import type { Operation, SecurityScheme } from '../document/index.ts'
import { type CredentialForm, formed, type Secret, type Target } from '../target/index.ts'

/** Where the document puts the credential of an operation, and how it is written there. */
export type CredentialPlace = {
  readonly in: 'header' | 'query' | 'cookie'
  readonly name: string
  readonly scheme: 'plain' | 'bearer' | 'basic'
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
    case 'http':
      return {
        ...authorization,
        scheme: scheme.scheme.toLowerCase() === 'basic' ? 'basic' : 'bearer',
      }
    case 'oauth2':
    case 'openIdConnect':
      return { ...authorization, scheme: 'bearer' }
    default:
      return undefined
  }
}

/** The form of a credential at its place: what the suite says, else what the scheme prescribes. */
export function formAt(place: CredentialPlace, form: CredentialForm): CredentialForm {
  if (place.scheme !== 'bearer' || form.prefix !== '') return form
  return { prefix: 'Bearer ', suffix: '' }
}

/** The credential as it is written at its place. */
export function writeCredential(place: CredentialPlace, form: CredentialForm, key: Secret): Secret {
  if (place.scheme !== 'basic') return formed(formAt(place, form), key)
  return key.derive(
    `Basic ${key.name}`,
    (text) => `Basic ${Buffer.from(text, 'utf8').toString('base64')}`,
  )
}

/** The configured credential as a header, for requests that are no step of a script. */
export function credentialHeader(
  operation: Operation,
  { credential, form }: Target,
): readonly (readonly [name: string, value: Secret])[] {
  const place = credentialPlace(operation)
  if (place?.in !== 'header' || credential === undefined) return []
  return [[place.name, writeCredential(place, form, credential)]]
}
