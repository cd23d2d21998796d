import { AssayError, errorCodes, tellError } from '../errors.ts'

/** Writes an error for a person and says which exit code it means; a mistake of ours keeps its stack. */
export function renderError(error: unknown, stream: NodeJS.WritableStream): number {
  if (!(error instanceof AssayError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    stream.write(
      `${text}\n\nThis is a mistake in Assay, not in the API. Please report it with the lines above.\n`,
    )
    return 3
  }
  stream.write(`${tellError(error)}\n`)
  return errorCodes[error.code].exit
}
