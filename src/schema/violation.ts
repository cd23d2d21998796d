import type { ErrorObject } from 'ajv'
import { joinPointer, type Pointer } from '../document/index.ts'
import { nothing, showSchema, slicedAt } from './slice.ts'

/** One way in which a value differs from its schema. */
export type Violation = {
  /** Where in the value, as a JSON Pointer; '' is the whole value. */
  readonly instance: Pointer
  readonly keyword: string
  /** The member that is missing or too much, for keywords about the members of an object. */
  readonly member?: string
  readonly expected: string
  /** The value found there, as JSON, shortened. */
  readonly received: string
  /** Where the keyword stands in the document. */
  readonly schema: Pointer
}

export type Explanation = {
  placeOf(schema: object): Pointer
  /** The units that the subschemas at a place lead to. */
  reachable(place: Pointer): ReadonlySet<Pointer>
}

/** So many violations of one value are told; a list of a million wrong items says no more. */
const most = 100

type Placed = { readonly error: ErrorObject; readonly place: Pointer }

/**
 * Turns what ajv reports into one violation per cause: a failed `anyOf` is said once, not per
 * branch, and where only one branch takes a value of that type, what that branch says stands for it.
 */
export function explain(
  errors: readonly ErrorObject[],
  { placeOf, reachable }: Explanation,
): readonly Violation[] {
  const told: Placed[] = []
  for (const error of errors) {
    if (error.keyword === 'if' || isConsequence(error, told)) continue
    const placed = { error, place: placeOf(error.parentSchema as object) }
    const inner = branching.has(error.keyword) ? takeInner(told, placed, reachable) : []
    const meant = meantBranch(placed, inner)
    if (meant.length > 0) told.push(...meant)
    else told.push(placed)
  }
  const texts = new Map<unknown, string>()
  return told.slice(0, most).map(({ error, place }) => ({
    instance: error.instancePath,
    keyword: error.schema === nothing ? 'false schema' : error.keyword,
    ...memberOf(error),
    expected: expected(error),
    received: received(error, texts),
    schema: error.schema === nothing ? place : `${place}/${error.keyword}`,
  }))
}

/** Stands for a value that nests so deep that it cannot be compared with anything. */
export function tooDeep(schema: Pointer): Violation {
  const expected = 'a value that nests no deeper than can be read'
  return { instance: '', keyword: 'depth', expected, received: 'a deeper one', schema }
}

/** A member that a subschema refused is not evaluated, but what it refused says why. */
function isConsequence({ params, instancePath }: ErrorObject, told: readonly Placed[]): boolean {
  const member: unknown = params.unevaluatedProperty
  if (typeof member !== 'string') return false
  const at = joinPointer(instancePath, member)
  return told.some(({ error }) => `${error.instancePath}/`.startsWith(`${at}/`))
}

/** Keywords after whose subschemas' errors ajv reports one of their own. */
const branching = new Set(['anyOf', 'oneOf', 'contains', 'propertyNames'])

/** Takes off the end of the list what the subschemas of a keyword reported just before it. */
function takeInner(
  told: Placed[],
  { error, place }: Placed,
  reachable: Explanation['reachable'],
): readonly Placed[] {
  const keyword = `${place}/${error.keyword}`
  const units = [keyword, ...reachable(keyword)]
  const isInner = (each: Placed) =>
    `${each.error.instancePath}/`.startsWith(`${error.instancePath}/`) &&
    units.some((unit) => `${each.place}/`.startsWith(`${unit}/`))
  const start = told.findLastIndex((each) => !isInner(each)) + 1
  return told.splice(start)
}

/**
 * What the only branch that takes a value of that type has against it, such as the object of a
 * nullable one; nothing where several branches, or none, may have been meant.
 */
function meantBranch({ error, place }: Placed, inner: readonly Placed[]): readonly Placed[] {
  const { keyword, schema: branches, instancePath, params } = error
  if (!/^(any|one)Of$/.test(keyword) || !Array.isArray(branches) || params.passingSchemas) return []
  const homes = new Map(
    branches.map((branch: { $ref?: unknown } | boolean, index) => {
      const id = typeof branch === 'object' ? branch.$ref : undefined
      return [typeof id === 'string' ? slicedAt(id) : `${place}/${keyword}/${index}`, index]
    }),
  )
  const otherType = inner.filter(
    (each) =>
      each.error.keyword === 'type' &&
      each.error.instancePath === instancePath &&
      homes.has(each.place),
  )
  return homes.size === branches.length && otherType.length === branches.length - 1
    ? inner.filter((each) => !otherType.includes(each))
    : []
}

