import { AssayError } from '../../errors.ts'
import type { Expectation } from '../../plan/index.ts'
import type { Finding, Verdict } from '../../verdict/index.ts'
import type { Pact } from '../pact.ts'
import { expectationFor, judgeInteraction } from './judge.ts'
import type { PactPromises } from './promises.ts'

export type CheckOptions = {
  /** Whether findings of level `should` are red. */
  readonly strict: boolean
  /** Why nobody has to judge messages; undefined: nobody said so. */
  readonly messages?: string | undefined
}

/**
 * Checks a pact against a document before any provider runs: one verdict per operation and status
 * that an interaction asks for, and one for its messages, which are not HTTP and never pass.
 */
export function checkPact(
  pact: Pact,
  promises: PactPromises,
  { strict, messages }: CheckOptions,
): readonly Verdict[] {
  const cells = new Map<string, Cell>()
  for (const interaction of pact.interactions) {
    const judged = attempt(() => judgeInteraction(pact, interaction, promises))
    const expectation = judged.value?.expectation ?? expectationFor(interaction, promises)
    const cell = cells.get(expectation.id) ?? { expectation, planned: 0, findings: [], errors: [] }
    cell.planned += 1
    cell.findings.push(...(judged.value?.findings ?? []))
    if (judged.error !== undefined) cell.errors.push(judged.error)
    cells.set(expectation.id, cell)
  }
  const verdicts = [...cells.values()].map((cell) => concludeCell(pact, cell, strict))
  return [...verdicts, ...skipMessages(pact, messages)]
}

type Cell = {
  readonly expectation: Expectation
  planned: number
  readonly findings: Finding[]
  readonly errors: AssayError[]
}

function concludeCell(
  pact: Pact,
  { expectation, planned, findings, errors }: Cell,
  strict: boolean,
): Verdict {
  const verdict = {
    expectation,
    target: pact.name,
    region: pact.consumer,
    planned,
    observed: planned - errors.length,
    findings: ['must', 'should'].flatMap((level) =>
      findings.filter((each) => each.level === level),
    ),
    omitted: [],
  }
  if (errors.length > 0) {
    const reasons = [...new Set(errors.map(({ message }) => message))]
    return {
      ...verdict,
      kind: 'error',
      reasons,
      codes: [...new Set(errors.map(({ code }) => code))],
    }
  }
  const isRed = findings.some(({ level }) => level === 'must' || strict)
  return { ...verdict, kind: isRed ? 'fail' : 'pass' }
}

/** What is no HTTP is shown, and red unless somebody said beforehand that it is looked after elsewhere. */
function skipMessages(pact: Pact, declared: string | undefined): readonly Verdict[] {
  const [first] = pact.messages
  if (first === undefined) return []
  const names = pact.messages.map(({ description }) => JSON.stringify(description)).join(', ')
  const none = { parameters: [], responses: [], security: [], deprecated: false, pointer: '' }
  const documented = { status: 'messages', description: 'not HTTP', content: [], headers: [] }
  return [
    {
      expectation: {
        kind: 'response',
        id: 'messages',
        operation: { id: 'messages', method: first.type, path: '', ...none },
        documented: { ...documented, pointer: '', promised: '' },
        promised: '',
      },
      target: pact.name,
      region: pact.consumer,
      planned: pact.messages.length,
      observed: 0,
      findings: [],
      omitted: [],
      kind: 'skip',
      why: declared === undefined ? 'undeclared' : 'declared',
      reason: declared ?? `messages are not HTTP, so nothing here judges ${names}`,
    },
  ]
}

function attempt<T>(work: () => T): { readonly value?: T; readonly error?: AssayError } {
  try {
    return { value: work() }
  } catch (error) {
    if (error instanceof AssayError) return { error }
    throw error
  }
}
