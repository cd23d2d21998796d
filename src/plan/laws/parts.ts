import { type Operation, responseFor } from '../../document/index.ts'
import {
  type CredentialUse,
  type Hole,
  isSafe,
  pathFromGiven,
  pathToNothing,
  type StatusPattern,
  type Step,
} from '../script.ts'
import type { Facts } from './law.ts'

/** The last path parameter: the name of the resource that an operation acts on. */
export function idParameter({ parameters, path }: Operation): string | undefined {
  const names = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name)
  return names.findLast((name) =>
    parameters.some((each) => each.in === 'path' && each.name === name),
  )
}

/** What a state in a role answers fills the whole path; undefined where it does not. */
export function ownPath(
  { operation, roles }: Facts,
  given = 'existing',
  role = given,
): Step['path'] | undefined {
  const mapping = roles[role]?.path
  const id = idParameter(operation)
  if (mapping === undefined || id === undefined || !Object.hasOwn(mapping, id)) return undefined
  const path = pathFromGiven(operation, given, mapping)
  return Object.values(path).some(({ kind }) => kind === 'absent') ? undefined : path
}

/** A path with another id in the place of the last parameter. */
export function withId({ operation }: Facts, path: Step['path'], hole: Hole): Step['path'] {
  return { ...path, [idParameter(operation) ?? '']: hole }
}

/** Whether a success of an operation is documented. */
export function documentsSuccess({ responses }: Operation): boolean {
  return responses.some(({ status }) => status.startsWith('2'))
}

/**
 * The documented statuses that say a code of the class 4XX: itself, else its range, else any that
 * `default` covers. Empty where the document says nothing of it.
 */
export function refusals(operation: Operation, code: number): readonly StatusPattern[] {
  const status = responseFor(operation, code)?.status
  if (status === undefined) return []
  return status === 'default' ? [String(code), '4XX'] : [status]
}

/** The documented statuses that say that nothing is there; empty where the document has none. */
export function absences(operation: Operation): readonly StatusPattern[] {
  const documented = operation.responses.map(({ status }) => status)
  const exact = ['404', '410'].filter((status) => documented.includes(status))
  if (exact.length > 0) return exact
  return documented.includes('4XX') ? ['4XX'] : []
}

/**
 * The operation that tells what exists from what does not: itself, else one that reads the same
 * path and asks for nothing more; undefined where the document has none.
 */
export function witnessOf({ operation, onPath }: Facts): Operation | undefined {
  return [operation, ...onPath.filter(({ method }) => method === 'GET')].find(
    (each) =>
      documentsSuccess(each) && absences(each).length > 0 && (each === operation || isPlain(each)),
  )
}

/** Shows that a resource of our own still exists; what says that it does not refutes the law. */
export function survives(
  facts: Facts,
  name: string,
  { given = 'existing', because }: { given?: string; because: string },
): Step {
  const operation = witnessOf(facts) ?? facts.operation
  return {
    name,
    operation,
    path: pathFromGiven(operation, given, facts.roles.existing?.path ?? {}),
    use: { kind: 'configured' },
    expect: ['2XX'],
    because,
    refutes: { statuses: ['404', '410'], because, unlessHopedFails: true },
  }
}

/**
 * An ordinary request for what does not exist, before what is extraordinary: a surprise is filed at
 * 404. Where the document does not say how that is answered, either way is fine.
 */
export function ordinary({ operation }: Facts, use: CredentialUse = { kind: 'configured' }): Step {
  const found = absences(operation)
  const expect = found.length > 0 ? found : refusals(operation, 404)
  return {
    name: 'on what does not exist',
    operation,
    path: pathToNothing(operation),
    use,
    because: 'the path names nothing that exists',
    ...(expect.length > 0 ? { expect } : { expect: ['2XX'], allows: ['404', '410'] }),
  }
}

/** Whether a request of an operation may be sent again, as it has the same effect (RFC 9110, section 9.2.2). */
export function isIdempotent({ method }: Operation): boolean {
  return isSafe(method) || ['PUT', 'DELETE'].includes(method)
}

/** Whether a request needs nothing but its path. */
function isPlain({ parameters, requestBody }: Operation): boolean {
  return (
    requestBody?.required !== true &&
    parameters.every((each) => each.in === 'path' || !each.required || each.example !== undefined)
  )
}
