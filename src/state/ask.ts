import { AssayError } from '../errors.ts'
import type {
  Capture,
  Client,
  Exchange,
  RecordedRequest,
  Request,
  Reserve,
} from '../exchange/index.ts'
import type { Recipe, Target } from '../target/index.ts'
import {
  type Filling,
  fromRecipe,
  identifiersIn,
  isCreating,
  missingValue,
  recipeFor,
} from './recipe.ts'
import {
  contradicts,
  type Found,
  findByName,
  type Naming,
  readAll,
  readWanted,
  type Values,
} from './values.ts'

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

/** What undoing takes: the requests that were set aside for it. */
export type Undoing = Asking & { readonly reserve: Reserve }

/** What came of undoing; `gone`: nothing of it was seen, so it never was there, or no longer, or not yet. */
export type Undone =
  | { readonly kind: 'removed' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'left'; readonly reason: string }

/** What is known of a set-up while it goes on, and after it failed. */
export type Progress = {
  reached: Reached
  values: Values
  /**
   * Until when what was made may not be seen yet, as `performance.now()` counts: an answer was lost and
   * its request may still be carried out, or the target declares a consistency window.
   */
  unseenUntil?: number
  readonly requests: RecordedRequest[]
  /** Let its secrets be seen again, once nothing can come back any more. */
  readonly forgets: (() => void)[]
}

/** Milliseconds between two tries within a consistency window. */
const pauseWithinWindow = 100

