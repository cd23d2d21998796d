/** Words that the schemas of reports are made of. */

export const text = { type: 'string' } as const
export const count = { type: 'integer', minimum: 0 } as const

export function closed(properties: Record<string, object>, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', additionalProperties: false, required, properties } as const
}

export function orNull(schema: object) {
  return { anyOf: [schema, { type: 'null' }] } as const
}

export function listOf(items: object) {
  return { type: 'array', items } as const
}
