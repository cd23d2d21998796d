import { nearest, type Operation, type Parameter } from '../../document/index.ts'
import type { NamedState } from '../../state/index.ts'
import type { Role, Suite, Target } from '../../target/index.ts'
import type { ProviderState } from '../pact.ts'

/** How a target comes into the provider state of an interaction. */
export type Means =
  /** It is asked to arrange it; `foreign`: by its name alone, so that nobody knows what else it touches. */
  | { readonly kind: 'arranged'; readonly given: NamedState; readonly foreign: boolean }
  /** Nothing has to be done: a value that cannot exist is made up for each of these path parameters. */
  | { readonly kind: 'made-up'; readonly values: ReadonlyMap<string, Parameter> }
  /** The one request carries the header that makes it fail inside. */
  | { readonly kind: 'fault-header' }
  /** It is arranged right before the one request, while nothing else of ours goes there. */
  | { readonly kind: 'fault-state'; readonly given: NamedState }
  /** The target has no way, although the suite knows the state. */
  | { readonly kind: 'obstacle'; readonly reason: string }
  /** Nobody knows the state. */
  | { readonly kind: 'unknown'; readonly reason: string }

export type MeansContext = {
  readonly operation: Operation
  readonly target: Target
  readonly suite: Suite
  /** What the state is called in scripts: its place among those of the interaction. */
  readonly index: number
  /** The answered values that the path of the request shows. */
  readonly inPath: readonly string[]
}

/** Finds how a target comes into a state: by the role that the suite gives it, else by its name alone. */
export function meansFor(state: ProviderState, context: MeansContext): Means {
  const { operation, target, suite } = context
  const found = roleNamed(state.name, operation, suite)
  const recipes = target.states?.kind === 'recipes' ? target.states.book : undefined
  const isRecipe = recipes !== undefined && Object.hasOwn(recipes, state.name)
  const given = nameState(state, found, isRecipe ? recipes[state.name] : undefined, context)
  const canArrange = target.safety !== 'production' && (target.states?.kind === 'url' || isRecipe)
  if (found?.name === 'fault') return fault(given, canArrange, target)
  if (canArrange) return { kind: 'arranged', given, foreign: found === undefined && !isRecipe }
  if (found?.name === 'absent')
    return { kind: 'made-up', values: absentValues(found.role, operation) }
  if (target.safety === 'production')
    return obstacle('the target is classed production: no state is arranged there')
  if (found === undefined && !isKnownToRecipes(state.name, suite)) return unknown(state, suite)
  const lacks =
    target.states === undefined
      ? 'and the target has neither a state URL nor recipes'
      : 'for which the target has no recipe'
  return obstacle(`it needs the state "${state.name}", ${lacks}`)
}

type FoundRole = { readonly name: string; readonly role: Role }

/** The role that a state plays for the operation, else for another one. */
function roleNamed(state: string, { id }: Operation, suite: Suite): FoundRole | undefined {
  const { [id]: own = {}, ...others } = suite.operations
  return [own, ...Object.values(others)]
    .flatMap((roles) => Object.entries(roles))
    .map(([name, role]) => ({ name, role }))
    .find(({ role }) => role.state === state)
}

/**
 * Gives a state the params of the pact, but for those that Assay chooses: the name of what is made, so
 * that it can be found again, and the operation.
 */
function nameState(
  { name: state, params }: ProviderState,
  found: FoundRole | undefined,
  recipe: unknown,
  { operation, index, inPath }: MeansContext,
): NamedState {
  const ofRole = found?.role.params ?? {}
  const chosen = Object.entries(ofRole).filter(([, value]) =>
    /\{(name|operationId)\}/.test(String(value)),
  )
  const byRecipe = JSON.stringify(recipe ?? null).includes('{name}') ? { name: '{name}' } : {}
  const label = found?.name ?? 'state'
  return {
    name: index === 0 ? label : `${label}${index + 1}`,
    state,
    params: {
      ...ofRole,
      ...params,
      ...(found === undefined ? byRecipe : Object.fromEntries(chosen)),
    },
    plain: [...Object.values(found?.role.path ?? {}), ...inPath],
    operation,
  }
}

function fault(given: NamedState, canArrange: boolean, target: Target): Means {
  if (target.faultHeader !== undefined) return { kind: 'fault-header' }
  if (!target.faultState) return obstacle('the target forbids its fault state')
  if (canArrange) return { kind: 'fault-state', given }
  return obstacle('the target has neither a fault header nor a way to arrange its fault state')
}

function absentValues({ path = {} }: Role, { parameters }: Operation) {
  return new Map(
    Object.entries(path).flatMap(([parameter, value]): [string, Parameter][] => {
      const found = parameters.find((each) => each.in === 'path' && each.name === parameter)
      return found === undefined ? [] : [[value, found]]
    }),
  )
}

function isKnownToRecipes(state: string, { recipes }: Suite): boolean {
  return Object.values(recipes).some((book) => Object.hasOwn(book, state))
}

function unknown({ name }: ProviderState, { operations, recipes }: Suite): Means {
  const known = [
    ...Object.values(operations).flatMap((roles) => Object.values(roles).map(({ state }) => state)),
    ...Object.values(recipes).flatMap((book) => Object.keys(book)),
  ]
  const near = nearest(name, known)
  const hint = near === undefined ? '' : `; the nearest that is known is "${near}"`
  return {
    kind: 'unknown',
    reason: `nobody knows the provider state "${name}": neither suite nor recipes name it${hint}`,
  }
}

function obstacle(reason: string): Means {
  return { kind: 'obstacle', reason }
}
