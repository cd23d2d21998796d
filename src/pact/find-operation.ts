import type { Operation } from '../document/index.ts'

/**
 * Finds the operation that a request is meant for, by its method and its path as it goes over the wire.
 *
 * Where several templates match, the one that is literal the longest wins: concrete paths go before
 * templated ones (OpenAPI 3.1, section 4.8.8).
 */
export function findOperation(
  operations: readonly Operation[],
  method: string,
  path: string,
): Operation | undefined {
  return operations
    .filter((each) => each.method === method && pathValues(each.path, path) !== undefined)
    .toSorted((a, b) => (shapeOf(a.path) < shapeOf(b.path) ? -1 : 1))[0]
}

/** What stands in a path for each parameter of its template; undefined: it is no such path. */
export function pathValues(
  template: string,
  path: string,
): ReadonlyMap<string, string> | undefined {
  const names = [...template.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name)
  const pattern = template
    .split(/\{[^{}]+\}/)
    .map((literal) => literal.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('([^/]+)')
  const match = new RegExp(`^${pattern}$`).exec(path)
  return match === null
    ? undefined
    : new Map(names.map((name, index) => [name, match[index + 1] ?? '']))
}

/** Sorts a literal character before a parameter, at the first place where two templates differ. */
function shapeOf(template: string): string {
  return template.replaceAll(/\{[^{}]+\}/g, '\uffff')
}
