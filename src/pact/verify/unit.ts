import { type Document, type Operation, responseFor } from '../../document/index.ts'
import type { Position } from '../../errors.ts'
import type { Expectation } from '../../plan/index.ts'
import { findOperation } from '../check/find-operation.ts'
import type { Interaction, Pact } from '../pact.ts'
import { pathExpression } from './wanted.ts'

/** One interaction of one pact, and the cell of the matrix where it is told. */
export type Unit = {
  readonly pact: Pact
  readonly interaction: Interaction
  /** Whether a broker says of the pact that this branch of the provider need not fulfil it yet. */
  readonly pending: boolean
  /** What the document promises of it; made up from the pact where the document does not speak of it. */
  readonly expectation: Expectation & { readonly kind: 'response' }
  /** Where the expectation is promised: in the document, else in the pact. */
  readonly promised: Position
}

/**
 * Lists what pacts want verified, in the order of the document; what it does not describe comes last.
 *
 * An interaction that matches no operation is a need of its consumer all the same, and gets a row of
 * its own.
 */
export function planUnits(
  pacts: readonly Pact[],
  document: Document,
  isPending: (pact: Pact) => boolean = () => false,
): readonly Unit[] {
  const units = pacts.flatMap((pact) => {
    const pending = isPending(pact)
    return pact.interactions.map((interaction) => ({
      pact,
      interaction,
      pending,
      ...placeOf(pact, interaction, document),
    }))
  })
  const rank = ({ expectation: { operation, documented } }: Unit) => {
    const place = document.operations.indexOf(operation)
    const status = operation.responses.indexOf(documented)
    return [place === -1 ? Infinity : place, status === -1 ? Infinity : status] as const
  }
  return units
    .map((unit) => ({ unit, rank: rank(unit) }))
    .sort((a, b) => compare(a.rank[0], b.rank[0]) || compare(a.rank[1], b.rank[1]))
    .map(({ unit }) => unit)
}

function placeOf(
  pact: Pact,
  interaction: Interaction,
  document: Document,
): Pick<Unit, 'expectation' | 'promised'> {
  const { request, response, pointer } = interaction
  const found = findOperation(document, request)
  const described = found.kind === 'found' ? found.operation : undefined
  const operation = described ?? undescribed(interaction, document)
  const inPact = pact.source.positionOf(pointer)
  const documented = responseFor(operation, response.status)
  if (described === undefined || documented === undefined) {
    const status = String(response.status)
    const made = { status, description: '', content: [], headers: [], pointer, promised: pointer }
    return { expectation: expect(operation, made), promised: inPact }
  }
  const promised = document.positionOf(documented.promised)
  return { expectation: expect(operation, documented), promised }
}

function expect(operation: Operation, documented: Operation['responses'][number]) {
  const id = `${operation.id}/${documented.status}`
  return { kind: 'response', id, operation, documented, promised: documented.promised } as const
}

/** An operation as a pact knows it; a credential goes where those of the document go. */
function undescribed({ request }: Interaction, { operations }: Document): Operation {
  const path = pathExpression(request).replaceAll('${', '{')
  return {
    id: `${request.method} ${path}`,
    method: request.method,
    path,
    pointer: '',
    parameters: [],
    responses: [],
    security: operations.find(({ security }) => security.length > 0)?.security ?? [],
    deprecated: false,
  }
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1
}
