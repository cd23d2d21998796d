import type { Document, Operation } from '../../document/index.ts'
import { escapePattern, serverPrefixes } from './servers.ts'

/** The value of a path parameter as it is written, percent-encoded, and in which part of the path. */
export type PathValue = { readonly text: string; readonly fromEnd: number }

/** What the document says of a method and a path. */
export type Found =
  | {
      readonly kind: 'found'
      readonly operation: Operation
      readonly values: ReadonlyMap<string, PathValue>
    }
  /** The path is described, the method is not; the operations are those of the path. */
  | { readonly kind: 'no-method'; readonly operations: readonly Operation[] }
  | { readonly kind: 'no-path' }

/**
 * Finds the operation that a request asks for.
 *
 * The path is taken as it stands, and without the path of a server before it. A template with fewer
 * parameters goes before another that fits, the earlier fixed part first (OpenAPI 3.1, section 4.8.8).
 */
export function findOperation(
  document: Document,
  request: { readonly method: string; readonly path: string },
): Found {
  for (const pathsOf of [() => [request.path], withoutServer(document, request.path)]) {
    const fitting = document.operations.flatMap((operation) =>
      pathsOf(operation).flatMap((path) => {
        const values = matchTemplate(operation.path, path)
        return values === undefined ? [] : [{ operation, values }]
      }),
    )
    const [best] = fitting.toSorted((a, b) => compare(a.operation.path, b.operation.path))
    if (best === undefined) continue
    const same = fitting.filter(({ operation }) => operation.path === best.operation.path)
    const found = same.find(({ operation }) => operation.method === request.method)
    if (found !== undefined) return { kind: 'found', ...found }
    return { kind: 'no-method', operations: same.map(({ operation }) => operation) }
  }
  return { kind: 'no-path' }
}

function withoutServer(document: Document, path: string) {
  return (operation: Operation): readonly string[] =>
    serverPrefixes(document, operation)
      .filter((prefix) => prefix.test(path))
      .map((prefix) => path.replace(prefix, ''))
}

/** The values of the parameters, where the path fits; a parameter takes no `/`. */
export function matchTemplate(
  template: string,
  path: string,
): ReadonlyMap<string, PathValue> | undefined {
  const wanted = template.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const values = new Map<string, PathValue>()
  for (const [index, part] of wanted.entries()) {
    const found = matchPart(part, given[index] ?? '')
    if (found === undefined) return undefined
    for (const [name, text] of found) values.set(name, { text, fromEnd: wanted.length - index })
  }
  return values
}

/** Of several parameters in one part the first takes as much as it can, so that `a.b.csv` ends in `csv`. */
function matchPart(
  template: string,
  part: string,
): readonly (readonly [name: string, value: string])[] | undefined {
  const names = [...template.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name)
  if (names.length === 0) return decode(template) === decode(part) ? [] : undefined
  const literals = template.split(/\{[^{}]+\}/).map(escapePattern)
  const match = new RegExp(`^${literals.join('([^?#]+)')}$`).exec(part)
  return match === null ? undefined : names.map((name, index) => [name, match[index + 1] ?? ''])
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Fixed parts before parameters, from the left. */
function compare(first: string, second: string): number {
  const others = second.split('/')
  for (const [index, part] of first.split('/').entries()) {
    const difference = rank(part) - rank(others[index] ?? '')
    if (difference !== 0) return difference
  }
  return 0
}

function rank(part: string): number {
  if (!part.includes('{')) return 0
  return part.startsWith('{') && part.endsWith('}') ? 2 : 1
}
