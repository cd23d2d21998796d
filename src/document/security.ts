import { AssayError } from '../errors.ts'
import { nearest } from './nearest.ts'
import { followRef, type Reading } from './reading.ts'
import {
  expectItems,
  expectMembers,
  expectObject,
  expectText,
  expectWord,
  memberAt,
  type Spot,
} from './shape.ts'

/** The schemes that a request must satisfy together; none means that anonymous use is allowed. */
export type SecurityRequirement = readonly SecurityScheme[]

/** A security scheme as one requirement uses it (OpenAPI 3.1, section 4.8.27). */
export type SecurityScheme = {
  /** Its key under `components/securitySchemes`. */
  readonly name: string
  readonly scopes: readonly string[]
} & SchemeForm

type SchemeForm =
  | {
      readonly kind: 'apiKey'
      readonly in: 'header' | 'query' | 'cookie'
      /** The name of the header, query parameter or cookie. */
      readonly parameter: string
    }
  | {
      readonly kind: 'http'
      /** As RFC 9110, section 11.1, registers it: `basic`, `bearer`. */
      readonly scheme: string
    }
  | { readonly kind: 'oauth2' | 'openIdConnect' | 'mutualTLS' }

const kinds = ['apiKey', 'http', 'oauth2', 'openIdConnect', 'mutualTLS'] as const

/**
 * Reads a `security` list: alternatives, of which one must be satisfied (OpenAPI 3.1, section
 * 4.8.30).
 *
 * Throws DOCUMENT_REF_UNRESOLVED for a scheme that is not declared, and DOCUMENT_INVALID.
 */
export function readSecurity(reading: Reading, spot: Spot): readonly SecurityRequirement[] {
  return expectItems(reading.source, spot).map((item) =>
    expectMembers(reading.source, item).map((member) => ({
      name: member.name,
      scopes: expectItems(reading.source, member).map((scope) => expectText(reading.source, scope)),
      ...readScheme(reading, member.name, member),
    })),
  )
}

function readScheme(reading: Reading, name: string, use: Spot): SchemeForm {
  const { source } = reading
  const declared = memberAt(
    memberAt(memberAt({ pointer: '', value: reading.root }, 'components'), 'securitySchemes'),
    name,
  )
  if (declared.value === undefined) throw undeclared(reading, name, use)
  const scheme = followRef(reading, declared)
  expectObject(source, scheme)
  const kind = expectWord(source, memberAt(scheme, 'type'), kinds)
  if (kind === 'http') return { kind, scheme: expectText(source, memberAt(scheme, 'scheme')) }
  if (kind !== 'apiKey') return { kind }
  return {
    kind,
    in: expectWord(source, memberAt(scheme, 'in'), ['header', 'query', 'cookie']),
    parameter: expectText(source, memberAt(scheme, 'name')),
  }
}

function undeclared(reading: Reading, name: string, use: Spot): AssayError {
  const schemes = reading.valueAt('/components/securitySchemes')
  const near = nearest(name, Object.keys(schemes ?? {}))
  const message = `the security scheme ${JSON.stringify(name)} is not declared`
  return new AssayError('DOCUMENT_REF_UNRESOLVED', message, {
    at: reading.positionOf(use.pointer),
    hint: near
      ? `the nearest name is ${JSON.stringify(near)}`
      : 'declare it under components/securitySchemes',
  })
}
