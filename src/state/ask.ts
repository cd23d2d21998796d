import { lookUp, type Operation, splitPointer } from '../document/index.ts'
import { AssayError } from '../errors.ts'
import type { Client, Exchange, RecordedRequest, Request, Text } from '../exchange/index.ts'
import { credentialHeader } from '../probe/index.ts'
import { type Recipe, type RecipeRequest, Secret, type Target } from '../target/index.ts'

export type Values = Readonly<Record<string, Text>>

/** What a target is asked to arrange or to undo. */
export type StateCall = {
  /** The operation it serves, which says where the credential goes. */
  readonly operation: Operation
  readonly state: string
  readonly params: Readonly<Record<string, string | number | boolean>>
  readonly values: Values
}

export type Asking = {
  readonly target: Target
  readonly client: Client
  readonly signal?: AbortSignal | undefined
  /** Whether a target that was given up is asked all the same. */
  readonly insist?: boolean
}

/** Which answered values are no secret: those that fill a path. The rest is taken for credentials. */
export type Naming = { readonly given: string; readonly plain: ReadonlySet<string> }

export type Arranged = {
  readonly values: Values
  readonly requests: readonly RecordedRequest[]
  /** Lets its secrets be seen again, once nothing can come back any more. */
  forget(): void
}

/**
 * Arranges a provider state through the state URL or the recipe of a target.
 *
 * @throws AssayError STATE_FAILED with the state and the cause
 */
export async function setUp(call: StateCall, naming: Naming, asking: Asking): Promise<Arranged> {
  const { states } = asking.target
  if (states?.kind !== 'recipes') {
    const { exchange, captured, forget } = await askStateUrl('setup', call, asking, (answer) =>
      readAll(answer, naming),
    )
    expectSuccess(call, exchange)
    return { values: captured, requests: [exchange.request], forget }
  }
  const recipe = states.book[call.state]
  let values: Values = call.values
  const requests: RecordedRequest[] = []
  const forgets: (() => void)[] = []
  const shown = { ...naming, plain: new Set([...naming.plain, ...pathHoles(recipe)]) }
  for (const { request, values: wanted } of recipe?.setup ?? []) {
    const { exchange, captured, forget } = await asking.client.send(
      fromRecipe(request, { ...call, values }, asking.target),
      {
        signal: asking.signal,
        insist: asking.insist,
        capture: (answer) => readWanted(answer, wanted ?? {}, shown),
      },
    )
    requests.push(exchange.request)
    forgets.push(forget)
    values = { ...values, ...captured }
    expectSuccess(call, exchange)
  }
  return { values, requests, forget: () => forgets.forEach((each) => void each()) }
}

/**
 * Undoes a provider state; the answer says why that could not be done, undefined: it is undone.
 *
 * What was never learnt (the id, when an answer was lost) is looked up by the name that we chose.
 */
export async function tearDown(call: StateCall, asking: Asking): Promise<string | undefined> {
  const { states } = asking.target
  if (states?.kind !== 'recipes') {
    const { exchange } = await askStateUrl('teardown', call, asking)
    return whyFailed(exchange)
  }
  const recipe = Object.hasOwn(states.book, call.state) ? states.book[call.state] : undefined
  if (recipe?.teardown === undefined) return undefined
  const { request } = recipe.teardown
  if (isFilled(request, call)) return remove(request, call, asking)
  if (recipe.find === undefined)
    return 'its id was never learnt, and the recipe has no way to find it by name'
  const { exchange, captured } = await asking.client.send(
    fromRecipe(recipe.find.request, call, asking.target),
    {
      signal: asking.signal,
      insist: asking.insist,
      capture: (answer) => findByName(answer, recipe.find, call),
    },
  )
  const failure = whyFailed(exchange)
  if (failure !== undefined) return failure
  if (Object.keys(captured).length === 0) return undefined
  return remove(request, { ...call, values: { ...call.values, ...captured } }, asking)
}

async function remove(
  request: RecipeRequest,
  call: StateCall,
  asking: Asking,
): Promise<string | undefined> {
  const { exchange } = await asking.client.send(fromRecipe(request, call, asking.target), {
    signal: asking.signal,
    insist: asking.insist,
  })
  const gone = exchange.kind === 'answered' && [404, 410].includes(exchange.response.status)
  return gone ? undefined : whyFailed(exchange)
}

