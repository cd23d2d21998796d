import { limits } from './limits.ts'
import { sourceErrors } from './source-errors.ts'

/**
 * Joins the chunks of a stream.
 *
 * Stops reading and throws SOURCE_TOO_LARGE as soon as they are more than the limit.
 */
export async function collectBytes(
  chunks: AsyncIterable<Uint8Array | string>,
  name: string,
): Promise<Uint8Array> {
  const collected: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    size += bytes.byteLength
    if (size > limits.bytes) throw sourceErrors.tooLarge(name)
    collected.push(bytes)
  }
  return Buffer.concat(collected)
}
