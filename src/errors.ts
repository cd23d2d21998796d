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
  SOURCE_TOO_DEEP: { exit: 2, meaning: 'The text nests more than 500 levels deep.' },
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
  SCHEMA_NOT_COMPILED: { exit: 2, meaning: 'A schema is no JSON Schema 2020-12.' },
  ENVELOPE_INVALID: { exit: 2, meaning: 'The envelope file has the wrong shape.' },
  SUITE_INVALID: { exit: 2, meaning: 'A part of the suite file has the wrong shape.' },
  SUITE_UNKNOWN_KEY: { exit: 2, meaning: 'The suite file has a key that nothing reads.' },
  BASELINE_INVALID: {
    exit: 2,
    meaning:
      'A baseline has the wrong shape, or an entry of it nobody answers for, or for too long.',
  },
  BASELINE_UNKNOWN_KEY: { exit: 2, meaning: 'A baseline has a key that nothing reads.' },
  BASELINE_UNWRITABLE: { exit: 3, meaning: 'A baseline cannot be written.' },
  SUITE_OPERATION_UNKNOWN: {
    exit: 2,
    meaning: 'The suite speaks of an operation that the document does not have.',
  },
  SUITE_RECIPES_UNKNOWN: {
    exit: 2,
    meaning: 'A target names recipes that the suite does not have.',
  },
  TARGET_UNKNOWN: { exit: 2, meaning: 'The suite has no target of that name.' },
  TARGET_URL_MISSING: { exit: 2, meaning: 'The base URL of a target is not set.' },
  TARGET_URL_INVALID: { exit: 2, meaning: 'A base URL is no plain http or https URL.' },
  TARGET_VARIABLE_MISSING: { exit: 2, meaning: 'A `${VARIABLE}` is not set in the environment.' },
  TARGET_CREDENTIAL_MISSING: { exit: 2, meaning: 'The credential of a target is not set.' },
  PROXY_INVALID: {
    exit: 2,
    meaning: 'A proxy variable holds no address of an http or https proxy.',
  },
  TARGET_HOST_FORBIDDEN: { exit: 3, meaning: 'A request would have left the allowed hosts.' },
  TARGET_IS_PRODUCTION: {
    exit: 2,
    meaning: 'An option would loosen the class of a target that the suite classes `production`.',
  },
  TARGET_METHOD_FORBIDDEN: {
    exit: 3,
    meaning: 'A target classed `production` would have got something else than GET or HEAD.',
  },
  FILTER_UNKNOWN: { exit: 2, meaning: 'A filter names what the document does not have.' },
  PLAN_EMPTY: { exit: 2, meaning: 'Nothing is left to expect.' },
  PLAN_NO_RESPONSES: { exit: 2, meaning: 'An operation documents no response.' },
  SHARD_EMPTY: {
    exit: 2,
    meaning: 'There are more shards than pairs of a target and an operation.',
  },
  SHARD_MISSING: { exit: 3, meaning: 'A shard of a run left no report.' },
  REPORT_NONE: { exit: 2, meaning: 'No report was found where one was looked for.' },
  REPORT_INVALID: {
    exit: 2,
    meaning: 'A file is no JSON report of a run, or contradicts itself.',
  },
  MERGE_NOT_A_SHARD: { exit: 2, meaning: 'A report to be merged is of a run that was not split.' },
  MERGE_SHARD_TWICE: { exit: 2, meaning: 'Two reports to be merged are of the same shard.' },
  MERGE_MISMATCH: { exit: 2, meaning: 'Reports to be merged are of runs that differ.' },
  PACT_NONE: { exit: 2, meaning: 'No pact was found where one was looked for.' },
  PACT_NOT_A_PACT: { exit: 2, meaning: 'The text is well-formed JSON but no pact.' },
  PACT_VERSION_UNSUPPORTED: { exit: 2, meaning: 'The Pact specification version is not 1 to 4.' },
  PACT_NO_INTERACTIONS: { exit: 2, meaning: 'A pact holds no HTTP interaction.' },
  PACT_INTERACTION_DUPLICATE: {
    exit: 2,
    meaning: 'Two interactions of a pact have the same description and provider states.',
  },
  PACT_PARTY_INVALID: {
    exit: 2,
    meaning: 'The name of a consumer or provider is none that a file can be called after.',
  },
  PACT_UNWRITABLE: { exit: 3, meaning: 'A pact cannot be written.' },
  PACT_INVALID: { exit: 2, meaning: 'A part of a pact has the wrong shape.' },
  PACT_CLI_MISSING: { exit: 3, meaning: 'The program that speaks to the broker is not installed.' },
  BROKER_URL_INVALID: { exit: 2, meaning: 'The address of the broker is not set, or is no URL.' },
  BROKER_CREDENTIAL_INVALID: {
    exit: 2,
    meaning: 'Half a credential of the broker is set, or two.',
  },
  BROKER_UNREACHABLE: {
    exit: 3,
    meaning: 'The broker cannot be reached, or gives no answer in time.',
  },
  BROKER_UNAUTHORIZED: { exit: 3, meaning: 'The broker does not accept the credential.' },
  BROKER_CONFLICT: {
    exit: 3,
    meaning: 'The broker has other content under the same version.',
  },
  BROKER_FAILED: { exit: 3, meaning: 'The broker answered an error, or what no broker answers.' },
  VERSION_UNKNOWN: {
    exit: 2,
    meaning: 'The version or branch to publish under is not given, and git cannot tell it.',
  },
  VERIFICATION_INVALID: { exit: 2, meaning: 'A file of verification results cannot be read.' },
  VERIFICATION_UNPUBLISHABLE: {
    exit: 2,
    meaning: 'A verification is not of what a broker could record.',
  },
  BUDGET_SPENT: { exit: 3, meaning: 'A budget of requests or creations is used up.' },
  STATE_FAILED: { exit: 3, meaning: 'A provider state could not be set up.' },
  STATE_UNKNOWN: {
    exit: 3,
    meaning: 'A pact names a provider state that nobody knows how to set up.',
  },
  JOURNAL_UNREADABLE: { exit: 3, meaning: 'The folder of the journals cannot be read.' },
  JOURNAL_UNWRITABLE: { exit: 3, meaning: 'The journal cannot be written, so nothing is created.' },
  PACT_VERIFIER_FAILED: { exit: 3, meaning: "Pact's own verifier failed, not the provider." },
  REPORT_UNWRITABLE: { exit: 3, meaning: 'A report cannot be written.' },
  USAGE: { exit: 2, meaning: 'The command line is not understood.' },
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

/** What an error says to a person: its code and message, where, and what to do next. */
export function tellError({ code, message, at, hint }: AssayError): string {
  return [
    `${code}  ${message}`,
    ...(at === undefined ? [] : [`      at        ${formatPosition(at)}`]),
    ...(hint === undefined ? [] : [`      hint      ${hint}`]),
  ].join('\n')
}
