/** A JSON Pointer (RFC 6901) into one document; `''` is its root. */
export type Pointer = string

/** Extends a pointer by unescaped segments: `joinPointer('/paths', '/a')` is `/paths/~1a`. */
export function joinPointer(base: Pointer, ...segments: readonly string[]): Pointer {
  let pointer = base
  for (const segment of segments) pointer += `/${escapePointer(segment)}`
  return pointer
}

/** Writes one segment as a pointer holds it: `~` as `~0`, `/` as `~1` (RFC 6901, section 3). */
export function escapePointer(segment: string): string {
  if (!/[~/]/.test(segment)) return segment
  return segment.replaceAll('~', '~0').replaceAll('/', '~1')
}

/**
 * Takes a pointer apart into unescaped segments (RFC 6901, section 4).
 *
 * A text that is no pointer is a mistake of the caller and throws a plain `Error`.
 */
export function splitPointer(pointer: Pointer): readonly string[] {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) throw new Error(`${JSON.stringify(pointer)} is no JSON Pointer`)
  const segments = pointer.slice(1).split('/')
  if (!pointer.includes('~')) return segments
  return segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Finds the value at the end of the segments; `undefined`, which is no JSON, when none is there. */
export function lookUp(value: unknown, segments: readonly string[]): unknown {
  let here = value
  for (const segment of segments) {
    here = memberOf(here, segment)
    if (here === undefined) return undefined
  }
  return here
}

/** One step of `lookUp`. Only own members count, and an index has no leading zero. */
export function memberOf(value: unknown, segment: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) return isIndex(segment) ? value[Number(segment)] : undefined
  return Object.hasOwn(value, segment) ? (value as Record<string, unknown>)[segment] : undefined
}

function isIndex(segment: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(segment)
}
