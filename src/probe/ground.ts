import type { Operation } from '../document/index.ts'
import type { Script } from '../plan/index.ts'
import type { Schemas } from '../schema/index.ts'
import type { Roles } from '../target/index.ts'
import { findAbsent } from './absent.ts'
import { credentialPlace } from './credential-place.ts'

/** What the ways to provoke a status look at. */
export type Ground = {
  readonly operation: Operation
  readonly roles: Roles
  /** The documented status that a probe of it aims at: `404`, `4XX`, `default`. */
  readonly status: string
  readonly schemas: Schemas
}

/** Scripts, or the reason why there are none. */
export type Provocation = readonly Script[] | { readonly reason: string }

export function noRole(operation: Operation, role: string): string {
  return `the suite names no "${role}" state for ${operation.id}`
}

/** Whether every path parameter can be filled with the name of nothing; else why not. */
export function absentPath(ground: Ground): true | { readonly reason: string } {
  const { operation } = ground
  const parameters = operation.parameters.filter((parameter) => parameter.in === 'path')
  if (parameters.length === 0)
    return { reason: 'the path has no parameter, so nothing can be absent' }
  const known = parameters.find(
    (parameter) => findAbsent(ground, parameter, () => 0.5) === undefined,
  )
  if (known === undefined) return true
  return { reason: `no value of the path parameter "${known.name}" is sure to name nothing` }
}

/** Whether the document asks for a credential that we know how to send; else why not. */
export function needsCredential({ operation }: Ground): true | { readonly reason: string } {
  if (operation.security.length === 0 || operation.security.some((each) => each.length === 0)) {
    return { reason: 'the document lets a request without credential in' }
  }
  if (credentialPlace(operation) !== undefined) return true
  return {
    reason: 'the security scheme is none that a single header, query parameter or cookie satisfies',
  }
}

/** Methods that ask for no change (RFC 9110, section 9.2.1). */
export function isSafe(method: string): boolean {
  return ['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method)
}
