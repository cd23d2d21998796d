import type { Target } from '../target/index.ts'
import { isCreating, recipeFor } from './recipe.ts'

/** What a state takes of the budgets of a target. */
export type Cost = {
  /** Requests of its set-up, and of looking whether it answered what was made. */
  readonly setUp: number
  /** Requests that are set aside for undoing it: all that an attempt may take, for each attempt. */
  readonly undoing: number
  /** How many things its set-up may make. */
  readonly creations: number
}

/** Undoing is tried when a probe ends, and once more at the end of the run. */
const attempts = 2

/** Counts what a state takes: by a state URL one request each way, by a recipe what that says. */
export function costOf(state: string, target: Target): Cost {
  if (target.states?.kind !== 'recipes') return { setUp: 1, undoing: attempts, creations: 1 }
  const { setup = [], teardown, find } = recipeFor(state, target) ?? {}
  const each = teardown === undefined ? 0 : find === undefined ? 1 : 2
  return {
    setUp: setup.length + (find === undefined ? 0 : 1),
    undoing: attempts * each,
    creations: setup.filter(({ request }) => isCreating(request)).length,
  }
}
