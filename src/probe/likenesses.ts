/** A way to write another id that a careless reader takes for the given one. */
export type Likeness = {
  readonly id: string
  /** Answers it as it goes over the wire; undefined where the id leaves no room for it. */
  write(id: string): string | undefined
}

const encode = encodeURIComponent

/** Every look-alike is the name of nothing: of an id that others could have by chance none is made up. */
export const likenesses: readonly Likeness[] = [
  { id: 'other-case', write: (id) => (ignoresCase(id) ? undefined : changed(id, swapCase(id))) },
  { id: 'space-before', write: (id) => `%20${encode(id)}` },
  { id: 'space-after', write: (id) => `${encode(id)}%20` },
  { id: 'cut', write: (id) => (isUnlikely(id) ? encode(id.slice(0, -1)) : undefined) },
  { id: 'longer', write: (id) => (isUnlikely(id) ? encode(`${id}0`) : undefined) },
  { id: 'zero-before', write: (id) => (isNumber(id) ? `0${id}` : undefined) },
  { id: 'decimal', write: (id) => (isNumber(id) ? `${id}.0` : undefined) },
  { id: 'encoded-twice', write: (id) => `%25${hexOf(id)}${encode(id.slice(1))}` },
  { id: 'nul-after', write: (id) => `${encode(id)}%00` },
  { id: 'star', write: (id) => ending(id, '*') },
  { id: 'percent', write: (id) => ending(id, '%') },
  { id: 'underscore', write: (id) => ending(id, '_') },
]

/** Where letters count alike in both cases by definition: UUIDs (RFC 9562, section 4) and ULIDs. */
function ignoresCase(id: string): boolean {
  return (
    /^(urn:uuid:)?\{?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\}?$/i.test(id) ||
    /^[0-7][0-9a-hjkmnp-tv-z]{25}$/i.test(id)
  )
}

/** Whether nobody else has an id that differs in its end only. */
function isUnlikely(id: string): boolean {
  return id.length >= 16 && /[a-z]/i.test(id)
}

function isNumber(id: string): boolean {
  return /^[1-9]\d*$/.test(id)
}

function ending(id: string, wildcard: string): string | undefined {
  return isUnlikely(id) ? changed(id, `${id.slice(0, -1)}${wildcard}`) : undefined
}

function changed(id: string, other: string): string | undefined {
  return other === id ? undefined : encode(other)
}

function swapCase(text: string): string {
  return [...text]
    .map((each) => (each === each.toLowerCase() ? each.toUpperCase() : each.toLowerCase()))
    .join('')
}

/** The first byte of an id as percent-encoding writes it. */
function hexOf(id: string): string {
  return Buffer.from(id).subarray(0, 1).toString('hex').toUpperCase()
}
