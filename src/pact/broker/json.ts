export type Members = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The members of what should be an object; none where it is not. */
export function membersOf(value: unknown): Members {
  return isObject(value) ? value : {}
}

/** The items of what should be a list, or a single one. */
export function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined ? [] : [value]
}

/** The address of a HAL link (HAL, section 5); undefined: there is no such link. */
export function hrefOf(resource: Members, relation: string): string | undefined {
  const { href } = membersOf(membersOf(resource._links)[relation])
  return typeof href === 'string' ? href : undefined
}
