import type { DocumentedResponse, Operation } from '../../document/index.ts'
import type { Expectation } from '../../plan/index.ts'
import { type Finding, fingerprintOf, steady } from '../../verdict/index.ts'
import type { Interaction, Pact } from '../pact.ts'
import { readEvidence } from './evidence.ts'
import type { PactPromises } from './promises.ts'
import type { PactComplaint, RuleFacts } from './rule.ts'
import { operation, rules } from './rules/index.ts'

/** What was found of one interaction, and the expectation that it is about. */
export type JudgedInteraction = {
  readonly expectation: Expectation
  readonly findings: readonly Finding[]
}

/**
 * Judges one interaction of a pact by the document.
 *
 * Everything is filed at the answer that it asks for; where the document does not describe that
 * answer, or not even the operation, at a cell of its own.
 *
 * @throws AssayError SCHEMA_NOT_COMPILED where a schema that it needs does not compile
 */
export function judgeInteraction(
  pact: Pact,
  interaction: Interaction,
  promises: PactPromises,
): JudgedInteraction {
  const evidence = readEvidence(interaction, promises)
  const expectation = expectationOf(interaction, evidence)
  const tell = (rule: RuleFacts) => (complaint: PactComplaint) =>
    findingOf({ rule, complaint, cell: expectation.id, pact, interaction, promises })
  const findings =
    evidence.kind === 'miss'
      ? operation.run(interaction, evidence, promises).map(tell(operation))
      : rules.flatMap((rule) => rule.run(evidence.match).map(tell(rule)))
  return { expectation, findings }
}

/** The cell of an interaction, with no judgement of it. */
export function expectationFor(interaction: Interaction, promises: PactPromises): Expectation {
  return expectationOf(interaction, readEvidence(interaction, promises))
}

function expectationOf(
  { request, response }: Interaction,
  evidence: ReturnType<typeof readEvidence>,
): Expectation {
  const asked = evidence.kind === 'match' ? evidence.match.operation : unknownOperation(request)
  const documented =
    evidence.kind === 'match' && evidence.match.documented !== undefined
      ? evidence.match.documented
      : undocumentedResponse(asked, response.status)
  const { status, promised } = documented
  return { kind: 'response', id: `${asked.id}/${status}`, operation: asked, documented, promised }
}

function unknownOperation({ method, path }: Interaction['request']): Operation {
  const none = { parameters: [], responses: [], security: [], deprecated: false }
  return { id: `${method} ${path}`, method, path, pointer: '/paths', ...none }
}

function undocumentedResponse({ pointer }: Operation, status: number): DocumentedResponse {
  const description = 'not documented'
  return {
    status: String(status),
    description,
    content: [],
    headers: [],
    pointer,
    promised: pointer,
  }
}

function findingOf({
  rule,
  complaint: { expected, received, promised, at, level = rule.level },
  cell,
  pact,
  interaction,
  promises,
}: {
  readonly rule: RuleFacts
  readonly complaint: PactComplaint
  readonly cell: string
  readonly pact: Pact
  readonly interaction: Interaction
  readonly promises: PactPromises
}): Finding {
  return {
    check: rule.id,
    level,
    cell,
    expected,
    because: [],
    received,
    promised: typeof promised === 'string' ? promises.document.positionOf(promised) : promised,
    at: pact.source.positionOf(at),
    probe: interaction.description,
    reproduce: [],
    times: 1,
    fingerprint: fingerprintOf({
      cell,
      check: rule.id,
      rule: JSON.stringify([
        pact.consumer,
        interaction.description,
        steady(at.slice(interaction.pointer.length)),
        steady(expected),
      ]),
    }),
  }
}
