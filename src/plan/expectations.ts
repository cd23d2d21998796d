import {
  type Document,
  type DocumentedResponse,
  nearest,
  type Operation,
  type Pointer,
  responseFor,
} from '../document/index.ts'
import { AssayError } from '../errors.ts'
import type { Suite } from '../target/index.ts'
import { type Facts, type Law, laws } from './laws/index.ts'

/** One promise of the document: a documented answer of an operation, or a law that it is subject to. */
export type Expectation = {
  /** `deleteApiToken/404`, `deleteApiToken/deleted-stays-deleted`: the same in every run. */
  readonly id: string
  readonly operation: Operation
  /** Where the document promises it. */
  readonly promised: Pointer
} & (
  | { readonly kind: 'response'; readonly documented: DocumentedResponse }
  | { readonly kind: 'law'; readonly law: Law; readonly facts: Facts }
)

/** Which part of a document a run is about. Empty: all of it. */
export type Filter = {
  readonly includeOperations?: readonly string[]
  readonly excludeOperations?: readonly string[]
  readonly includeStatuses?: readonly string[]
  readonly excludeStatuses?: readonly string[]
}

/**
 * Lists what the document promises: one expectation per operation and documented status, then the
 * laws of the operation, in document order, so that two runs over one document compare line by line.
 *
 * @throws AssayError PLAN_EMPTY when nothing is left to expect; PLAN_NO_RESPONSES for an operation
 * that promises nothing; SUITE_OPERATION_UNKNOWN, SUITE_INVALID, FILTER_UNKNOWN for names and
 * statuses that the document does not have
 */
export function planExpectations(
  document: Document,
  suite: Suite,
  filter: Filter = {},
): readonly Expectation[] {
  checkNames(document, suite, filter)
  const expectations = document.operations
    .filter(({ id }) => selected(id, filter.includeOperations, filter.excludeOperations))
    .flatMap((operation) => expectationsOf(document, operation, suite))
    .filter((expectation) => {
      const name = expectation.id.slice(expectation.operation.id.length + 1)
      return selected(name, filter.includeStatuses, filter.excludeStatuses)
    })
  if (expectations.length > 0) return expectations
  throw new AssayError('PLAN_EMPTY', 'nothing is left to expect, and an empty run proves nothing', {
    hint: 'loosen --include-… and --exclude-…; `assay plan` lists what the document promises',
  })
}

function expectationsOf(
  document: Document,
  operation: Operation,
  suite: Suite,
): readonly Expectation[] {
  if (operation.responses.length === 0) {
    throw new AssayError('PLAN_NO_RESPONSES', `${operation.id} documents no response`, {
      at: document.positionOf(operation.pointer),
      hint: `document at least one, or leave it out with --exclude-operation ${JSON.stringify(operation.id)}`,
    })
  }
  const roles = suite.operations[operation.id] ?? {}
  const onPath = document.operations.filter(({ path }) => path === operation.path)
  const facts: Facts = { operation, roles, onPath }
  return [
    ...operation.responses.map(
      (documented): Expectation => ({
        kind: 'response',
        id: `${operation.id}/${documented.status}`,
        operation,
        documented,
        promised: documented.promised,
      }),
    ),
    ...laws
      .filter((law) => law.applies(facts))
      .map(
        (law): Expectation => ({
          kind: 'law',
          id: `${operation.id}/${law.id}`,
          operation,
          law,
          facts,
          promised: operation.pointer,
        }),
      ),
  ]
}

function selected(
  name: string,
  included: readonly string[] | undefined,
  excluded: readonly string[] | undefined,
): boolean {
  if (excluded?.includes(name)) return false
  return included === undefined || included.length === 0 || included.includes(name)
}

function checkNames(document: Document, suite: Suite, filter: Filter): void {
  const ids = document.operations.map(({ id }) => id)
  const known = new Map(document.operations.map((operation) => [operation.id, operation]))
  for (const [id, roles] of Object.entries(suite.operations)) {
    const operation = known.get(id)
    if (operation === undefined) throw unknown('SUITE_OPERATION_UNKNOWN', 'operation', id, ids)
    const idle = Object.keys(roles).find(
      (role) => /^\d/.test(role) && responseFor(operation, Number(role)) === undefined,
    )
    if (idle !== undefined) throw undocumented(operation, idle)
  }
  for (const id of [...(filter.includeOperations ?? []), ...(filter.excludeOperations ?? [])]) {
    if (!known.has(id)) throw unknown('FILTER_UNKNOWN', 'operation', id, ids)
  }
  const asked = [...(filter.includeStatuses ?? []), ...(filter.excludeStatuses ?? [])]
  if (asked.length === 0) return
  const statuses = [
    ...new Set(
      document.operations.flatMap(({ responses }) => responses.map(({ status }) => status)),
    ),
    ...laws.map(({ id }) => id),
  ]
  for (const status of asked) {
    if (!statuses.includes(status))
      throw unknown('FILTER_UNKNOWN', 'status or law', status, statuses)
  }
}

function undocumented({ id, responses }: Operation, status: string): AssayError {
  const message = `the suite names a state for "${status}" of ${id}, which does not document it`
  return new AssayError('SUITE_INVALID', message, {
    hint: `${id} documents ${responses.map((response) => response.status).join(', ')}`,
  })
}

function unknown(
  code: 'SUITE_OPERATION_UNKNOWN' | 'FILTER_UNKNOWN',
  what: string,
  name: string,
  known: readonly string[],
): AssayError {
  const near = nearest(name, known)
  return new AssayError(code, `the document has no ${what} "${name}"`, {
    hint: near === undefined ? `it has ${known.slice(0, 8).join(', ')}` : `did you mean "${near}"?`,
  })
}
