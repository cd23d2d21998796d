import { AssayError } from '../errors.ts'
import type { Capture, Client, Exchange, RecordedRequest, Request } from '../exchange/index.ts'
import type { Recipe, Target } from '../target/index.ts'
import { type Filling, fromRecipe, identifiersIn, missingValue } from './recipe.ts'
import { type Found, findByName, type Naming, readAll, readWanted, type Values } from './values.ts'

/** What a target is asked to arrange or to undo. */
export type StateCall = Filling & {
  readonly state: string
  /** The name that Assay chose; it stands somewhere in the params. */
  readonly name?: string | undefined
  /** How far its set-up came; default: to the end. */
  readonly reached?: Reached
}

/**
 * How far a set-up came: nothing was sent, it was refused outright, it may have been carried out in
 * part, it was completed.
 */
export type Reached = 'nothing' | 'refused' | 'part' | 'end'

export type Asking = {
  readonly target: Target
  readonly client: Client
  /** When the time for it ends, as `performance.now()` counts. Default: never. */
  readonly until?: number | undefined
}

/** What is known of a set-up while it goes on, and after it failed. */
export type Progress = {
  reached: Reached
  values: Values
  readonly requests: RecordedRequest[]
  /** Let its secrets be seen again, once nothing can come back any more. */
  readonly forgets: (() => void)[]
}

/**
 * Arranges a provider state through the state URL or the recipe of a target.
 *
 * @param progress is kept up to date, so that what was done can be undone when this throws
 * @throws AssayError STATE_FAILED with the state and the cause
 */
export async function setUp(
  call: StateCall,
  naming: Naming,
  asking: Asking,
  progress: Progress,
): Promise<void> {
  const { target } = asking
  if (target.states?.kind === 'recipes') {
    const recipe = recipeOf(target.states.book, call.state)
    if (recipe === undefined) throw failed(`the target has no recipe for the state "${call.state}"`)
    const plain = new Set([...naming.plain, ...identifiersIn(recipe)])
    for (const { request, values = {} } of recipe.setup) {
      const filling = { ...call, values: progress.values }
      const missing = missingValue(request, filling)
      if (missing !== undefined) throw failed(`the state "${call.state}" answered no "${missing}"`)
      await take(fromRecipe(request, filling, target), call, asking, progress, (answer) =>
        readWanted(answer, values, { ...naming, plain }),
      )
    }
  } else {
    await take(stateRequest('setup', call, target), call, asking, progress, (answer) =>
      readAll(answer, naming),
    )
  }
  progress.reached = 'end'
}

async function take(
  request: Request,
  { state }: StateCall,
  { client, until }: Asking,
  progress: Progress,
  capture: Capture,
): Promise<void> {
  const { exchange, captured, forget } = await client
    .send(request, { until, capture })
    .catch((error) => {
      // What is no AssayError may have happened after the request was on its way.
      if (!(error instanceof AssayError)) progress.reached = 'part'
      throw error
    })
  if (progress.reached === 'nothing') progress.reached = reachedBy(exchange)
  progress.requests.push(exchange.request)
  progress.forgets.push(forget)
  progress.values = { ...progress.values, ...captured }
  const failure = whyFailed(exchange)
  if (failure === undefined) return
  const unreached = exchange.kind === 'failed' && !exchange.reached
  throw failed(unreached ? exchange.reason : `the state "${state}" could not be set up: ${failure}`)
}

function reachedBy(exchange: Exchange): Reached {
  if (exchange.kind === 'failed') {
    // A 429 says that it was not carried out, or it could not be sent again either.
    return exchange.reached && exchange.cause !== 'throttled' ? 'part' : 'nothing'
  }
  return isRefusal(exchange) ? 'refused' : 'part'
}

/**
 * Undoes a provider state; the answer says why that could not be done, undefined: it is undone.
 *
 * What was never learnt (the id, when an answer was lost) is looked up by the name that we chose.
 * It is tried even on a target that was given up, and beyond its budget.
 */
