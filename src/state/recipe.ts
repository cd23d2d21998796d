import type { Operation } from '../document/index.ts'
import type { Request, Text } from '../exchange/index.ts'
import { isSafe } from '../plan/index.ts'
import { credentialHeader } from '../probe/index.ts'
import { type Recipe, type RecipeRequest, Secret, type Target } from '../target/index.ts'
import type { Values } from './values.ts'

/** What fills the holes of a recipe. */
export type Filling = {
  /** The operation it serves, which says where the credential goes. */
  readonly operation: Operation
  readonly params: Readonly<Record<string, unknown>>
  readonly values: Values
}

const holes = /\{(\w+)\}/g

/** Makes a request of a recipe, with the configured credential. */
export function fromRecipe(request: RecipeRequest, filling: Filling, target: Target): Request {
  const credential = credentialHeader(filling.operation, target)
  const taken = new Set(credential.map(([name]) => name.toLowerCase()))
  return {
    method: request.method,
    baseUrl: target.baseUrl,
    path: request.path.replaceAll(holes, (hole, name: string) => {
      const value = plainOf(filling, name)
      return value === undefined ? hole : encodeURIComponent(value)
    }),
    headers: [
      ['accept', 'application/json'],
      ...target.headers.filter(([name]) => !taken.has(name.toLowerCase())),
      ...credential,
    ],
    ...(request.body === undefined ? {} : { body: fillBody(request.body, filling) }),
  }
}

/** The recipe of a target for a state. */
export function recipeFor(state: string, { states }: Target): Recipe | undefined {
  if (states?.kind !== 'recipes') return undefined
  return Object.hasOwn(states.book, state) ? states.book[state] : undefined
}

/** Whether a request may make something, so that it is noted before it is sent. */
export function isCreating({ method }: { readonly method: string }): boolean {
  return !isSafe(method) && method !== 'DELETE'
}

/** A value that the path of a request needs and nobody gave. */
export function missingValue(request: RecipeRequest, filling: Filling): string | undefined {
  return holesIn(request).find((name) => plainOf(filling, name) === undefined)
}

/** The values that a recipe puts into a path: they are identifiers, not credentials. */
export function identifiersIn({ setup, teardown }: Recipe): readonly string[] {
  return [...setup, ...(teardown === undefined ? [] : [teardown])].flatMap(({ request }) =>
    holesIn(request),
  )
}

function holesIn({ path }: RecipeRequest): readonly string[] {
  return [...path.matchAll(holes)].map(([, name = '']) => name)
}

/** A text that is nothing but a hole becomes the value itself, which may be a secret. */
function fillBody(body: unknown, filling: Filling): unknown {
  if (typeof body === 'string') {
    const [, name] = /^\{(\w+)\}$/.exec(body) ?? []
    const whole = name === undefined ? undefined : textOf(filling, name)
    return whole ?? body.replaceAll(holes, (hole, each) => plainOf(filling, each) ?? hole)
  }
  if (Array.isArray(body)) return body.map((item) => fillBody(item, filling))
  if (typeof body !== 'object' || body === null) return body
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, fillBody(value, filling)]),
  )
}

function plainOf(filling: Filling, name: string): string | undefined {
  const text = textOf(filling, name)
  return text instanceof Secret ? undefined : text
}

function textOf({ params, values }: Filling, name: string): Text | undefined {
  if (Object.hasOwn(values, name)) return values[name]
  const param = Object.hasOwn(params, name) ? params[name] : undefined
  if (param === undefined || typeof param === 'string') return param
  return JSON.stringify(param)
}
