/** Our own bad news: one error class, and every code it can carry with the exit code and what to do. */

/** A place in a file, as an editor counts it: line and column start at 1. */
export type Position = {
  readonly file: string
  readonly line: number
  readonly column: number
}

/**
 * Every error code, what it means and the exit code of a command that ends with it.
 *
 * 2: the request to us was wrong (usage, suite, document). 3: the work could not be carried out.
 */
export const errorCodes = {
  SOURCE_NOT_FOUND: { exit: 2, meaning: 'The file or URL does not exist.' },
  SOURCE_UNREADABLE: { exit: 2, meaning: 'The file or URL exists but could not be read.' },
  SOURCE_TOO_LARGE: { exit: 2, meaning: 'The text is larger than 64 MB.' },
  SOURCE_EMPTY: { exit: 2, meaning: 'The text holds nothing but white space or comments.' },
  SOURCE_SYNTAX: { exit: 2, meaning: 'The text is neither well-formed JSON nor well-formed YAML.' },
  SOURCE_DUPLICATE_KEY: { exit: 2, meaning: 'One mapping holds the same key twice.' },
  SOURCE_ALIAS_BOMB: { exit: 2, meaning: 'YAML aliases expand to more than can be meant.' },
  DOCUMENT_NOT_OPENAPI: { exit: 2, meaning: 'The text is well-formed but no OpenAPI description.' },
  DOCUMENT_VERSION_UNSUPPORTED: { exit: 2, meaning: 'The OpenAPI version is not 3.1.' },
  DOCUMENT_DIALECT_UNSUPPORTED: {
    exit: 2,
    meaning: 'The document names a JSON Schema dialect other than 2020-12.',
  },
  DOCUMENT_NO_PATHS: { exit: 2, meaning: 'The document describes no path.' },
  DOCUMENT_INVALID: { exit: 2, meaning: 'A part of the document has the wrong shape.' },
  DOCUMENT_STATUS_INVALID: {
    exit: 2,
    meaning: 'A key under `responses` is no status code, range or `default`.',
  },
  DOCUMENT_OPERATION_ID_DUPLICATE: {
    exit: 2,
    meaning: 'Two operations have the same operationId.',
  },
  DOCUMENT_REF_UNRESOLVED: { exit: 2, meaning: 'A `$ref` points at nothing.' },
  DOCUMENT_REF_EXTERNAL: { exit: 2, meaning: 'A `$ref` leads out of the document.' },
  DOCUMENT_REF_CIRCULAR: { exit: 2, meaning: 'A chain of `$ref`s leads back to itself.' },
} as const satisfies Record<string, { exit: 2 | 3; meaning: string }>

export type ErrorCode = keyof typeof errorCodes

export type ErrorDetails = {
  readonly at?: Position | undefined
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/** Says that we could not do our work; never that the API broke a promise. */
export class AssayError extends Error {
  readonly code: ErrorCode
  readonly at: Position | undefined
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, { at, hint, cause }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'AssayError'
    this.code = code
    this.at = at
    this.hint = hint
  }
}

/** Writes a position as editors and terminals link it: `spec/openapi.yaml:131:7`. */
export function formatPosition({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`
}
