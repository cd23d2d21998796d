import { createHash } from 'node:crypto'
import { AssayError, type Position } from '../errors.ts'
import { type Parsed, parseJson } from './json.ts'
import { limits } from './limits.ts'
import type { Pointer } from './pointer.ts'
import { sourceErrors } from './source-errors.ts'
import { nameText, type Text } from './text.ts'

/** A JSON or YAML text that was read: the document, an envelope, a suite file. */
export type Source = {
  /** As the user wrote it: path, URL or `<stdin>`. */
  readonly name: string
  /** Without a byte order mark. */
  readonly text: string
  /** SHA-256 of `text` in UTF-8, in hexadecimal. */
  readonly hash: string
  readonly value: unknown
  /** Of a member's key, or of an item; of the nearest ancestor where the pointer leads nowhere. */
  positionOf(pointer: Pointer): Position
}

/**
 * Turns a text into its value and the places of its parts.
 *
 * JSON takes the short way; everything else, and JSON-like text that only YAML accepts, is read as
 * YAML. Throws the SOURCE codes, each with its position; where neither notation fits a text that
 * begins like JSON, the position is that of the JSON error.
 *
 * @param json whether only JSON will do
 */
export async function parseSource(text: string, name: string, json = false): Promise<Source> {
  checkSize(text, name)
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text
  const named = nameText(name, content)
  const { value, offsetOf } = json ? parseJson(named) : await parse(named)
  return {
    name,
    text: content,
    hash: createHash('sha256').update(content).digest('hex'),
    value,
    positionOf: (pointer) => named.positionAt(offsetOf(pointer)),
  }
}

/** Refuses what only YAML accepts. Throws SOURCE_SYNTAX at the place where JSON ends to be JSON. */
export function requireJson({ name, text }: Source): void {
  parseJson(nameText(name, text))
}

async function parse(text: Text): Promise<Parsed> {
  if (/^\s*$/.test(text.content)) throw sourceErrors.empty(text)
  if (!/^\s*[{[]/.test(text.content)) return parseAsYaml(text)
  try {
    return parseJson(text)
  } catch (error) {
    if (!isSyntaxError(error)) throw error
    return await parseAsYaml(text).catch((other) => {
      throw isSyntaxError(other) ? error : other
    })
  }
}

async function parseAsYaml(text: Text): Promise<Parsed> {
  const { parseYaml } = await import('./yaml.ts')
  return parseYaml(text)
}

function isSyntaxError(error: unknown): boolean {
  return error instanceof AssayError && error.code === 'SOURCE_SYNTAX'
}

function checkSize(text: string, name: string): void {
  if (Buffer.byteLength(text) > limits.bytes) throw sourceErrors.tooLarge(name)
}
