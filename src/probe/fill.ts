import type { Operation, Parameter } from '../document/index.ts'
import type { Request, Text } from '../exchange/index.ts'
import { type CredentialUse, type KeySource, methodOf, type Step } from '../plan/index.ts'
import type { Schemas } from '../schema/index.ts'
import { bareKey, makeUp, Secret, type Target } from '../target/index.ts'
import { findAbsent } from './absent.ts'
import { alterationNamed } from './alterations.ts'
import {
  type CredentialPlace,
  cookie,
  credentialHeaders,
  credentialPlace,
  formAt,
  spellingAt,
  writeCredential,
} from './credential-place.ts'
import { exampleBody } from './ground.ts'
import { likenesses } from './likenesses.ts'
import { type Random, randomHex } from './random.ts'
import { mayBeSent } from './safety.ts'

/** What given states answered: by the name of the given, then by the name of the value. */
export type Scope = Readonly<Record<string, Readonly<Record<string, Text>>>>

export type FillContext = {
  readonly target: Target
  readonly scope: Scope
  readonly schemas: Schemas
  readonly random: Random
}

/**
 * Fills the holes of a step for one target; undefined where what a state answered leaves no room for it.
 *
 * A step that shows another credential than the configured one does without the headers of the
 * target that may hold it too.
 *
 * @throws Error naming the value that a state did not answer
 */
export function fillStep(step: Step, context: FillContext): Request | undefined {
  const { operation } = step
  const { target } = context
  const { accept, query, headers, cookies, body, credentialNames, ...frame } = frameOf(operation)
  const place = placeShown(step)
  const credential = frame.place && fillCredential(step.use, frame.place, context)
  const path = fillPath(step, context)
  if (path === undefined || credential === leavesNoRoom) return undefined
  const isOther = credential !== undefined || step.use.kind !== 'configured'
  const at = (where: CredentialPlace['in']): readonly (readonly [string, Text])[] =>
    place?.in === where && credential !== undefined ? [[place.name, credential]] : []
  const fault = step.faultHeader === true ? target.faultHeader : undefined
  return {
    method: methodOf(step),
    baseUrl: target.baseUrl,
    path,
    query: [...query, ...at('query')],
    headers: [
      ['accept', accept],
      ...target.headers.filter(([name]) => !isOther || !credentialNames.has(name.toLowerCase())),
      ...headers,
      ...at('header'),
      ...oneCookie([...at('cookie'), ...cookies]),
      ...(fault === undefined ? [] : [fault]),
    ],
    ...(body === undefined || step.method !== undefined ? {} : { body }),
  }
}

/** Where a step puts its credential: as documented, but for one that is misplaced on purpose. */
export function placeShown({ use, operation }: Step): CredentialPlace | undefined {
  const documented = credentialPlace(operation)
  if (use.kind !== 'altered' || documented === undefined) return documented
  return alterationNamed(use.alteration).at?.(documented) ?? documented
}

/** What all valid requests of an operation have in common. */
export type Frame = {
  readonly place: CredentialPlace | undefined
  readonly accept: string
  readonly query: readonly (readonly [string, string])[]
  readonly headers: readonly (readonly [string, string])[]
  readonly cookies: readonly (readonly [string, string])[]
  /** Sent as JSON; undefined: there is none. */
  readonly body: unknown
  /** The headers that hold credentials, in lower case. */
  readonly credentialNames: ReadonlySet<string>
}

const frames = new WeakMap<Operation, Frame>()

export function frameOf(operation: Operation): Frame {
  const known = frames.get(operation)
  if (known !== undefined) return known
  const { requestBody } = operation
  const frame = {
    place: credentialPlace(operation),
    accept: accepted(operation),
    query: samples(operation, 'query'),
    headers: samples(operation, 'header'),
    cookies: samples(operation, 'cookie'),
    body: requestBody?.required ? exampleBody(requestBody.content) : undefined,
    credentialNames: credentialHeaders(operation),
  }
  frames.set(operation, frame)
  return frame
}

/** The examples of the required parameters in one place; a list as its parameter is exploded. */
function samples({ parameters }: Operation, where: Parameter['in']): readonly [string, string][] {
  return parameters
    .filter((each) => each.in === where && each.required && each.example !== undefined)
    .flatMap(({ name, example, explode = where === 'query' }): [string, string][] => {
      if (!Array.isArray(example)) return [[name, plain(example)]]
      const items = example.map(plain)
      return explode ? items.map((item) => [name, item]) : [[name, items.join(',')]]
    })
}

