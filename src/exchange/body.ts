import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'

export type Decoded = { readonly body: Buffer; readonly undecodable?: string }

const options = (limit: number) => ({ maxOutputLength: limit })

const decoders: Readonly<Record<string, (body: Buffer, limit: number) => Promise<Buffer>>> = {
  gzip: (body, limit) => promisify(gunzip)(body, options(limit)) as Promise<Buffer>,
  'x-gzip': (body, limit) => promisify(gunzip)(body, options(limit)) as Promise<Buffer>,
  deflate: (body, limit) => inflateEither(body, limit),
  br: (body, limit) => promisify(brotliDecompress)(body, options(limit)),
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
    return (await promisify(inflate)(body, options(limit))) as Buffer
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'Z_DATA_ERROR') throw error
    return (await promisify(inflateRaw)(body, options(limit))) as Buffer
  }
}
