import { type Operation, type Parameter, responseFor } from '../document/index.ts'
import type { Until } from './until.ts'

/** A place in a script that is filled when it runs. */
export type Hole =
  | { readonly kind: 'text'; readonly text: string }
  /** A value that a provider state answered. */
  | { readonly kind: 'given'; readonly given: string; readonly value: string }
  /** Random, conforming to the schema of the parameter, and hence the name of nothing. */
  | { readonly kind: 'absent'; readonly parameter: string }
  /** The name of nothing, as it goes over the wire. */
  | { readonly kind: 'raw'; readonly text: string }
  /** What looks like a value that a provider state answered, and is another. */
  | {
      readonly kind: 'like'
      readonly given: string
      readonly value: string
      readonly likeness: string
    }

/** Which credential a step shows. */
export type CredentialUse =
  | { readonly kind: 'configured' }
  /** A credential that a provider state answered, in its documented form. */
  | { readonly kind: 'given'; readonly given: string; readonly value: string }
  /** Made by a member of the credential family from a throwaway key, else from random text. */
  | { readonly kind: 'altered'; readonly alteration: string; readonly of?: KeySource }

export type KeySource = { readonly given: string; readonly value: string }

/** A status code, a range such as `4XX`, or `default`: any status that is not documented by itself. */
export type StatusPattern = string

/** A provider state that a script needs, by the role it plays for the operation. */
export type Given = {
  readonly name: string
  readonly role: string
  readonly operation: Operation
  /** Where it cannot be had, the steps that need it are left out and the rest still proves something. */
  readonly optional?: boolean
}

/** What came although something else was expected, and refutes a promise of its own. */
export type Refutation = {
  readonly statuses: readonly StatusPattern[]
  readonly because: string
  /** The law that says so, where it is not the one that the probe is about. */
  readonly law?: string
  /** Nothing is refuted where a probe of the hoped status meets the same: then that is the root. */
  readonly unlessHopedFails?: boolean
}

export type Step = {
  readonly name: string
  readonly operation: Operation
  readonly path: Readonly<Record<string, Hole>>
  readonly use: CredentialUse
  /** The documented statuses that may come; the first names the cell where a surprise is filed. */
  readonly expect: readonly StatusPattern[]
  /** The code that it aims at, where `expect` names a range that stands for it. */
  readonly code?: number
  /** Why, in words that follow "because". */
  readonly because: string
  /** What is filed at the expectation of the probe instead, even where a range in `expect` covers it. */
  readonly refutes?: Refutation
  /** What is only against practice: reported there too, but the script goes on. */
  readonly frownsOn?: Refutation
  /** What may come besides: it shows nothing, and the script goes on. */
  readonly allows?: readonly StatusPattern[]
  /** Another method, which the document does not have on the path of the operation. */
  readonly method?: string
  /** Whether something else than the operation may answer, so that only its status is judged. */
  readonly elsewhere?: boolean
  /** Whether to get no answer refutes it too, since requests like it are answered. */
  readonly mustAnswer?: boolean
  readonly faultHeader?: boolean
  /** Its first request goes over a connection of its own, and the answer is read byte by byte. */
  readonly raw?: boolean
  /** How often it is sent; default: once. Only for what may be sent again without effect. */
  readonly copies?: Copies
  /** What may be answered at first, and for how long it is asked again. */
  readonly until?: Until
  /** Carried out where the states are arranged, not where the probe looks; it is not judged. */
  readonly atOrigin?: boolean
  /** What is said where it is not answered as expected: then the probe has nothing to look at. */
  readonly premise?: string
}

/** Requests one after the other, then requests all at once. */
export type Copies = { readonly inTurn: number; readonly atOnce: number }

/** What several answers of a script must show together. */
export type Claim =
  /** The copies of a step are answered differently: each of these once, an answer by alternatives. */
  | {
      readonly kind: 'one-of-each'
      readonly step: string
      readonly answers: readonly (readonly StatusPattern[])[]
      readonly because: string
    }
  /** A step reads the same as one before it, provided that two before it did. */
  | {
      readonly kind: 'same-content'
      readonly steps: readonly [string, string, string]
      readonly because: string
    }
  /** Two steps get the same answer: status, media type and members; texts may differ. */
  | {
      readonly kind: 'same-answer'
      readonly steps: readonly [string, string]
      readonly because: string
    }

/** What a script does to the target: if the API is sound, and if it is broken. */
export type Effect = {
  readonly sound: string
  readonly broken: string
  /** Whether somebody else can notice it. */
  readonly touchesOthers: boolean
}

