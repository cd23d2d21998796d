import type { ErrorObject } from 'ajv'
import type { Pointer } from '../document/index.ts'

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
  reachable(pointer: Pointer): ReadonlySet<Pointer>
}

/** Turns what ajv reports into one violation per cause: a failed `anyOf` is said once, not per branch. */
export function explain(
  errors: readonly ErrorObject[],
  { placeOf, reachable }: Explanation,
): readonly Violation[] {
  const violations = errors
    .filter(({ keyword }) => keyword !== 'if')
    .map((error) => ({ error, place: placeOf(error.parentSchema as object) }))
  const dropped = new Set<number>()
  violations.forEach(({ error, place }, index) => {
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') return
    const branches = `${place}/${error.keyword}/`
    const beyond = reachable(place)
    violations.slice(0, index).forEach((earlier, position) => {
      const inside =
        `${earlier.place}/`.startsWith(branches) ||
        [...beyond].some((unit) => `${earlier.place}/`.startsWith(`${unit}/`))
      if (inside && earlier.error.instancePath.startsWith(error.instancePath)) dropped.add(position)
    })
  })
  return violations
    .filter((_, index) => !dropped.has(index))
    .map(({ error, place }) => ({
      instance: error.instancePath,
      keyword: error.keyword,
      ...memberOf(error),
      expected: expected(error),
      received: excerpt(error.data),
      schema: error.keyword === 'false schema' ? place : `${place}/${error.keyword}`,
    }))
}

function memberOf({ params }: ErrorObject): { member?: string } {
  const member = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty
  return typeof member === 'string' ? { member } : {}
}

/** Writes any value as JSON, cut to a length that fits a line. */
export function excerpt(value: unknown, length = 160): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
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
      return `no property ${JSON.stringify(params.additionalProperty)}`
    case 'unevaluatedProperties':
      return `no property ${JSON.stringify(params.unevaluatedProperty)}`
    case 'const':
      return excerpt(params.allowedValue)
    case 'enum':
      return `one of ${excerpt(params.allowedValues).replace(/^\[|\]$/g, '')}`
    case 'format':
      return `text in the format "${params.format}"`
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
    case 'uniqueItems':
      return 'items that all differ'
    case 'anyOf':
      return `a value that fits one of ${alternatives(schema)}`
    case 'oneOf':
      return `a value that fits exactly one of ${alternatives(schema)}`
    case 'not':
      return `a value that does not fit ${excerpt(schema)}`
    case 'false schema':
      return 'no value here'
    default:
      return `a value that satisfies "${keyword}": ${excerpt(schema)}`
  }
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