function memberOf({ params }: ErrorObject): { member?: string } {
  const member = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty
  return typeof member === 'string' ? { member } : {}
}

/** A large object that lacks ten members is written once. */
function received({ data, params, keyword }: ErrorObject, texts: Map<unknown, string>): string {
  if (keyword === 'propertyNames') return excerpt(params.propertyName)
  const text = texts.get(data) ?? excerpt(data)
  if (typeof data === 'object' && data !== null) texts.set(data, text)
  return text
}

/** Writes any value as JSON, cut to a length that fits a line. */
export function excerpt(value: unknown, length = 160): string {
  return cut(value === undefined ? 'nothing' : JSON.stringify(value), length)
}

/** A text cut to a length that fits a line. */
export function cut(text: string, length = 160): string {
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length} characters)`
}

function expected({ keyword, params, parentSchema, schema }: ErrorObject): string {
  switch (keyword) {
    case 'type':
      return typesOf(params.type)
    case 'required':
      return `property ${JSON.stringify(params.missingProperty)} (${kindOf(parentSchema, params.missingProperty)}required)`
    case 'dependentRequired':
      return `property ${JSON.stringify(params.missingProperty)}, required beside ${JSON.stringify(params.property)}`
    case 'additionalProperties':
      return `no property ${excerpt(params.additionalProperty)}`
    case 'unevaluatedProperties':
      return `no property ${excerpt(params.unevaluatedProperty)}`
    case 'const':
      return excerpt(params.allowedValue)
    case 'enum':
      return `one of ${excerpt(params.allowedValues).replace(/^\[|\]$/g, '')}`
    case 'format':
      return `a value in the format "${params.format}"`
    case 'pattern':
      return `text that matches ${params.pattern}`
    case 'minLength':
      return `at least ${count(params.limit, 'character')}`
    case 'maxLength':
      return `at most ${count(params.limit, 'character')}`
    case 'minItems':
      return `at least ${count(params.limit, 'item')}`
    case 'maxItems':
      return `at most ${count(params.limit, 'item')}`
    case 'minProperties':
      return `at least ${count(params.limit, 'property', 'properties')}`
    case 'maxProperties':
      return `at most ${count(params.limit, 'property', 'properties')}`
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `a number ${params.comparison} ${params.limit}`
    case 'multipleOf':
      return `a multiple of ${params.multipleOf}`
    case 'items':
    case 'unevaluatedItems':
      return `at most ${count(params.limit ?? params.len, 'item')}`
    case 'contains':
      return `${numberOf(params)} like ${excerptOf(schema)}`
    case 'propertyNames':
      return `names of properties that fit ${excerptOf(schema)}`
    case 'uniqueItems':
      return 'items that all differ'
    case 'anyOf':
      return `a value that fits one of ${alternatives(schema)}`
    case 'oneOf':
      return `a value that fits exactly one of ${alternatives(schema)}${params.passingSchemas ? ', not several' : ''}`
    case 'not':
      return schema === nothing ? 'no value here' : `a value that does not fit ${excerptOf(schema)}`
    default:
      return `a value that satisfies "${keyword}": ${excerptOf(schema)}`
  }
}

function excerptOf(schema: unknown): string {
  return cut(showSchema(schema))
}

function numberOf({ minContains = 1, maxContains }: ErrorObject['params']): string {
  const least = `at least ${count(minContains, 'item')}`
  return maxContains === undefined ? least : `${least} and at most ${maxContains}`
}

function typesOf(type: unknown): string {
  return Array.isArray(type) ? type.join(' or ') : String(type)
}

function kindOf(parent: unknown, name: string): string {
  const properties = (parent as { properties?: Record<string, { type?: unknown }> }).properties
  const type = properties && Object.hasOwn(properties, name) ? properties[name]?.type : undefined
  return type === undefined ? '' : `${typesOf(type)}, `
}

function alternatives(schema: unknown): string {
  if (!Array.isArray(schema)) return 'the alternatives'
  const types = schema.map((branch) => (branch as { type?: unknown } | undefined)?.type)
  if (types.every((type) => type !== undefined)) return types.map(typesOf).join(', ')
  return `${schema.length} schemas`
}

function count(number: unknown, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`
}