export async function tearDown(call: StateCall, asking: Asking): Promise<string | undefined> {
  const { states } = asking.target
  if (states?.kind !== 'recipes') {
    const exchange = await insist(stateRequest('teardown', call, asking.target), asking)
    return call.reached === 'refused' && isRefusal(exchange) ? undefined : whyFailed(exchange)
  }
  const recipe = recipeOf(states.book, call.state)
  if (recipe?.teardown === undefined) {
    return call.reached === 'part'
      ? 'its set-up was not completed, and the recipe has no teardown'
      : undefined
  }
  if (missingValue(recipe.teardown.request, call) === undefined) {
    return remove(recipe.teardown, call, asking)
  }
  if (recipe.find !== undefined) return findAndRemove(recipe.teardown, recipe.find, call, asking)
  return call.reached === 'refused'
    ? undefined
    : 'its id was never learnt, and the recipe has no way to find it by name'
}

async function findAndRemove(
  teardown: NonNullable<Recipe['teardown']>,
  find: NonNullable<Recipe['find']>,
  call: StateCall,
  asking: Asking,
): Promise<string | undefined> {
  const names = namesOf(call)
  if (names.length === 0) return 'its id was never learnt, and it has no name'
  let found: Found = { kind: 'unreadable', reason: 'there is no list' }
  const exchange = await insist(fromRecipe(find.request, call, asking.target), asking, (answer) => {
    found = findByName(answer, find, names)
    return found.kind === 'found' ? found.values : {}
  })
  return whyFailed(exchange) ?? removeFound(found, teardown, call, asking)
}

async function removeFound(
  found: Found,
  teardown: NonNullable<Recipe['teardown']>,
  call: StateCall,
  asking: Asking,
): Promise<string | undefined> {
  if (found.kind === 'gone') return undefined
  if (found.kind === 'unreadable') return `it could not be found by name: ${found.reason}`
  return remove(teardown, { ...call, values: { ...call.values, ...found.values } }, asking)
}

/** The params under one of which it was made: those that hold the chosen name. */
function namesOf({ name, params }: StateCall): readonly string[] {
  const texts = name === undefined ? [params.name] : Object.values(params)
  return texts.filter(
    (text) =>
      typeof text === 'string' && text !== '' && (name === undefined || text.includes(name)),
  ) as string[]
}

async function remove(
  { request }: NonNullable<Recipe['teardown']>,
  call: StateCall,
  asking: Asking,
): Promise<string | undefined> {
  const exchange = await insist(fromRecipe(request, call, asking.target), asking)
  const gone = exchange.kind === 'answered' && [404, 410].includes(exchange.response.status)
  return gone ? undefined : whyFailed(exchange)
}

async function insist(
  request: Request,
  { client, until }: Asking,
  capture?: Capture,
): Promise<Exchange> {
  const { exchange, forget } = await client.send(request, { until, capture, insist: true })
  forget()
  return exchange
}

/** The Pact convention: `POST {"state", "params", "action"}`; teardown carries params and answered values. */
function stateRequest(
  action: 'setup' | 'teardown',
  { state, params, values }: StateCall,
  { name, states }: Target,
): Request {
  if (states?.kind !== 'url') throw new Error(`${name} has no state URL`)
  const { origin, pathname } = new URL(states.url)
  return {
    method: 'POST',
    baseUrl: origin,
    path: pathname,
    headers: [['accept', 'application/json'], ...states.headers],
    body: { state, params: { ...params, ...values }, action },
  }
}

function recipeOf(book: Readonly<Record<string, Recipe>>, state: string): Recipe | undefined {
  return Object.hasOwn(book, state) ? book[state] : undefined
}

function failed(message: string): AssayError {
  return new AssayError('STATE_FAILED', message, {
    hint: 'make the target arrange this state, or leave it out of the suite',
  })
}

function whyFailed(exchange: Exchange): string | undefined {
  if (exchange.kind === 'failed') {
    return `${exchange.request.method} ${exchange.request.url}: ${exchange.reason}`
  }
  const { status } = exchange.response
  if (status >= 200 && status < 300) return undefined
  return `${exchange.request.method} ${exchange.request.url} answered ${status}`
}

/** Whether a target answered that it did not do what it was asked (RFC 9110, sections 15.4 and 15.5). */
function isRefusal(exchange: Exchange): boolean {
  if (exchange.kind === 'failed') return false
  const { status } = exchange.response
  return status >= 300 && status < 500
}
