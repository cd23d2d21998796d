import { type DocumentedResponse, type Operation, responseFor } from '../../document/index.ts'
import type { Interaction, PactResponse } from '../pact.ts'
import { type Found, findOperation, type PathValue } from './find-operation.ts'
import type { PactPromises } from './promises.ts'
import { type KnownPath, knownPath } from './replaced.ts'

/** One interaction beside the operation that it asks for. */
export type Match = {
  readonly interaction: Interaction
  readonly promises: PactPromises
  readonly operation: Operation
  readonly values: ReadonlyMap<string, PathValue>
  readonly path: KnownPath
  /** What the document says about the status that is asked for; undefined: nothing. */
  readonly documented: DocumentedResponse | undefined
}

/** The operation that an interaction asks for, or why there is none. */
export type Evidence =
  | { readonly kind: 'match'; readonly match: Match }
  | { readonly kind: 'miss'; readonly found: Exclude<Found, { readonly kind: 'found' }> }

export function readEvidence(interaction: Interaction, promises: PactPromises): Evidence {
  const path = knownPath(interaction.request)
  const { method } = interaction.request
  const found = findOperation(promises.document, { method, path: path.path })
  if (found.kind !== 'found') return { kind: 'miss', found }
  const { operation, values } = found
  const documented = documentedFor(operation, interaction.response)
  return { kind: 'match', match: { interaction, promises, operation, values, path, documented } }
}

/** Where any code of a class is asked for, the first documented one of them stands for it. */
function documentedFor(
  operation: Operation,
  response: PactResponse,
): DocumentedResponse | undefined {
  const codes = [response.status, ...otherCodes(response)]
  for (const code of codes) {
    const found = responseFor(operation, code)
    if (found !== undefined) return found
  }
  return undefined
}

/** The classes of the matcher `statusCode` (Pact specification 4, "Status code matcher"). */
const classes: Readonly<Record<string, readonly [from: number, to: number]>> = {
  info: [100, 199],
  success: [200, 299],
  redirect: [300, 399],
  clientError: [400, 499],
  serverError: [500, 599],
  nonError: [100, 399],
  error: [400, 599],
}

function otherCodes({ rules }: PactResponse): readonly number[] {
  const matcher = rules
    .filter(({ category }) => category === 'status')
    .flatMap(({ matchers }) => matchers)
    .find(({ match }) => match === 'statusCode')
  const status = matcher?.status
  if (Array.isArray(status)) return status.filter((code) => typeof code === 'number')
  const range = typeof status === 'string' ? classes[status] : undefined
  if (range === undefined) return []
  const [from, to] = range
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
