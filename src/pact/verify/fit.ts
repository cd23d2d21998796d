import type { Parameter } from '../../document/index.ts'
import { declaredReason } from '../../probe/index.ts'
import type { Schemas } from '../../schema/index.ts'
import type { NamedState } from '../../state/index.ts'
import type { Suite, Target } from '../../target/index.ts'
import { aim } from './aim.ts'
import { type Means, meansFor } from './means.ts'
import type { Unit } from './unit.ts'
import { wantedValues } from './wanted.ts'

/** An interaction as one target can carry it out, or why that target does not. */
export type FittedUnit =
  | ({ readonly kind: 'fits' } & Fitting)
  | { readonly kind: 'skip'; readonly why: 'declared' | 'undeclared'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string }

export type Fitting = {
  readonly given: readonly NamedState[]
  /** Arranged right before the request and undone right after it; nothing else of ours may go there meanwhile. */
  readonly faultState: NamedState | undefined
  readonly faultHeader: boolean
  /** Whether nothing else of ours may go there from its states to its teardown. */
  readonly alone: boolean
  /** Values that a state would answer, made up. */
  readonly madeUp: ReadonlyMap<string, Parameter>
  /** Path parameters that the pact writes out, and whose value is made up instead. */
  readonly replaced: readonly Parameter[]
}

export type FitContext = {
  readonly target: Target
  readonly suite: Suite
  readonly schemas: Schemas
}

/** Fits an interaction to a target: what it declared, what its safety class allows, how it comes into the states. */
export function fitUnit(unit: Unit, { target, suite, schemas }: FitContext): FittedUnit {
  const { interaction, expectation } = unit
  const declared = declaredReason(expectation, target, suite)
  if (declared !== undefined) return { kind: 'skip', why: 'declared', reason: declared }
  const aimed = aim(unit, target, schemas)
  if (aimed.kind === 'withheld') return skip(aimed.reason)
  const inPath = wantedValues(interaction.request)
    .filter(({ category }) => category === 'path')
    .map(({ name }) => name)
  const { operation } = expectation
  const means = interaction.states.map((state, index) =>
    meansFor(state, { operation, target, suite, index, inPath }),
  )
  const unknown = only(means, 'unknown')[0]
  if (unknown !== undefined) return unknown
  const obstacle = only(means, 'obstacle')[0]
  if (obstacle !== undefined) return skip(obstacle.reason)
  const arranged = only(means, 'arranged')
  const faultState = only(means, 'fault-state')[0]?.given
  return {
    kind: 'fits',
    given: arranged.map(({ given }) => given),
    faultState,
    alone: faultState !== undefined || arranged.some(({ foreign }) => foreign),
    faultHeader: only(means, 'fault-header').length > 0,
    madeUp: new Map(only(means, 'made-up').flatMap(({ values }) => [...values])),
    replaced: aimed.replaced,
  }
}

function only<K extends Means['kind']>(means: readonly Means[], kind: K) {
  return means.filter((each): each is Means & { readonly kind: K } => each.kind === kind)
}

function skip(reason: string): FittedUnit {
  return { kind: 'skip', why: 'undeclared', reason }
}
