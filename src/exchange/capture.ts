import type { Secret } from '../target/index.ts'
import type { Text } from './exchange.ts'

/** Takes values out of a parsed answer (undefined: no JSON); what is secret among them, as a `Secret`. */
export type Capture = (answer: unknown) => Readonly<Record<string, string | Secret>>

/** Reads a body as JSON and hands it to a capture. */
export function takeCaptures(body: Uint8Array, capture: Capture): Readonly<Record<string, Text>> {
  return capture(parse(body))
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined
  }
}
