/** What a scan meets, in the order of the text. Offsets are into the text; ends are exclusive. */
export type JsonVisitor = {
  open?(kind: 'object' | 'array', offset: number): void
  key?(name: string, offset: number): void
  scalar?(start: number, end: number): void
  close?(end: number): void
}

/** Where a text stops being JSON, and what could have stood there. */
export class JsonSyntaxError extends Error {
  readonly offset: number
  readonly expected: string

  constructor(offset: number, expected: string) {
    super(`expected ${expected} at offset ${offset}`)
    this.name = 'JsonSyntaxError'
    this.offset = offset
    this.expected = expected
  }
}

/**
 * Reads JSON (RFC 8259) once, front to back, and tells the visitor of every part.
 *
 * Nothing is built and nothing recurses, so size and depth do not matter. Accepts exactly what
 * `JSON.parse` accepts and throws a `JsonSyntaxError` otherwise.
 */
export function scanJson(text: string, visitor: JsonVisitor): void {
  const closers: ('}' | ']')[] = []
  let at = skipSpace(text, 0)

  const readKey = (expected: string): void => {
    if (text[at] !== '"') throw new JsonSyntaxError(at, expected)
    const end = stringEnd(text, at)
    visitor.key?.(stringValue(text, at, end), at)
    at = skipSpace(text, end)
    if (text[at] !== ':') throw new JsonSyntaxError(at, '":"')
    at = skipSpace(text, at + 1)
  }

  const openContainer = (kind: 'object' | 'array'): boolean => {
    const closer = kind === 'object' ? '}' : ']'
    visitor.open?.(kind, at)
    at = skipSpace(text, at + 1)
    if (text[at] === closer) {
      at++
      visitor.close?.(at)
      return false
    }
    closers.push(closer)
    if (kind === 'object') readKey('a key in double quotes or "}"')
    return true
  }

  /** Goes on to the next value; says whether there is one. */
  const next = (): boolean => {
    for (;;) {
      at = skipSpace(text, at)
      const closer = closers.at(-1)
      if (closer === undefined) {
        if (at < text.length) throw new JsonSyntaxError(at, 'the end of the text')
        return false
      }
      if (text[at] === ',') {
        at = skipSpace(text, at + 1)
        if (closer === '}') readKey('a key in double quotes')
        return true
      }
      if (text[at] !== closer) throw new JsonSyntaxError(at, `"," or "${closer}"`)
      closers.pop()
      at++
      visitor.close?.(at)
    }
  }

  for (;;) {
    const first = text[at]
    if (first === '{') {
      if (openContainer('object')) continue
    } else if (first === '[') {
      if (openContainer('array')) continue
    } else {
      const end = scalarEnd(text, at)
      visitor.scalar?.(at, end)
      at = end
    }
    if (!next()) return
  }
}

function skipSpace(text: string, from: number): number {
  let at = from
  for (;;) {
    const unit = text.charCodeAt(at)
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return at
    at++
  }
}

function scalarEnd(text: string, start: number): number {
  if (text[start] === '"') return stringEnd(text, start)
  for (const word of ['true', 'false', 'null']) {
    if (text.startsWith(word, start)) return start + word.length
  }
  const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
  number.lastIndex = start
  if (!number.test(text)) throw new JsonSyntaxError(start, 'a value')
  return number.lastIndex
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 0x22) return at + 1
    if (unit === 0x5c) at = escapeEnd(text, at)
    else if (Number.isNaN(unit)) throw new JsonSyntaxError(at, 'a closing quote')
    else if (unit < 0x20) throw new JsonSyntaxError(at, 'an escape for the control character')
  }
}

/** The last unit of the escape that starts at the backslash. */
function escapeEnd(text: string, at: number): number {
  if (text[at + 1] !== 'u') {
    if (/^["\\/bfnrt]$/.test(text[at + 1] ?? '')) return at + 1
    throw new JsonSyntaxError(at, 'an escape that JSON knows')
  }
  if (/^[\da-fA-F]{4}$/.test(text.slice(at + 2, at + 6))) return at + 5
  throw new JsonSyntaxError(at, 'four hexadecimal digits after "\\u"')
}

function stringValue(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1)
  return inner.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : inner
}
