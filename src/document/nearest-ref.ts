import { nearest } from './nearest.ts'
import { escapePointer, lookUp, memberOf, splitPointer } from './pointer.ts'

/**
 * Picks the fragment that was most likely meant by one that leads nowhere; `undefined` when none
 * is near.
 *
 * Of a pointer, the first segment that does not exist is replaced.
 */
export function nearestRef(
  scope: unknown,
  fragment: string,
  anchors: readonly string[],
): string | undefined {
  if (fragment.startsWith('/')) return nearestPointer(scope, splitPointer(fragment))
  const segments = fragment.split('/')
  if (lookUp(scope, segments) !== undefined) return write(segments)
  return nearest(fragment, anchors)
}

function nearestPointer(scope: unknown, segments: readonly string[]): string | undefined {
  let here = scope
  for (const [index, segment] of segments.entries()) {
    const next = memberOf(here, segment)
    if (next === undefined) {
      if (typeof here !== 'object' || here === null) return undefined
      const near = nearest(segment, Object.keys(here))
      if (near === undefined) return undefined
      const replaced = [...segments.slice(0, index), near]
      const whole = [...replaced, ...segments.slice(index + 1)]
      return write(lookUp(scope, whole) === undefined ? replaced : whole)
    }
    here = next
  }
  return undefined
}

/** As a URI fragment: what RFC 3986, section 3.5, leaves out of one is percent-encoded. */
function write(segments: readonly string[]): string {
  return segments
    .map((segment) => `/${escapePointer(segment)}`)
    .join('')
    .replace(/[^\w\-.~!$&'()*+,;=:@/?\u0080-\uffff]/g, encodeURIComponent)
}
