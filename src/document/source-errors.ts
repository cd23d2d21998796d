import { AssayError, formatPosition } from '../errors.ts'
import { limits } from './limits.ts'
import type { Text } from './text.ts'

/** What either notation can have wrong, said alike. */
export const sourceErrors = { syntax, empty, duplicateKey, tooDeep, tooLarge, unreadable }

function syntax(text: Text, offset: number, message: string, hint?: string): AssayError {
  return new AssayError('SOURCE_SYNTAX', message, { at: text.positionAt(offset), hint })
}

function empty(text: Text): AssayError {
  const message = `${JSON.stringify(text.name)} holds nothing but white space or comments`
  return new AssayError('SOURCE_EMPTY', message, { at: text.positionAt(0) })
}

function duplicateKey(text: Text, name: string, second: number, first: number): AssayError {
  const message = `the key ${JSON.stringify(name)} stands twice in one mapping`
  const place = formatPosition(text.positionAt(first))
  const hint = `keep one of them; the first stands at ${place}`
  return new AssayError('SOURCE_DUPLICATE_KEY', message, { at: text.positionAt(second), hint })
}

function tooDeep(text: Text, offset: number): AssayError {
  const message = `expected at most ${limits.depth} levels of nesting, received more`
  return new AssayError('SOURCE_TOO_DEEP', message, { at: text.positionAt(offset) })
}

function tooLarge(name: string): AssayError {
  const size = `${limits.bytes / 1024 / 1024} MB`
  return new AssayError('SOURCE_TOO_LARGE', `${JSON.stringify(name)} is larger than ${size}`)
}

function unreadable(name: string, reason: string): AssayError {
  const message = `${JSON.stringify(name)} could not be read: ${reason}`
  return new AssayError('SOURCE_UNREADABLE', message)
}
