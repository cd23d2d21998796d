import { findDuplicateKeys } from './duplicate-keys.ts'
import { locateJson } from './json-places.ts'
import { limits } from './limits.ts'
import { type Pointer, splitPointer } from './pointer.ts'
import { JsonSyntaxError, scanJson } from './scan-json.ts'
import { sourceErrors } from './source-errors.ts'
import type { Text } from './text.ts'

/** A value, and where each of its parts stands in the text. */
export type Parsed = {
  readonly value: unknown
  /** Of a member's key, or of an item; of the nearest ancestor where the pointer leads nowhere. */
  offsetOf(pointer: Pointer): number
}

/**
 * Reads JSON (RFC 8259).
 *
 * Throws SOURCE_SYNTAX with what was expected, SOURCE_TOO_DEEP, and SOURCE_DUPLICATE_KEY, for
 * parsers differ on which of two values counts.
 */
export function parseJson(text: Text): Parsed {
  checkForm(text)
  const offsetOf = locateJson(text.content)
  const [duplicate] = findDuplicateKeys(text.content)
  if (duplicate !== undefined) {
    const name = splitPointer(duplicate.pointer).at(-1) ?? ''
    throw sourceErrors.duplicateKey(text, name, duplicate.offset, offsetOf(duplicate.pointer))
  }
  return { value: JSON.parse(text.content), offsetOf }
}

function checkForm(text: Text): void {
  let depth = 0
  try {
    scanJson(text.content, {
      open(_kind, offset) {
        depth++
        if (depth > limits.depth) throw sourceErrors.tooDeep(text, offset)
      },
      close() {
        depth--
      },
    })
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    const received = describeUnit(text.content, error.offset)
    const message = `expected ${error.expected}, received ${received}`
    throw sourceErrors.syntax(text, error.offset, message)
  }
}

function describeUnit(content: string, offset: number): string {
  const point = content.codePointAt(offset)
  return point === undefined ? 'the end of the text' : JSON.stringify(String.fromCodePoint(point))
}
