type Members = Readonly<Record<string, unknown>>

/** Keywords that members may still satisfy which are not told. */
const laterMet = ['required', 'dependentRequired', 'minProperties', 'maxContains']

/**
 * Rewrites one subschema so that it holds for a part of an object wherever more members could make
 * the whole conform: nobody may say of a part that something is missing from it.
 *
 * Alternatives may all still be meant, so that exactly one of them cannot be asked for. What stands
 * in `not` and `if` counts only where no further member could change it.
 */
export function possible(schema: Members): Members {
  const { oneOf, anyOf, not, if: condition, then: met, else: unmet, ...rest } = schema
  const kept = Object.entries(rest).filter(
    ([keyword, value]) => !laterMet.includes(keyword) && !isWhole(keyword, value),
  )
  const choices = [anyOf, oneOf].filter((each) => each !== undefined)
  const conditions = [
    ...(condition === undefined
      ? []
      : [
          {
            anyOf: [
              { allOf: [condition, met ?? true] },
              { ...refuted(condition), allOf: [unmet ?? true] },
            ],
          },
        ]),
    ...choices.slice(1).map((each) => ({ anyOf: each })),
  ]
  const { allOf, ...others } = Object.fromEntries(kept)
  const all = [...(Array.isArray(allOf) ? allOf : []), ...conditions]
  return {
    ...others,
    ...(all.length > 0 ? { allOf: all } : allOf === undefined ? {} : { allOf }),
    ...(choices[0] === undefined ? {} : { anyOf: choices[0] }),
    ...(not === undefined ? {} : refuted(not)),
  }
}

/** A value that is given whole cannot be compared with a part of it. */
function isWhole(keyword: string, value: unknown): boolean {
  const values = keyword === 'enum' && Array.isArray(value) ? value : [value]
  return (keyword === 'const' || keyword === 'enum') && values.some(isObject)
}

function refuted(schema: unknown): Members {
  const sure = certain(schema)
  return sure === undefined ? {} : { not: sure }
}

/** Keywords that say the same of a part and of the whole, for they speak of no members or of known ones. */
const lasting = new Set(
  'type const enum multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern format maxItems minItems uniqueItems required minProperties'.split(
    ' ',
  ),
)

/**
 * A schema that a part meets only where every whole with that part meets the given one; undefined
 * where none can be told.
 */
export function certain(schema: unknown): unknown {
  if (typeof schema === 'boolean') return schema
  if (!isObject(schema)) return undefined
  const entries: (readonly [string, unknown])[] = []
  for (const [keyword, value] of Object.entries(schema)) {
    if (lasting.has(keyword)) {
      if (!isWhole(keyword, value)) entries.push([keyword, value])
      else return undefined
    } else if (keyword === 'properties' && isObject(value)) {
      const members = Object.entries(value).map(([name, child]) => [name, certain(child)] as const)
      if (members.some(([, child]) => child === undefined)) return undefined
      const { required } = schema
      const names = [...(Array.isArray(required) ? required : []), ...Object.keys(value)]
      entries.push([keyword, Object.fromEntries(members)], ['required', names])
    } else if (keyword === 'allOf' || keyword === 'anyOf') {
      const branches = Array.isArray(value) ? value.map(certain) : [undefined]
      if (branches.includes(undefined)) return undefined
      entries.push([keyword, branches])
    } else if (applicators.has(keyword)) return undefined
  }
  return Object.fromEntries(required(entries))
}

/** The longest list of required names wins, whichever keyword came first. */
function required(entries: readonly (readonly [string, unknown])[]) {
  const lists = entries.flatMap(([keyword, value]) =>
    keyword === 'required' && Array.isArray(value) ? [value] : [],
  )
  const others = entries.filter(([keyword]) => keyword !== 'required')
  return lists.length === 0
    ? others
    : [...others, ['required', [...new Set(lists.flat())]] as const]
}

/** Keywords whose outcome a further member could change, or that lead where this cannot be told. */
const applicators = new Set(
  '$ref $dynamicRef oneOf not if then else dependentSchemas dependentRequired patternProperties additionalProperties unevaluatedProperties propertyNames maxProperties items prefixItems unevaluatedItems contains minContains maxContains'.split(
    ' ',
  ),
)

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
