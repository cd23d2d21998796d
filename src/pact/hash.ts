import { createHash } from 'node:crypto'
import type { Pact } from './pact.ts'

/**
 * The SHA-256 of what a pact says, in hexadecimal: consumer, provider, version and interactions.
 *
 * The order of members does not count, nor does its metadata, which names the libraries that wrote it.
 */
export function hashPact({ consumer, provider, version, interactions }: Pact): string {
  const content = { consumer, provider, version, interactions: interactions.map(({ raw }) => raw) }
  return createHash('sha256').update(canonical(content)).digest('hex')
}

/**
 * JSON with the members of each object in the order of their names.
 *
 * Each name gets a space in front, or names that are numbers would come first whatever their order.
 */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(
          Object.entries(member)
            .toSorted(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, each]) => [` ${name}`, each]),
        )
      : member,
  )
}