/** The Pact convention: `POST {"state", "params", "action"}`; teardown carries params and answered values. */
function askStateUrl(
  action: 'setup' | 'teardown',
  { state, params, values }: StateCall,
  { target, client, signal, insist }: Asking,
  capture?: (answer: unknown) => Values,
) {
  if (target.states?.kind !== 'url') throw new Error(`${target.name} has no state URL`)
  const request: Request = {
    method: 'POST',
    baseUrl: target.states.url,
    path: '',
    headers: [['accept', 'application/json'], ...target.states.headers],
    body: { state, params: { ...params, ...values }, action },
  }
  return client.send(request, {
    signal,
    insist,
    capture,
  })
}

function fromRecipe(request: RecipeRequest, call: StateCall, target: Target): Request {
  const filled = (text: string) => fillText(text, call, encodeURIComponent)
  const [path = '', query] = request.path.split('?')
  return {
    method: request.method,
    baseUrl: target.baseUrl,
    path: filled(path) + (query === undefined ? '' : `?${filled(query)}`),
    headers: [
      ['accept', 'application/json'],
      ...target.headers,
      ...credentialHeader(call.operation, target),
    ],
    ...(request.body === undefined ? {} : { body: fillBody(request.body, call) }),
  }
}

function fillBody(body: unknown, call: StateCall): unknown {
  if (typeof body === 'string') return fillText(body, call, (text) => text)
  if (Array.isArray(body)) return body.map((item) => fillBody(item, call))
  if (typeof body !== 'object' || body === null) return body
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, fillBody(value, call)]),
  )
}

function fillText(text: string, call: StateCall, encode: (text: string) => string): string {
  return text.replaceAll(/\{(\w+)\}/g, (hole, name: string) => {
    const value = textOf(call, name)
    return value === undefined ? hole : encode(value)
  })
}

/** The values that a recipe puts into a path: they are identifiers, not credentials. */
function pathHoles(recipe: Recipe | undefined): readonly string[] {
  const requests = [...(recipe?.setup ?? []), ...(recipe?.teardown ? [recipe.teardown] : [])]
  return requests.flatMap(({ request }) =>
    [...request.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
  )
}

function isFilled(request: RecipeRequest, call: StateCall): boolean {
  return [...request.path.matchAll(/\{(\w+)\}/g)].every(
    ([, name]) => textOf(call, name ?? '') !== undefined,
  )
}

function textOf({ params, values }: StateCall, name: string): string | undefined {
  const value = Object.hasOwn(values, name)
    ? values[name]
    : Object.hasOwn(params, name)
      ? params[name]
      : undefined
  return value === undefined || value instanceof Secret ? undefined : String(value)
}

function readAll(answer: unknown, naming: Naming): Values {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return {}
  return Object.fromEntries(
    Object.entries(answer).flatMap(([name, value]) => valueEntry(name, value, naming)),
  )
}

function readWanted(
  answer: unknown,
  wanted: Readonly<Record<string, string>>,
  naming: Naming,
): Values {
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([name, pointer]) =>
      valueEntry(name, lookUp(answer, splitPointer(pointer)), naming),
    ),
  )
}

function valueEntry(name: string, value: unknown, { given, plain }: Naming): [string, Text][] {
  if (typeof value !== 'string' && typeof value !== 'number') return []
  const text = String(value)
  return [[name, plain.has(name) ? text : new Secret(`{${given}.${name}}`, text)]]
}

function findByName(answer: unknown, find: Recipe['find'], call: StateCall): Values {
  if (find === undefined) return {}
  const items = lookUp(answer, splitPointer(find.items))
  const wanted = call.params.name
  const item = Array.isArray(items)
    ? items.find((each) => lookUp(each, splitPointer(find.name)) === wanted)
    : undefined
  return readWanted(item, find.values, { given: '', plain: new Set(Object.keys(find.values)) })
}

function expectSuccess({ state }: StateCall, exchange: Exchange): void {
  const failure = whyFailed(exchange)
  if (failure === undefined) return
  const unreached = exchange.kind === 'failed' && !exchange.reached
  throw new StateFailure(
    unreached ? exchange.reason : `the state "${state}" could not be set up: ${failure}`,
    !unreached,
  )
}

/** A state that could not be set up, and whether the target may have acted on the request. */
export class StateFailure extends AssayError {
  readonly reached: boolean

  constructor(message: string, reached: boolean) {
    super('STATE_FAILED', message, {
      hint: 'make the target arrange this state, or leave it out of the suite',
    })
    this.reached = reached
  }
}

function whyFailed(exchange: Exchange): string | undefined {
  if (exchange.kind === 'failed') {
    return `${exchange.request.method} ${exchange.request.url}: ${exchange.reason}`
  }
  const { status } = exchange.response
  if (status >= 200 && status < 300) return undefined
  return `${exchange.request.method} ${exchange.request.url} answered ${status}`
}
