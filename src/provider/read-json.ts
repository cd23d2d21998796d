import type { IncomingMessage } from 'node:http'

/** Why a request body is not taken, with the status that says so. */
export class BodyRefused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const limit = 64 * 1024

/**
 * Reads a request body as one JSON text in UTF-8, of at most 64 KiB.
 *
 * @throws BodyRefused 400 for anything else, 413 for more
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const bytes = await readBytes(request)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    throw new BodyRefused(400, 'the body is not JSON')
  }
}

/** Too much is refused at once; what still comes is read and forgotten, so that the answer gets through. */
function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= limit) chunks.push(chunk)
      else reject(new BodyRefused(413, `the body is larger than ${limit} bytes`))
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', reject)
  })
}
