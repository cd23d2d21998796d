import { AssayError } from '../errors.ts'
import { nearest } from './nearest.ts'
import type { Parameter } from './parameters.ts'
import type { Pointer } from './pointer.ts'
import type { Reading } from './reading.ts'
import type { Spot } from './shape.ts'

/**
 * Checks that the template of an operation's path and its path parameters name the same things
 * (OpenAPI 3.1, sections 3.2 and 4.8.12.1). Throws DOCUMENT_INVALID.
 */
export function checkTemplate(
  reading: Reading,
  operation: {
    readonly path: string
    readonly parameters: readonly Parameter[]
    readonly spot: Spot
  },
): void {
  const { path, parameters, spot } = operation
  const names = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name)
  if (/[{}]/.test(path.replace(/\{[^{}]+\}/g, ''))) {
    const message = `expected a name between "{" and "}" in the path, received "${path}"`
    throw invalidAt(reading, spot.pointer, message)
  }
  const declared = parameters.filter((parameter) => parameter.in === 'path')
  const missing = names.find((name) => !declared.some((parameter) => parameter.name === name))
  if (missing !== undefined) {
    const message = `expected a path parameter "${missing}" for "${path}", received none`
    const known = declared.map(({ name }) => name)
    throw invalidAt(reading, spot.pointer, message, nearest(missing, known))
  }
  const idle = declared.find(({ name }) => !names.includes(name))
  if (idle !== undefined) {
    const message = `expected "{${idle.name}}" in "${path}", for it is a path parameter, received none`
    throw invalidAt(reading, idle.pointer, message, nearest(idle.name, names))
  }
}

function invalidAt(reading: Reading, at: Pointer, message: string, near?: string): AssayError {
  return new AssayError('DOCUMENT_INVALID', message, {
    at: reading.positionOf(at),
    hint: near && `the nearest name is "${near}"`,
  })
}
