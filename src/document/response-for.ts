import type { Operation } from './operations.ts'
import type { DocumentedResponse } from './responses.ts'

/**
 * Finds what an operation promises for a status code; `undefined` where it promises nothing.
 *
 * The code itself beats its range, and the range beats `default` (OpenAPI 3.1, section 4.8.16).
 */
export function responseFor(operation: Operation, status: number): DocumentedResponse | undefined {
  const range = `${Math.floor(status / 100)}XX`
  for (const key of [String(status), range, 'default']) {
    const found = operation.responses.find((response) => response.status === key)
    if (found !== undefined) return found
  }
  return undefined
}
