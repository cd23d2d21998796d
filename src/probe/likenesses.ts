/** A way to write another id that a careless reader takes for the given one. */
export type Likeness = {
  readonly id: string
  /** Answers it as it goes over the wire; undefined where the id leaves no room for it. */
  write(id: string): string | undefined
  /** How a shell makes it of the variable that holds the id. */
  readonly show: (variable: string) => readonly Part[]
}

const encode = encodeURIComponent

/** Every look-alike is the name of nothing: of an id that others could have by chance none is made up. */
export const likenesses: readonly Likeness[] = [
  {
    id: 'other-case',
    write: (id) => (ignoresCase(id) ? undefined : changed(id, swapCase(id))),
    show: (variable) => [piped(variable, 'tr a-zA-Z A-Za-z')],
  },
  {
    id: 'space-before',
    write: (id) => `%20${encode(id)}`,
    show: (variable) => ['%20', { variable }],
  },
  { id: 'space-after', write: (id) => `${encode(id)}%20`, show: before('%20') },
  {
    id: 'cut',
    write: (id) => (isUnlikely(id) ? encode(id.slice(0, -1)) : undefined),
    show: (variable) => [piped(variable, "sed 's/.$//'")],
  },
  {
    id: 'longer',
    write: (id) => (isUnlikely(id) ? encode(`${id}0`) : undefined),
    show: before('0'),
  },
  {
    id: 'zero-before',
    write: (id) => (isNumber(id) ? `0${id}` : undefined),
    show: (variable) => ['0', { variable }],
  },
  { id: 'decimal', write: (id) => (isNumber(id) ? `${id}.0` : undefined), show: before('.0') },
  {
    id: 'encoded-twice',
    write: (id) => `%25${hexOf(id)}${encode(id.slice(1))}`,
    show: (variable) => [{ command: `printf '%%25%X%s' "'$${variable}" "\${${variable}#?}"` }],
  },
  { id: 'nul-after', write: (id) => `${encode(id)}%00`, show: before('%00') },
  ending('star', '*'),
  ending('percent', '%'),
  ending('underscore', '_'),
]

/** A part of a shell word, as `verdict` writes it. */
type Part = string | { readonly variable: string } | { readonly command: string }

function before(text: string): Likeness['show'] {
  return (variable) => [{ variable }, text]
}

function piped(variable: string, filter: string): Part {
  return { command: `printf %s "$${variable}" | ${filter}` }
}

/** A wildcard in the place of the last character. */
function ending(id: string, wildcard: string): Likeness {
  return {
    id,
    write: (own) => (isUnlikely(own) ? changed(own, `${own.slice(0, -1)}${wildcard}`) : undefined),
    show: (variable) => [piped(variable, `sed 's/.$/${encode(wildcard)}/'`)],
  }
}

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
