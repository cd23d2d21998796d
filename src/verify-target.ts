import type { Look } from './each-target.ts'
import { createGate } from './gate.ts'
import {
  concludeCell,
  type Doors,
  fitUnit,
  isExcusable,
  isSeen,
  labelOf,
  type Outcome,
  performUnit,
  type Unit,
  type Verifier,
} from './pact/index.ts'
import { randomFor } from './probe/index.ts'
import type { Schemas } from './schema/index.ts'
import type { Suite } from './target/index.ts'

export type Verifying = Look & {
  readonly suite: Suite
  readonly schemas: Schemas
  readonly doors: Doors
  readonly verifier: Verifier
  readonly strict: boolean
}

/**
 * Verifies all interactions on one target, several at a time, and tells each verdict once its cell is done.
 *
 * A cell in which a pending pact was not seen waits for the end: nothing excuses a target that showed nothing.
 *
 * @returns what became of each, in the order given
 */
export async function verifyTarget(
  units: readonly Unit[],
  context: Verifying,
): Promise<readonly Outcome[]> {
  const { target, tell, strict } = context
  const gate = createGate()
  const outcomes = new Map<Unit, Outcome>()
  const held: (readonly Outcome[])[] = []
  const rest = [...units]
  const work = async () => {
    for (let unit = rest.shift(); unit !== undefined; unit = rest.shift()) {
      outcomes.set(unit, await verifyUnit(unit, context, gate))
      const { id } = unit.expectation
      const cell = units.filter(({ expectation }) => expectation.id === id)
      const done = cell.flatMap((each) => outcomes.get(each) ?? [])
      if (done.length < cell.length) continue
      if (done.some(isExcusable)) held.push(done)
      else await tell(concludeCell(done, target, { strict, seen: true }))
    }
  }
  await Promise.all(Array.from({ length: target.limits.workers }, work))
  const seen = [...outcomes.values()].some(isSeen)
  for (const done of held) await tell(concludeCell(done, target, { strict, seen }))
  return units.flatMap((unit) => outcomes.get(unit) ?? [])
}

async function verifyUnit(
  unit: Unit,
  context: Verifying,
  gate: ReturnType<typeof createGate>,
): Promise<Outcome> {
  const fitted = fitUnit(unit, context)
  if (fitted.kind === 'unknown')
    return { unit, kind: 'error', reason: fitted.reason, code: 'STATE_UNKNOWN' }
  if (fitted.kind === 'skip') return { ...fitted, unit, kind: 'left-out' }
  const random = randomFor(context.seed, labelOf(unit))
  const pass = fitted.alone ? gate.alone : gate.together
  const seen = await pass(() => performUnit({ ...context, unit, fitting: fitted, random }))
  return { ...seen, unit }
}