/** How an expectation is provoked: pure data, the same for every target, with no secret in it. */
export type Script = {
  readonly id: string
  readonly given: readonly Given[]
  readonly steps: readonly Step[]
  readonly claims?: readonly Claim[]
  readonly effect: Effect
  /** Nothing else of ours may reach the target while it runs. */
  readonly exclusive?: boolean
  /** Whether it is only possible where the target declares a fault header. */
  readonly needsFaultHeader?: boolean
}

/** Whether a status that came is one that a pattern stands for. */
export function matchesStatus(
  operation: Operation,
  pattern: StatusPattern,
  status: number,
): boolean {
  if (pattern === 'default') return responseFor(operation, status)?.status === 'default'
  return pattern === String(status) || pattern === `${Math.floor(status / 100)}XX`
}

/** What a status means to the step that it answers; the first two end the script. */
export type Weight = 'refutes' | 'surprises' | 'expected' | 'frowned-on' | 'allowed'

/** Weighs a status that came: what refutes goes before what may come, and that before what is frowned on. */
export function weigh(step: Step, status: number): Weight {
  const isAmong = (patterns: readonly StatusPattern[] = []) =>
    patterns.some((pattern) => matchesStatus(step.operation, pattern, status))
  if (isAmong(step.refutes?.statuses)) return 'refutes'
  if (isAmong(step.expect)) return 'expected'
  if (isAmong(step.allows)) return 'allowed'
  return isAmong(step.frownsOn?.statuses) ? 'frowned-on' : 'surprises'
}

/** Whether a script ends with a status. */
export function endsWith(step: Step, status: number): boolean {
  return ['refutes', 'surprises'].includes(weigh(step, status))
}

/** The method of a step. */
export function methodOf({ method, operation }: Step): string {
  return method ?? operation.method
}

/** The documented status that a pattern names: itself, else the first that it covers. */
export function statusNamed({ responses }: Operation, pattern: StatusPattern): string | undefined {
  const statuses = responses.map(({ status }) => status)
  if (statuses.includes(pattern)) return pattern
  const covers = (status: string) =>
    status[0] === pattern[0] && (status.endsWith('XX') || pattern.endsWith('XX'))
  return statuses.find(covers) ?? statuses.find((status) => status === 'default')
}

/** What a pattern asks for, for people: a range by the codes that are documented in it, if any. */
export function statusesNamed(
  { responses }: Operation,
  pattern: StatusPattern,
): readonly StatusPattern[] {
  const statuses = responses.map(({ status }) => status)
  if (!pattern.endsWith('XX') || statuses.includes(pattern)) return [pattern]
  const codes = statuses.filter((status) => status[0] === pattern[0])
  return codes.length > 0 ? codes : [pattern]
}

/**
 * Fills each path parameter of an operation from the resource that a given state arranged, the
 * others from their example. What an example alone names is not ours, and is only read.
 */
export function pathFromGiven(
  operation: Operation,
  given: string,
  mapping: Readonly<Record<string, string>>,
): Readonly<Record<string, Hole>> {
  const ours = pathParameters(operation).some(({ name }) => Object.hasOwn(mapping, name))
  return fillPath(operation, ({ name, example }) => {
    if (Object.hasOwn(mapping, name)) return { kind: 'given', given, value: mapping[name] ?? name }
    if (isPlain(example) && (ours || isSafe(operation.method)))
      return { kind: 'text', text: String(example) }
    return { kind: 'absent', parameter: name }
  })
}

/** Fills each path parameter of an operation with the name of nothing. */
export function pathToNothing(operation: Operation): Readonly<Record<string, Hole>> {
  return fillPath(operation, ({ name }) => ({ kind: 'absent', parameter: name }))
}

/** Whether a request must show a credential (OpenAPI 3.1, section 4.8.30). */
export function isProtected({ security }: Operation): boolean {
  return security.length > 0 && security.every((requirement) => requirement.length > 0)
}

/** Methods that ask for no change (RFC 9110, section 9.2.1). */
export function isSafe(method: string): boolean {
  return ['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method)
}

function fillPath(
  operation: Operation,
  fill: (parameter: Parameter) => Hole,
): Readonly<Record<string, Hole>> {
  return Object.fromEntries(
    pathParameters(operation).map((parameter) => [parameter.name, fill(parameter)]),
  )
}

function pathParameters({ parameters }: Operation): readonly Parameter[] {
  return parameters.filter((parameter) => parameter.in === 'path')
}

function isPlain(example: unknown): boolean {
  return (typeof example === 'string' && example !== '') || typeof example === 'number'
}
