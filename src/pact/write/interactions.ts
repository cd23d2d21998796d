import type { Expectation, Given, Script, Step } from '../../plan/index.ts'
import { isProtected } from '../../plan/index.ts'
import { credentialPlace, type Planned, roleOf } from '../../probe/index.ts'
import type { Role, Suite } from '../../target/index.ts'
import type { Promises } from '../../verdict/index.ts'
import { type BodyWriter, openBodies } from './body.ts'
import { valuesOf, type WrittenRequest, writeRequest } from './request.ts'
import { type WrittenResponse, writeResponse } from './response.ts'
import { Unsayable } from './rules.ts'

/** An interaction that can be written. */
export type WrittenInteraction = {
  /** Begins with the id of the probe that sends the same. */
  readonly description: string
  readonly states: readonly WrittenState[]
  readonly request: WrittenRequest
  readonly response: WrittenResponse
  /** Whether the provider has to be made to fail inside, for which not every one has a seam. */
  readonly needsFault: boolean
}

export type WrittenState = {
  readonly name: string
  readonly params: Readonly<Record<string, string | number | boolean>>
}

/** A documented status that stands in no interaction, and why. */
export type UnwrittenCell = { readonly expectation: Expectation; readonly reason: string }

/** The name in the params of a committed pact; who verifies it puts one of its own there. */
export const exampleName = 'assay-contract'

/**
 * Makes interactions of the probes of documented statuses: of each script the first step, for it
 * needs no answer before it, where it shows the configured credential, one that a state answers, or
 * none at all. What is made of a throwaway credential stays with live probes, like the laws.
 */
export function planInteractions(
  planned: readonly Planned[],
  { suite, promises }: { readonly suite: Suite; readonly promises: Promises },
): { interactions: readonly WrittenInteraction[]; unwritten: readonly UnwrittenCell[] } {
  const context = { suite, bodies: openBodies(promises) }
  const interactions: WrittenInteraction[] = []
  const reasons = new Map<Expectation, string[]>()
  const written = new Set<Expectation>()
  for (const each of planned) {
    const { expectation } = each
    if (expectation.kind === 'law') continue
    const made = each.kind === 'gap' ? each : attempt(each.script, expectation, context)
    if ('reason' in made) {
      reasons.set(expectation, [...(reasons.get(expectation) ?? []), made.reason])
      continue
    }
    written.add(expectation)
    interactions.push(made)
  }
  const unwritten = [...reasons]
    .filter(([expectation]) => !written.has(expectation))
    .map(([expectation, list]) => ({ expectation, reason: [...new Set(list)].join('; ') }))
  return { interactions, unwritten }
}

type Context = { readonly suite: Suite; readonly bodies: BodyWriter }

function attempt(
  script: Script,
  expectation: Expectation & { readonly kind: 'response' },
  context: Context,
): WrittenInteraction | { readonly reason: string } {
  const reason = whyNot(script)
  if (reason !== undefined) return { reason }
  try {
    return writeInteraction(script, expectation, context)
  } catch (error) {
    if (error instanceof Unsayable) return { reason: error.message }
    throw error
  }
}

function writeInteraction(
  script: Script,
  { documented }: Expectation & { readonly kind: 'response' },
  { suite, bodies }: Context,
): WrittenInteraction {
  const [step] = script.steps
  if (step === undefined) throw new Error(`${script.id} has no step`)
  const given = givenFor(script, step, suite)
  refuseSharedValues(given, suite)
  const response = writeResponse(step, documented, bodies)
  return {
    description: `${script.id}: answers ${response.status}, because ${step.because}`,
    states: given.map((each) => writeState(each, suite)),
    request: writeRequest(step, { given, suite, text: bodies.document }),
    response,
    needsFault: response.status >= 500 || given.some(({ role }) => role === 'fault'),
  }
}

/** Why no pact can hold the request of a script, whatever it is answered. */
function whyNot({ needsFaultHeader, steps }: Script): string | undefined {
  if (needsFaultHeader === true)
    return 'only a fault header provokes it, which is a matter of each target'
  const [step] = steps
  if (step === undefined) return 'nothing is sent for it'
  const { operation, use } = step
  if (use.kind === 'altered')
    return use.alteration === 'none'
      ? undefined
      : 'it needs a credential that is made for the moment'
  return isProtected(operation) && credentialPlace(operation) === undefined
    ? 'it needs a credential that no single header, query parameter or cookie holds'
    : undefined
}

/**
 * The states that the first step needs; for a name of nothing, that of the suite.
 *
 * It comes first, for the values of later states win, and a credential must not be lost.
 */
function givenFor({ given }: Script, step: Step, suite: Suite): readonly Given[] {
  const holes = Object.values(step.path)
  const used = new Set([
    ...holes.flatMap((hole) => (hole.kind === 'given' ? [hole.given] : [])),
    ...(step.use.kind === 'given' ? [step.use.given] : []),
  ])
  const needed = given.filter(({ name, optional }) => used.has(name) || optional !== true)
  const { operation } = step
  const absent: Given = { name: 'absent', role: 'absent', operation }
  const isNamed = holes.some(({ kind }) => kind === 'absent') && roleOf(absent, suite) !== undefined
  return isNamed ? [absent, ...needed] : needed
}

/** The verifier keeps the values of all states of an interaction in one place. */
function refuseSharedValues(given: readonly Given[], suite: Suite): void {
  const names = given.flatMap((each) => [...new Set(valuesOf(roleOf(each, suite)))])
  const shared = names.find((name, index) => names.indexOf(name) !== index)
  if (shared !== undefined)
    throw new Unsayable(`two of its states answer "${shared}", and a pact cannot tell them apart`)
}

function writeState(given: Given, suite: Suite): WrittenState {
  const role: Role | undefined = roleOf(given, suite)
  if (role === undefined)
    throw new Unsayable(`the suite names no "${given.role}" state for ${given.operation.id}`)
  const params = Object.entries(role.params ?? {}).map(([name, value]) => [
    name,
    typeof value !== 'string'
      ? value
      : value
          .replaceAll('{operationId}', () => given.operation.id)
          .replaceAll('{name}', () => exampleName),
  ])
  return { name: role.state, params: Object.fromEntries(params) }
}
