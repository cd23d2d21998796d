import type { Parameter } from '../document/index.ts'
import type { Request, Text } from '../exchange/index.ts'
import type { CredentialUse, Step } from '../plan/index.ts'
import type { Schemas } from '../schema/index.ts'
import { bareKey, Secret, type Target } from '../target/index.ts'
import { findAbsent, type Random } from './absent.ts'
import { credentialFamily } from './credential-family.ts'
import {
  type CredentialPlace,
  credentialPlace,
  formAt,
  writeCredential,
} from './credential-place.ts'

/** What given states answered: by the name of the given, then by the name of the value. */
export type Scope = Readonly<Record<string, Readonly<Record<string, Text>>>>

export type FillContext = {
  readonly target: Target
  readonly scope: Scope
  readonly schemas: Schemas
  readonly random: Random
}

/**
 * Fills the holes of a step for one target.
 *
 * @throws Error naming the value that a state did not answer
 */
export function fillStep(step: Step, context: FillContext): Request {
  const { operation } = step
  const place = credentialPlace(operation)
  const credential = place && fillCredential(step.use, place, context)
  const fixed = operation.parameters.filter(
    (each) => each.in !== 'path' && each.required && each.example !== undefined,
  )
  const sample = (where: Parameter['in']) =>
    fixed
      .filter((each) => each.in === where)
      .map(({ name, example }) => [name, plain(example)] as const)
  const at = (where: CredentialPlace['in']): readonly (readonly [string, Text])[] =>
    place?.in === where && credential !== undefined ? [[place.name, credential]] : []
  const cookies = [...at('cookie'), ...sample('cookie')]
  const fault = step.faultHeader === true ? context.target.faultHeader : undefined
  const body = operation.requestBody?.required
    ? operation.requestBody.content[0]?.example
    : undefined
  return {
    method: operation.method,
    baseUrl: context.target.baseUrl,
    path: fillPath(step, context),
    query: [...sample('query'), ...at('query')],
    headers: [
      ['accept', accepted(step)],
      ...context.target.headers,
      ...sample('header'),
      ...at('header'),
      ...cookies.map(([name, value]) => ['cookie', cookie(name, value)] as const),
      ...(fault === undefined ? [] : [fault]),
    ],
    ...(body === undefined ? {} : { body }),
  }
}

function fillPath({ operation, path }: Step, { scope, schemas, random }: FillContext): string {
  return operation.path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
    const hole = Object.hasOwn(path, name) ? path[name] : undefined
    if (hole?.kind === 'text') return encodeURIComponent(hole.text)
    if (hole?.kind === 'given')
      return encodeURIComponent(answered(scope, hole.given, hole.value).toString())
    const parameter = operation.parameters.find((each) => each.in === 'path' && each.name === name)
    return encodeURIComponent((parameter && findAbsent({ schemas }, parameter, random)) ?? '')
  })
}

/** The credential of a step as text, a secret, or undefined where the step shows none. */
function fillCredential(
  use: CredentialUse,
  place: CredentialPlace,
  { target, scope, random }: FillContext,
): Text | undefined {
  if (use.kind === 'configured') {
    return target.credential && writeCredential(place, target.form, target.credential)
  }
  if (use.kind === 'given') {
    return writeCredential(place, target.form, asSecret(answered(scope, use.given, use.value)))
  }
  const alteration = credentialFamily.find(({ id }) => id === use.alteration)
  if (alteration === undefined) throw new Error(`no alteration is called ${use.alteration}`)
  const form = formAt(place, target.form)
  const key =
    use.of === undefined
      ? randomKey(random)
      : bareKey(form, asSecret(answered(scope, use.of.given, use.of.value)))
  const shown = alteration.shown(form).replace('{}', key.name)
  let sends = true
  const altered = key.derive(shown, (text) => {
    const result = alteration.alter(text, form)
    sends = result !== undefined
    return result ?? ''
  })
  return sends ? altered : undefined
}

function answered(scope: Scope, given: string, value: string): Text {
  const values = Object.hasOwn(scope, given) ? scope[given] : undefined
  const text = values !== undefined && Object.hasOwn(values, value) ? values[value] : undefined
  if (text === undefined)
    throw new Error(`the state behind "${given}" answered no value "${value}"`)
  return text
}

function asSecret(text: Text): Secret {
  return text instanceof Secret ? text : new Secret('{key}', text)
}

function randomKey(random: Random): Secret {
  const text = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  return new Secret('{random}', text)
}

function cookie(name: string, value: Text): Text {
  if (typeof value === 'string') return `${name}=${value}`
  return value.derive(`${name}=${value.name}`, (text) => `${name}=${text}`)
}

function accepted({ operation }: Step): string {
  const names = operation.responses.flatMap(({ content }) => content.map(({ name }) => name))
  return [...new Set(names)].join(', ') || '*/*'
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
