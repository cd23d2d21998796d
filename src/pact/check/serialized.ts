import type { Parameter } from '../../document/index.ts'

/**
 * Reads a parameter as its style writes it: each value that the text may stand for, texts at its
 * ends, the likeliest first (OpenAPI 3.1, section 4.8.12.4).
 *
 * @returns why it is not written in that style, where it is not
 */
export function readSerialized(
  { name, in: place, style = defaultStyle(place), explode = style === 'form' }: Parameter,
  texts: readonly string[],
): readonly unknown[] | { readonly wanted: string } {
  const [text = ''] = texts
  if (place === 'header') return splitSimple(texts.join(','), explode)
  if (place === 'cookie') return split(text, ',', false)
  if (place === 'path') {
    if (style === 'label') return readLabel(text, explode)
    if (style === 'matrix') return readMatrix(name, text, explode)
    return split(text, ',', explode).map(decodeAll)
  }
  if (explode) return texts.length === 1 ? [text, [text]] : [texts]
  if (texts.length > 1)
    return { wanted: `${name} once, its items joined by ${separatorName(style)}` }
  return split(text, separators[style] ?? ',', false)
}

/** A text in style `simple`: itself, a list, or an object. */
export function splitSimple(text: string, explode: boolean): readonly unknown[] {
  return split(text, ',', explode)
}

/** Members of an object that a query writes as `name[member]=value`. */
export function readDeepObject(
  name: string,
  query: readonly (readonly [name: string, value: string])[],
): unknown {
  const members = query.flatMap(([key, value]) => {
    const inner = key.startsWith(`${name}[`)
      ? /^\[([^\]]*)\](?:\[[^\]]*\])*$/.exec(key.slice(name.length))
      : null
    return inner?.[1] === undefined ? [] : [[inner[1], value] as const]
  })
  return gather(members)
}

/** Names and values as an object; what stands several times becomes a list. */
export function gather(pairs: readonly (readonly [name: string, value: string])[]): unknown {
  const names = [...new Set(pairs.map(([name]) => name))]
  return Object.fromEntries(
    names.map((name) => {
      const values = pairs.filter(([other]) => other === name).map(([, value]) => value)
      return [name, values.length === 1 ? values[0] : values]
    }),
  )
}

const separators: Readonly<Record<string, string>> = { spaceDelimited: ' ', pipeDelimited: '|' }

function separatorName(style: string): string {
  return { spaceDelimited: 'spaces', pipeDelimited: '"|"' }[style] ?? 'commas'
}

function defaultStyle(place: Parameter['in']): string {
  return place === 'query' || place === 'cookie' ? 'form' : 'simple'
}

function split(text: string, separator: string, explode: boolean): readonly unknown[] {
  const items = text.split(separator).map((item) => item.trim())
  const object = explode ? assigned(items) : alternating(items)
  return [text, items, ...(object === undefined ? [] : [object])]
}

function readLabel(text: string, explode: boolean) {
  if (!text.startsWith('.')) return { wanted: 'a value after a "."' }
  const rest = text.slice(1)
  return [...split(rest, '.', explode), ...split(rest, ',', explode)].map(decodeAll)
}

function readMatrix(name: string, text: string, explode: boolean) {
  if (!text.startsWith(';')) return { wanted: `a value after ";${name}="` }
  const parts = text.slice(1).split(';')
  const own = parts
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1))
  if (own.length === parts.length) {
    const whole = explode ? [own] : []
    return [...(own.length === 1 ? split(own[0] ?? '', ',', false) : whole), ...whole].map(
      decodeAll,
    )
  }
  const object = explode ? assigned(parts) : undefined
  return object === undefined ? { wanted: `a value after ";${name}="` } : [decodeAll(object)]
}

function assigned(items: readonly string[]): object | undefined {
  const pairs = items.map((item) => /^([^=]+)=(.*)$/s.exec(item))
  if (pairs.includes(null)) return undefined
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]]))
}

function alternating(items: readonly string[]): object | undefined {
  if (items.length % 2 === 1) return undefined
  const names = items.filter((_, index) => index % 2 === 0)
  return Object.fromEntries(names.map((name, index) => [name, items[2 * index + 1]]))
}

function decodeAll(value: unknown): unknown {
  if (typeof value === 'string') return decode(value)
  if (Array.isArray(value)) return value.map(decodeAll)
  return Object.fromEntries(
    Object.entries(value as object).map(([name, child]) => [decode(name), decodeAll(child)]),
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
