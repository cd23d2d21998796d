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

export const fingerprint = {
  ...text,
  pattern: '^[0-9a-f]{12}$',
  description: 'Its name, the same in every run and region; what a baseline knows it by.',
} as const

export const known = {
  ...closed({ owner: text, reason: text, expires: { ...text, format: 'date' } }),
  description: 'Who answers for it and why, where the baseline says that it is known.',
} as const

export const notKnown = {
  ...text,
  description: 'Why it is not known, although the baseline has it.',
} as const
