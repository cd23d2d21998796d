import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'

export type Decoded = { readonly body: Buffer; readonly undecodable?: string }

type Decode = (body: Buffer, limit: number) => Promise<Buffer>

const decoders: Readonly<Record<string, Decode>> = {
  gzip: (body, limit) => unpack(gunzip, body, limit),
  'x-gzip': (body, limit) => unpack(gunzip, body, limit),
  deflate: (body, limit) => inflateEither(body, limit),
  br: (body, limit) => unpack(brotliDecompress, body, limit),
}

/**
 * Undoes the content codings of a body in reverse order of their application (RFC 9110, section 8.4);
 * undefined: what comes out is longer than the limit (bytes).
 */
export async function decodeBody(
  body: Buffer,
  codings: readonly string[],
  limit: number,
): Promise<Decoded | undefined> {
  let decoded = body
  for (const coding of codings.flatMap((value) => value.split(',')).reverse()) {
    const name = coding.trim().toLowerCase()
    if (name === '' || name === 'identity' || decoded.length === 0) continue
    const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined
    if (decode === undefined)
      return { body, undecodable: `nobody asked for Content-Encoding: ${name}` }
    try {
      decoded = await decode(decoded, limit)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined
      const why = error instanceof Error ? error.message : String(error)
      return { body, undecodable: `the body is not what Content-Encoding: ${name} says (${why})` }
    }
  }
  return { body: decoded }
}

/** `deflate` is the zlib format; what is sent without its wrapper is widely read too (RFC 9110, section 8.4.1.2). */
async function inflateEither(body: Buffer, limit: number): Promise<Buffer> {
  try {
    return await unpack(inflate, body, limit)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'Z_DATA_ERROR') throw error
    return await unpack(inflateRaw, body, limit)
  }
}

/** What zlib answers when it is asked how much it has read. */
type Unpacked = { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } }

type Algorithm = (
  body: Buffer,
  options: { readonly maxOutputLength: number; readonly info: true },
  done: (error: Error | null, result: Unpacked) => void,
) => void

/** Unpacks all of a body; zlib by itself does not mind what stands behind the end of its stream. */
function unpack(algorithm: unknown, body: Buffer, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const run = algorithm as Algorithm
    run(body, { maxOutputLength: limit, info: true }, (error, result) => {
      if (error !== null) return reject(error)
      const { buffer, engine } = result
      const behind = body.length - engine.bytesWritten
      if (behind > 0) reject(new Error(`${behind} bytes behind its end`))
      else resolve(buffer)
    })
  })
}
