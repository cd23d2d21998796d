import { sourceErrors } from './source-errors.ts'
import { nameText } from './text.ts'

/**
 * Decodes UTF-8, without its byte order mark (RFC 8259, section 8.1; YAML 1.2, section 5.2).
 *
 * Throws SOURCE_SYNTAX at the first byte that is none.
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const content = new TextDecoder('utf-8').decode(bytes)
    const message = `${JSON.stringify(name)} is not UTF-8`
    const text = nameText(name, content)
    throw sourceErrors.syntax(text, firstReplaced(content, bytes), message, 'save it as UTF-8')
  }
}

/** Finds the first replacement character that the bytes do not hold themselves. */
function firstReplaced(content: string, bytes: Uint8Array): number {
  let byte = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  let from = 0
  for (;;) {
    const at = content.indexOf('\uFFFD', from)
    if (at === -1) return content.length
    byte += Buffer.byteLength(content.slice(from, at))
    if (bytes[byte] !== 0xef || bytes[byte + 1] !== 0xbf || bytes[byte + 2] !== 0xbd) return at
    byte += 3
    from = at + 1
  }
}
