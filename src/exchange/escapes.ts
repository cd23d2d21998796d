/** A text without its escapes, and where each character stood. */
export type Unescaped = { readonly text: string; placeOf(index: number): number }

const escapes = /%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\[\\/"]/g

/**
 * Undoes percent-encoding (RFC 3986, section 2.1) and the escapes of JSON strings (RFC 8259,
 * section 7), in whatever mixture they come; undefined where there are none.
 */
export function undoEscapes(escaped: string): Unescaped | undefined {
  if (!/[%\\]/.test(escaped)) return undefined
  const ends: number[] = []
  const shifts: number[] = []
  let shift = 0
  const text = escaped.replace(escapes, (whole, offset: number) => {
    ends.push(offset - shift + 1)
    shift += whole.length - 1
    shifts.push(shift)
    return plain(whole)
  })
  if (ends.length === 0) return undefined
  return { text, placeOf: (index) => index + (shifts[lastUpTo(ends, index)] ?? 0) }
}

function plain(written: string): string {
  if (written.startsWith('%')) return String.fromCharCode(Number.parseInt(written.slice(1), 16))
  if (written.length === 6) return String.fromCharCode(Number.parseInt(written.slice(2), 16))
  return written.slice(1)
}

/** The index of the last number that is not above the limit; -1: there is none. */
function lastUpTo(sorted: readonly number[], limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}
