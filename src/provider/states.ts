import { operationIds } from './route.ts'
import type { Seam } from './seam.ts'
import type { Seeded } from './seed.ts'
import type { Token, Wish } from './store.ts'

/** What a state URL answers: a flat object, of values or with the one member `error`. */
export type StateAnswer = {
  readonly status: number
  readonly body: Readonly<Record<string, string>>
}

export type World = Seeded & {
  /** undefined: nothing can be made to fail inside, and that state is unknown. */
  readonly seam: Seam | undefined
}

type Params = Readonly<Record<string, unknown>>

type State = {
  setup(params: Params, world: World): StateAnswer['body']
  teardown?(params: Params, world: World): void
}

/** Says that the parameters of a state are not what it takes. */
class BadParams extends Error {}

const states: ReadonlyMap<string, State> = new Map<string, State>([
  [
    'an API token exists',
    {
      setup(params, { store, owner }) {
        const { id, value } = store.create(wish(params, owner))
        return { id, token: value }
      },
      teardown: (params, world) => clear(params, world, world.owner),
    },
  ],
  [
    "another account's API token exists",
    {
      setup(params, { store, stranger }) {
        const { id, value } = store.create(wish(params, stranger))
        return { id, token: value, apiKey: stranger.value }
      },
      teardown: (params, world) => clear(params, world, world.stranger),
    },
  ],
  [
    'no API token has this id',
    {
      setup(params, { store, owner }) {
        const id = text(params, 'id')
        const token = id === undefined ? store.create(wish({}, owner)) : store.find(id)
        if (token?.createdBy === 'seed') throw new BadParams('params.id is not ours to remove')
        if (token !== undefined) store.remove(token)
        return { id: id ?? token?.id ?? '' }
      },
    },
  ],
  [
    'the API key is revoked',
    {
      setup(params, { store, owner }) {
        const token = store.create(wish(params, owner))
        store.remove(token, 'revoked')
        return { apiKey: token.value }
      },
    },
  ],
])

const internalFault: State = {
  setup(params, { seam }) {
    const { times = 1 } = params
    const whole = typeof times === 'number' && Number.isInteger(times) && times > 0
    if (!whole) throw new BadParams('params.times is no positive whole number')
    seam?.arm(operationIn(params), times)
    return {}
  },
  teardown: (params, { seam }) => seam?.disarm(operationIn(params)),
}

/**
 * Sets a provider state up or tears it down, in the convention of Pact: `{state, params, action}`.
 *
 * Teardown takes the params of the setup and the values that it answered, and can be repeated.
 */
export function changeState(request: unknown, world: World): StateAnswer {
  const { state, params = {}, action } = isObject(request) ? request : {}
  if (typeof state !== 'string') return refuse(400, 'state is not text')
  if (!isObject(params)) return refuse(400, 'params is no object')
  if (action !== 'setup' && action !== 'teardown')
    return refuse(400, 'action is not setup or teardown')
  const known = stateNamed(state, world)
  if (known === undefined) return refuse(404, `unknown state "${state}"`)
  try {
    if (action === 'setup') return { status: 200, body: known.setup(params, world) }
    known.teardown?.(params, world)
    return { status: 200, body: {} }
  } catch (error) {
    if (error instanceof BadParams) return refuse(400, error.message)
    throw error
  }
}

function stateNamed(name: string, { seam }: World): State | undefined {
  if (name !== 'the control plane has an internal fault') return states.get(name)
  return seam === undefined ? undefined : internalFault
}

function refuse(status: number, error: string): StateAnswer {
  return { status, body: { error } }
}

function wish(params: Params, { account }: Token): Wish {
  return { name: text(params, 'name') ?? 'unnamed', account, createdBy: 'state' }
}

/** Removes what a setup made by its id, or by its name where the id was never learnt; never a seed. */
function clear(params: Params, { store }: World, { account }: Token): void {
  const id = text(params, 'id')
  const name = text(params, 'name')
  for (const token of id === undefined ? [...store.tokens()] : [store.find(id)]) {
    if (token === undefined || token.createdBy === 'seed' || token.account !== account) continue
    if (id !== undefined || token.name === name) store.remove(token)
  }
}

function operationIn(params: Params): string {
  const operation = text(params, 'operationId')
  if (operation !== undefined && operationIds.has(operation)) return operation
  throw new BadParams('params.operationId is no operation')
}

function text(params: Params, name: string): string | undefined {
  const value = params[name]
  if (value === undefined || typeof value === 'string') return value
  throw new BadParams(`params.${name} is not text`)
}

function isObject(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
