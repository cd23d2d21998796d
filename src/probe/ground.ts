import type { MediaType, Operation } from '../document/index.ts'
import { type Copies, type Hole, isProtected, type Script, type Step } from '../plan/index.ts'
import type { Schemas } from '../schema/index.ts'
import type { CredentialForm, Roles } from '../target/index.ts'
import { findAbsent } from './absent.ts'
import { credentialPlace } from './credential-place.ts'
import { randomFor } from './random.ts'

/** What the ways to provoke a status look at. */
export type Ground = {
  readonly operation: Operation
  readonly roles: Roles
  /** The documented status that a probe of it aims at: `404`, `4XX`, `default`. */
  readonly status: string
  readonly schemas: Schemas
  /** How the suite writes the credential. */
  readonly form: CredentialForm
}

/** Scripts, or the reason why there are none. */
export type Provocation = readonly Script[] | Refusal

export type Refusal = { readonly reason: string }

/** So often is repeated what may be: enough to meet what happens now and then, and done in a blink. */
export const again: Copies = { inTurn: 6, atOnce: 6 }

export function noRole(role: string): Refusal {
  return { reason: `the suite names no "${role}" state for it` }
}

/** Whether every path parameter can be filled with the name of nothing; else why not. */
export function absentPath(ground: Pick<Ground, 'operation' | 'schemas'>): true | Refusal {
  const parameters = ground.operation.parameters.filter((parameter) => parameter.in === 'path')
  if (parameters.length === 0)
    return { reason: 'the path has no parameter, so nothing can be absent' }
  const draws = [1, 2, 3].map((seed) => randomFor(seed, ground.operation.id))
  const known = parameters.find((parameter) =>
    draws.some((random) => findAbsent(ground, parameter, random) === undefined),
  )
  if (known === undefined) return true
  return { reason: `no value of the path parameter "${known.name}" is sure to name nothing` }
}

/** Whether every hole of a step that asks for the name of nothing can be filled with one; else why not. */
export function absentHoles({ operation, path }: Step, schemas: Schemas): true | Refusal {
  const parameters = operation.parameters.filter(
    (each) => each.in === 'path' && path[each.name]?.kind === 'absent',
  )
  return parameters.length === 0
    ? true
    : absentPath({ operation: { ...operation, parameters }, schemas })
}

/** Whether every path parameter is filled with the name of something; else which is not. */
export function namesSomething(path: Readonly<Record<string, Hole>>): true | Refusal {
  const unfilled = Object.keys(path).find((name) => path[name]?.kind === 'absent')
  return unfilled === undefined ? true : nothingSays('path', unfilled)
}

/** Whether all that a request needs beside its path is in the document; else what is missing. */
export function hasInput({ parameters, requestBody }: Operation): true | Refusal {
  const unfilled = parameters.find(
    (parameter) => parameter.in !== 'path' && parameter.required && parameter.example === undefined,
  )
  if (unfilled !== undefined) return nothingSays(unfilled.in, unfilled.name)
  if (requestBody?.required !== true || exampleBody(requestBody.content) !== undefined) return true
  return { reason: 'the document has no example of the JSON body that a valid request needs' }
}

/** The first example of a JSON body; another media type is not sent. */
export function exampleBody(content: readonly MediaType[]): unknown {
  return content.find(({ name, example }) => /[/+]json *(;|$)/i.test(name) && example !== undefined)
    ?.example
}

/** Whether the document asks for a credential that we know how to send; else why not. */
export function needsCredential(operation: Operation): true | Refusal {
  if (!isProtected(operation))
    return { reason: 'the document lets a request without credential in' }
  if (credentialPlace(operation) !== undefined) return true
  return {
    reason: 'the security scheme is none that a single header, query parameter or cookie satisfies',
  }
}

/**
 * What a probe expects that aims at a code by the documented status that stands for it: under
 * `default` any code of its class, and of a range none that the document lists by itself.
 */
export function aimAt(
  { operation, status }: Ground,
  code: number,
  because: string,
): Pick<Step, 'expect' | 'code' | 'because' | 'refutes'> {
  if (status === String(code)) return { expect: [status], because }
  const range = `${Math.floor(code / 100)}XX`
  const others = operation.responses
    .map((response) => response.status)
    .filter((each) => each !== status && each[0] === range[0])
  const expect = [status === 'default' ? range : status]
  return others.length === 0
    ? { expect, code, because }
    : { expect, code, because, refutes: { statuses: others, because } }
}

function nothingSays(place: string, name: string): Refusal {
  return { reason: `nothing says what the ${place} parameter "${name}" of a valid request is` }
}
