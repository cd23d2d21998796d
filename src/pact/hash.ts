import { createHash } from 'node:crypto'
import type { Pact } from './pact.ts'

/**
 * The SHA-256 of what a pact says, in hexadecimal: consumer, provider, version, interactions, messages.
 *
 * The order of members does not count, nor does what stands beside these: its metadata names the
 * libraries that wrote it, and a broker adds links.
 */
export function hashPact({ source, version }: Pact): string {
  const { consumer, provider, interactions, messages } = source.value as Record<string, unknown>
  const content = canonical({ consumer, provider, version, interactions, messages })
  return createHash('sha256').update(content).digest('hex')
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