/** What a set-up tells while it goes on; awaited each time. */
export type Telling = {
  /** Right before a request that may make something goes on the wire. */
  creating(): Promise<void>
  /** When values of what was made are known, and the set-up goes on. */
  created(): Promise<void>
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
  asking: Asking & Telling,
  progress: Progress,
): Promise<void> {
  const { target } = asking
  if (target.states?.kind === 'recipes') {
    const recipe = recipeFor(call.state, target)
    if (recipe === undefined) throw failed(`the target has no recipe for the state "${call.state}"`)
    const plain = new Set([...naming.plain, ...identifiersIn(recipe)])
    for (const [index, { request, values = {} }] of recipe.setup.entries()) {
      const filling = { ...call, values: progress.values }
      const missing = missingValue(request, filling)
      if (missing !== undefined) throw failed(`the state "${call.state}" answered no "${missing}"`)
      await take(fromRecipe(request, filling, target), call, asking, progress, (answer) =>
        readWanted(answer, values, { ...naming, plain }),
      )
      if (index < recipe.setup.length - 1) await asking.created()
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
  { client, target, until, creating }: Asking & Telling,
  progress: Progress,
  capture: Capture,
): Promise<void> {
  const before = isCreating(request) ? creating : undefined
  const send = () =>
    client.send(request, { until, capture, creates: true, before }).catch((error) => {
      // What is no AssayError may have happened after the request was on its way.
      if (!(error instanceof AssayError)) progress.reached = 'part'
      throw error
    })
  let sent = await send()
  while (isMissing(sent.exchange) && (progress.unseenUntil ?? 0) > performance.now()) {
    await client.pause(pauseWithinWindow)
    sent = await send()
  }
  const { exchange, captured, forget } = sent
  const { requestTimeout, consistencyWindow = 0 } = target.limits
  if (progress.reached === 'nothing') progress.reached = reachedBy(exchange)
  progress.requests.push(exchange.request)
  progress.forgets.push(forget)
  progress.values = { ...progress.values, ...captured }
  if (isLost(exchange)) progress.unseenUntil = performance.now() - exchange.ms + requestTimeout
  else if (consistencyWindow > 0 && !isMissing(exchange))
    progress.unseenUntil = performance.now() + consistencyWindow
  const failure = whyFailed(exchange)
  if (failure === undefined) return
  const isOfOrigin = exchange.kind === 'failed' && (!exchange.reached || exchange.unheard)
  throw failed(
    isOfOrigin ? exchange.reason : `the state "${state}" could not be set up: ${failure}`,
  )
}

function reachedBy(exchange: Exchange): Reached {
  if (exchange.kind === 'failed') {
    // A 429 says that it was not carried out, or it could not be sent again either.
    return exchange.reached && exchange.cause !== 'throttled' ? 'part' : 'nothing'
  }
  return isRefusal(exchange) ? 'refused' : 'part'
}

/**
 * Asks the target itself whether what a recipe answered is what was made, where it can be asked: a
 * pointer that names the wrong member would have something of somebody else destroyed.
 */
export async function isSomethingElse(
  call: StateCall & { readonly progress: Progress },
  { target, client, until }: Asking,
): Promise<boolean> {
  const find = recipeFor(call.state, target)?.find
  const names = namesOf(call)
  if (find === undefined || names.length === 0) return false
  let is = false
  const { forget } = await client.send(fromRecipe(find.request, call, target), {
    until,
    capture(answer) {
      is = contradicts(answer, find, names, call.progress.values)
      return {}
    },
  })
  forget()
  return is
}

/**
 * Whether a request may still be carried out of which nothing more will be heard: its connection was
 * lost, we stopped waiting before its time, or a gateway did.
 */
function isLost(exchange: Exchange): boolean {
  if (exchange.kind === 'failed')
    return exchange.reached && ['reset', 'stopped'].includes(exchange.cause)
  return [502, 504].includes(exchange.response.status)
}

/**
 * Undoes a provider state and says what came of it.
 *
 * What was never learnt (the id, when an answer was lost) is looked up by the name that we chose.
 * It is tried even on a target that was given up.
 */
export async function tearDown(call: StateCall, asking: Undoing): Promise<Undone> {
  const { states } = asking.target
  if (states?.kind !== 'recipes') {
    const exchange = await insist(stateRequest('teardown', call, asking.target), asking)
    const isNothing = call.reached === 'refused' && isRefusal(exchange)
    const reason = isNothing ? undefined : whyFailed(exchange)
    const known = Object.keys(call.values).length > 0
    return reason === undefined ? { kind: known ? 'removed' : 'gone' } : left(reason)
  }
  const recipe = recipeFor(call.state, asking.target)
  if (recipe === undefined) return left(`the target has no recipe for the state "${call.state}"`)
  if (recipe.teardown === undefined) {
    if (call.reached === 'part')
      return left('its set-up was not completed, and the recipe has no teardown')
    return { kind: 'gone' }
  }
  if (missingValue(recipe.teardown.request, call) === undefined)
    return remove(recipe.teardown, call, asking)
  if (recipe.find !== undefined) return findAndRemove(recipe.teardown, recipe.find, call, asking)
  return call.reached === 'refused'
    ? { kind: 'gone' }
    : left('its id was never learnt, and the recipe has no way to find it by name')
}

async function findAndRemove(
  teardown: NonNullable<Recipe['teardown']>,
  find: NonNullable<Recipe['find']>,
  call: StateCall,
  asking: Undoing,
): Promise<Undone> {
  const names = namesOf(call)
  if (names.length === 0) return left('its id was never learnt, and it has no name')
  let found: Found = { kind: 'unreadable', reason: 'there is no list' }
  const exchange = await insist(fromRecipe(find.request, call, asking.target), asking, (answer) => {
    found = findByName(answer, find, names)
    return {}
  })
  const reason = whyFailed(exchange)
  return reason === undefined ? removeFound(found, teardown, call, asking) : left(reason)
}

/** Removes everything that has the name: a creation that was carried out twice has left two. */
async function removeFound(
  found: Found,
  teardown: NonNullable<Recipe['teardown']>,
  call: StateCall,
  asking: Undoing,
): Promise<Undone> {
  if (found.kind === 'gone') return { kind: 'gone' }
  if (found.kind === 'unreadable') return left(`it could not be found by name: ${found.reason}`)
  for (const values of found.values) {
    const undone = await remove(
      teardown,
      { ...call, values: { ...call.values, ...values } },
      asking,
    )
    if (undone.kind === 'left') return undone
  }
  return { kind: 'removed' }
}

/** The params under one of which it was made: those that hold the chosen name. */
function namesOf({ name, params }: StateCall): readonly string[] {
  if (name === undefined) return []
  return Object.values(params).filter(
    (text): text is string => typeof text === 'string' && text.includes(name),
  )
}

async function remove(
  { request }: NonNullable<Recipe['teardown']>,
  call: StateCall,
  asking: Undoing,
): Promise<Undone> {
  const exchange = await insist(fromRecipe(request, call, asking.target), asking)
  if (isMissing(exchange)) return { kind: 'gone' }
  const reason = whyFailed(exchange)
  return reason === undefined ? { kind: 'removed' } : left(reason)
}

function isMissing(exchange: Exchange): boolean {
  return exchange.kind === 'answered' && [404, 410].includes(exchange.response.status)
}

async function insist(
  request: Request,
  { client, until, reserve }: Undoing,
  capture?: Capture,
): Promise<Exchange> {
  const { exchange, forget } = await client.send(request, { until, capture, insist: reserve })
  forget()
  return exchange
}

function left(reason: string): Undone {
  return { kind: 'left', reason }
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

export function failed(message: string): AssayError {
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