function fillPath(step: Step, { scope, schemas, random, target }: FillContext): string | undefined {
  const { operation, path } = step
  let hasRoom = true
  const filled = operation.path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
    const hole = Object.hasOwn(path, name) ? path[name] : undefined
    if (hole?.kind === 'text') return encodeURIComponent(hole.text)
    if (hole?.kind === 'raw') return hole.text
    if (hole?.kind === 'like') {
      const own = answered(scope, hole.given, hole.value).toString()
      const wire = likenesses.find(({ id }) => id === hole.likeness)?.write(own)
      hasRoom &&= wire !== undefined && mayBeSent(wire, methodOf(step), target)
      return wire ?? ''
    }
    if (hole?.kind === 'given')
      return encodeURIComponent(answered(scope, hole.given, hole.value).toString())
    const parameter = operation.parameters.find((each) => each.in === 'path' && each.name === name)
    const absent = parameter && findAbsent({ schemas }, parameter, random)
    if (absent === undefined)
      throw new Error(`no value of the path parameter "${name}" is sure to name nothing`)
    return encodeURIComponent(absent)
  })
  return hasRoom ? filled : undefined
}

/** What an alteration leaves as it was: there is nothing to be refused then. */
const leavesNoRoom = Symbol('the key leaves no room for it')

/** The credential of a step as text, a secret, or undefined where the step shows none. */
function fillCredential(
  use: CredentialUse,
  place: CredentialPlace,
  { target, scope, random }: FillContext,
): Text | typeof leavesNoRoom | undefined {
  if (use.kind === 'configured') {
    return target.credential && writeCredential(place, target.form, target.credential)
  }
  if (use.kind === 'given') {
    return writeCredential(place, target.form, secretAt(scope, use))
  }
  const alteration = alterationNamed(use.alteration)
  const spelling = spellingAt(place, target.form)
  const key =
    use.of === undefined
      ? randomKey(random, place)
      : bareKey(formAt(place, target.form), secretAt(scope, use.of))
  const shown = alteration.shown(spelling).replace('{}', () => key.name)
  let sends = true
  let isSame = false
  const altered = key.derive(shown, (text) => {
    const result = alteration.alter(text, spelling)
    sends = result !== undefined
    isSame =
      use.of !== undefined && alteration.at === undefined && result?.trim() === spelling.write(text)
    return result ?? ''
  })
  if (isSame && alteration.mayBeSame !== true)
    throw new Error(`the key of "${use.of?.given}" is too short to be altered`)
  if (isSame) return leavesNoRoom
  return sends ? altered : undefined
}

function secretAt(scope: Scope, { given, value }: KeySource): Secret {
  const text = answered(scope, given, value)
  return text instanceof Secret ? text : new Secret(`{${given}.${value}}`, text)
}

function answered(scope: Scope, given: string, value: string): Text {
  const values = Object.hasOwn(scope, given) ? scope[given] : undefined
  const text = values !== undefined && Object.hasOwn(values, value) ? values[value] : undefined
  if (text === undefined)
    throw new Error(`the state behind "${given}" answered no value "${value}"`)
  return text
}

/** Text that nobody was ever given as a key; for Basic, of the shape user:password. */
function randomKey(random: Random, { scheme }: CredentialPlace): Secret {
  return makeUp(
    '{random}',
    scheme === 'basic'
      ? `${randomHex(16, random)}:${randomHex(16, random)}`
      : randomHex(32, random),
  )
}

/** All cookies go into one header (RFC 6265, section 5.4). */
function oneCookie(cookies: readonly (readonly [string, Text])[]): readonly [string, Text][] {
  const [first, ...others] = cookies.map(([name, value]) => cookie(name, value))
  if (first === undefined) return []
  return [['cookie', others.reduce(joined, first)]]
}

function joined(one: Text, other: Text): Text {
  if (typeof one !== 'string')
    return one.derive(`${one.name}; ${other}`, (text) => `${text}; ${other}`)
  return typeof other === 'string' ? `${one}; ${other}` : joined(other, one)
}

function accepted(operation: Operation): string {
  const names = operation.responses.flatMap(({ content }) => content.map(({ name }) => name))
  return [...new Set(names)].join(', ') || '*/*'
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
