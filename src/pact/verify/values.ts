import { AssayError } from '../../errors.ts'
import type { Text } from '../../exchange/index.ts'
import { credentialPlace, findAbsent, type Random, type Scope } from '../../probe/index.ts'
import type { Schemas } from '../../schema/index.ts'
import type { Target } from '../../target/index.ts'
import type { Fitting } from './fit.ts'
import { type Hole, makeHole } from './holes.ts'
import type { Unit } from './unit.ts'
import { type Wanted, wantedValues } from './wanted.ts'

export type ValueContext = {
  readonly fitting: Fitting
  readonly scope: Scope
  readonly target: Target
  readonly schemas: Schemas
  readonly random: Random
}

/**
 * Finds every value of an interaction: what its states answered, what is made up, and the configured
 * credential for a value that no state answered and that stands where the document puts the credential.
 *
 * @throws AssayError STATE_FAILED for a value that nobody answered
 */
export function findValues(unit: Unit, context: ValueContext): readonly Hole[] {
  const { request, response } = unit.interaction
  const values = new Map<string, Text>(
    Object.values(context.scope).flatMap((answered) => Object.entries(answered)),
  )
  for (const [name, parameter] of context.fitting.madeUp)
    values.set(name, absent(parameter, context))
  for (const wanted of wantedValues(request)) {
    if (!values.has(wanted.name)) values.set(wanted.name, configured(wanted, unit, context.target))
  }
  for (const { name } of wantedValues(response)) {
    if (!values.has(name)) throw unanswered(name, 'answer')
  }
  return [...values].map(([name, value]) => makeHole(name, value))
}

/** The name of nothing, in the place of a value that need not be arranged. */
export function absent(
  parameter: Parameters<typeof findAbsent>[1],
  { schemas, random }: Pick<ValueContext, 'schemas' | 'random'>,
): string {
  const found = findAbsent({ schemas }, parameter, random)
  if (found !== undefined) return found
  const message = `no value of the path parameter "${parameter.name}" is sure to name nothing`
  throw new AssayError('STATE_FAILED', message, { hint: 'give the target a state URL' })
}

/** Whether a value stands where the document puts the credential of the operation. */
export function isCredential({ category, at }: Wanted, { expectation }: Unit): boolean {
  const place = credentialPlace(expectation.operation)
  if (place === undefined) return false
  if (place.in === 'cookie') return category === 'header' && at === 'cookie'
  return category === place.in && at === place.name.toLowerCase()
}

function configured(wanted: Wanted, unit: Unit, { credential, headers }: Target): Text {
  if (!isCredential(wanted, unit)) throw unanswered(wanted.name, wanted.category)
  const value = credential ?? headers.find(([name]) => name.toLowerCase() === wanted.at)?.[1]
  if (value !== undefined) return value
  throw new AssayError(
    'STATE_FAILED',
    `no provider state answered "${wanted.name}", and the target has no credential to show instead`,
    { hint: 'name the variable that holds one with --api-key-env' },
  )
}

function unanswered(name: string, where: string): AssayError {
  return new AssayError(
    'STATE_FAILED',
    `no provider state answered "${name}", which the pact wants in the ${where}`,
    { hint: 'let the state answer it, or name another value in the pact' },
  )
}
