import { possible } from './part.ts'

/** From which side a schema is read. */
export type View = {
  /** Members so marked are never there in this direction, so none is required. */
  readonly withheld: 'readOnly' | 'writeOnly'
  /** What one subschema says from this side; subschemas inside it are asked for by themselves. */
  rewrite(schema: Members, follow: Follow): Members | boolean
}

/** The schema that a `$ref` leads to. */
type Follow = (ref: string) => unknown

type Members = Readonly<Record<string, unknown>>

export type ViewName = keyof typeof views

/** The ways in which a schema can be read (OpenAPI 3.1, section 4.8.24). */
export const views = {
  /** A whole answer. */
  answer: { withheld: 'writeOnly', rewrite: (schema) => schema },
  /** A whole request. */
  request: { withheld: 'readOnly', rewrite: withDiscriminator },
  /** The members of an answer that somebody names, of which the answer may hold more. */
  part: {
    withheld: 'writeOnly',
    rewrite: (schema, follow) => possible(withDiscriminator(schema, follow)),
  },
  /** Only which members are `readOnly`: none of them belongs into a request. */
  readOnly: { withheld: 'readOnly', rewrite: (schema) => refuseMarked(schema, 'readOnly') },
  /** Only which members are `writeOnly`: none of them comes back in an answer. */
  writeOnly: { withheld: 'writeOnly', rewrite: (schema) => refuseMarked(schema, 'writeOnly') },
} as const satisfies Record<string, View>

const structure = [
  'properties',
  'patternProperties',
  'additionalProperties',
  'items',
  'prefixItems',
  'allOf',
  '$ref',
]

function refuseMarked(schema: Members, mark: 'readOnly' | 'writeOnly'): Members | boolean {
  if (schema[mark] === true) return false
  const kept = structure.filter(
    (keyword) => schema[keyword] !== undefined && schema[keyword] !== false,
  )
  return Object.fromEntries(kept.map((keyword) => [keyword, schema[keyword]]))
}

/**
 * Lets each alternative take only the values of the discriminator that name it: its own name, and
 * what `mapping` says (OpenAPI 3.1, section 4.8.25). One that lists the values itself needs no help.
 */
function withDiscriminator(schema: Members, follow: Follow): Members {
  const { discriminator } = schema
  if (!isObject(discriminator) || typeof discriminator.propertyName !== 'string') return schema
  const { propertyName, mapping } = discriminator
  const names = isObject(mapping) ? Object.entries(mapping) : []
  const named = (branch: unknown) => {
    const ref = isObject(branch) ? branch.$ref : undefined
    if (typeof ref !== 'string' || listsValues(follow(ref), propertyName)) return branch
    const own = ref.slice(ref.lastIndexOf('/') + 1)
    const mapped = names.filter(([, to]) => to === ref || to === own).map(([name]) => name)
    return { allOf: [branch], properties: { [propertyName]: { enum: [own, ...mapped] } } }
  }
  const alternatives = ['oneOf', 'anyOf'].flatMap((keyword) => {
    const branches = schema[keyword]
    return Array.isArray(branches) ? [[keyword, branches.map(named)] as const] : []
  })
  return { ...schema, ...Object.fromEntries(alternatives) }
}

function listsValues(schema: unknown, member: string): boolean {
  const properties = isObject(schema) ? schema.properties : undefined
  const property = isObject(properties) ? properties[member] : undefined
  return isObject(property) && (property.const !== undefined || property.enum !== undefined)
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
