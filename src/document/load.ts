import { type LoadOptions, loadSource } from './load-source.ts'
import { type Document, readDocument } from './read.ts'

/**
 * Reads an OpenAPI 3.1 description from a file, from standard input (`-`) or over HTTP.
 *
 * Throws the SOURCE and the DOCUMENT codes.
 */
export async function loadDocument(location: string, options?: LoadOptions): Promise<Document> {
  return readDocument(await loadSource(location, options))
}
