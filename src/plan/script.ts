import { type Operation, responseFor } from '../document/index.ts'

/** A place in a script that is filled when it runs. */
export type Hole =
  | { readonly kind: 'text'; readonly text: string }
  /** A value that a provider state answered. */
  | { readonly kind: 'given'; readonly given: string; readonly value: string }
  /** Random, conforming to the schema of the parameter, and hence the name of nothing. */
  | { readonly kind: 'absent'; readonly parameter: string }

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
export type Refutation = { readonly statuses: readonly StatusPattern[]; readonly because: string }

export type Step = {
  readonly name: string
  readonly operation: Operation
  readonly path: Readonly<Record<string, Hole>>
  readonly use: CredentialUse
  /** The documented statuses that may come; the first names the cell where a surprise is filed. */
  readonly expect: readonly StatusPattern[]
  /** Why, in words that follow "because". */
  readonly because: string
  /** Surprises that are filed at the expectation of the probe instead. */
  readonly refutes?: Refutation
  readonly faultHeader?: boolean
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

/** The documented status that a pattern names: itself, else the first that it covers. */
export function statusNamed({ responses }: Operation, pattern: StatusPattern): string | undefined {
  const statuses = responses.map(({ status }) => status)
  if (statuses.includes(pattern)) return pattern
  const covers = (status: string) =>
    status[0] === pattern[0] && (status.endsWith('XX') || pattern.endsWith('XX'))
  return statuses.find(covers) ?? statuses.find((status) => status === 'default')
}

/** Fills each path parameter of an operation from the resource that a given state arranged. */
export function pathFromGiven(
  operation: Operation,
  given: string,
  mapping: Readonly<Record<string, string>>,
): Readonly<Record<string, Hole>> {
  return fillPath(operation, (parameter) =>
    Object.hasOwn(mapping, parameter)
      ? { kind: 'given', given, value: mapping[parameter] ?? parameter }
      : { kind: 'absent', parameter },
  )
}

/** Fills each path parameter of an operation with the name of nothing. */
export function pathToNothing(operation: Operation): Readonly<Record<string, Hole>> {
  return fillPath(operation, (parameter) => ({ kind: 'absent', parameter }))
}

function fillPath(
  operation: Operation,
  fill: (parameter: string) => Hole,
): Readonly<Record<string, Hole>> {
  return Object.fromEntries(
    operation.parameters
      .filter((parameter) => parameter.in === 'path')
      .map(({ name }) => [name, fill(name)]),
  )
}
