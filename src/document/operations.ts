import { AssayError, formatPosition } from '../errors.ts'
import { type MediaType, readContent } from './content.ts'
import { mergeParameters, type Parameter, readParameters } from './parameters.ts'
import { type FoundOperation, readPathItem } from './path-item.ts'
import { checkTemplate } from './path-template.ts'
import type { Pointer } from './pointer.ts'
import { followRef, type Reading } from './reading.ts'
import { type DocumentedResponse, readResponses } from './responses.ts'
import { readSecurity, type SecurityRequirement } from './security.ts'
import {
  expectMembers,
  expectObject,
  memberAt,
  optionalFlag,
  optionalText,
  type Spot,
} from './shape.ts'

/** A method on a path template (OpenAPI 3.1, section 4.8.10). */
export type Operation = {
  /** The `operationId`; `METHOD /path` where there is none. */
  readonly id: string
  /** In upper case. */
  readonly method: string
  /** The path template as the document writes it. */
  readonly path: string
  readonly pointer: Pointer
  /** Those of the path first, each overridden by the operation's own of that name and place. */
  readonly parameters: readonly Parameter[]
  readonly requestBody?: RequestBody
  readonly responses: readonly DocumentedResponse[]
  /** Alternatives; none at all where nothing is required. */
  readonly security: readonly SecurityRequirement[]
  readonly deprecated: boolean
}

/** What an operation takes (OpenAPI 3.1, section 4.8.13). */
export type RequestBody = {
  readonly required: boolean
  readonly content: readonly MediaType[]
  /** Where the request body stands after its `$ref`s. */
  readonly pointer: Pointer
}

/**
 * Reads all operations, in the order of the document.
 *
 * Throws DOCUMENT_NO_PATHS, DOCUMENT_OPERATION_ID_DUPLICATE, DOCUMENT_INVALID,
 * DOCUMENT_STATUS_INVALID, and DOCUMENT_REF_UNRESOLVED for a security scheme.
 */
export function readOperations(reading: Reading): readonly Operation[] {
  const root = { pointer: '', value: reading.root }
  const security = readSecurity(reading, memberAt(root, 'security'))
  const paths = memberAt(root, 'paths')
  const operations = expectMembers(reading.source, paths)
    .filter(({ name }) => !name.startsWith('x-'))
    .flatMap((item) =>
      readPathItem(reading, item).map((found) => readOperation(reading, found, security)),
    )
  if (operations.length === 0) {
    throw new AssayError(
      'DOCUMENT_NO_PATHS',
      'expected an operation under "paths", received none',
      {
        at: reading.positionOf('/paths'),
      },
    )
  }
  checkIds(reading, operations)
  return operations
}

function readOperation(
  reading: Reading,
  { path, method, spot, shared }: FoundOperation,
  inherited: readonly SecurityRequirement[],
): Operation {
  const { source } = reading
  expectObject(source, spot)
  const name = `${method.toUpperCase()} ${path}`
  const security = memberAt(spot, 'security')
  const parameters = mergeParameters(shared, readParameters(reading, memberAt(spot, 'parameters')))
  checkTemplate(reading, { path, parameters, spot })
  return {
    id: optionalText(source, memberAt(spot, 'operationId')) ?? name,
    method: method.toUpperCase(),
    path,
    pointer: spot.pointer,
    parameters,
    ...readRequestBody(reading, memberAt(spot, 'requestBody')),
    responses: readResponses(reading, memberAt(spot, 'responses')),
    security: security.value === undefined ? inherited : readSecurity(reading, security),
    deprecated: optionalFlag(source, memberAt(spot, 'deprecated')) ?? false,
  }
}

function readRequestBody(reading: Reading, spot: Spot): { readonly requestBody?: RequestBody } {
  if (spot.value === undefined) return {}
  const body = followRef(reading, spot)
  expectObject(reading.source, body)
  const required = optionalFlag(reading.source, memberAt(body, 'required')) ?? false
  const content = readContent(reading, memberAt(body, 'content'))
  return { requestBody: { required, content, pointer: body.pointer } }
}

/** An `operationId` is unique in the document (OpenAPI 3.1, section 4.8.10). */
function checkIds(reading: Reading, operations: readonly Operation[]): void {
  const firsts = new Map<string, Operation>()
  for (const operation of operations) {
    const first = firsts.get(operation.id)
    if (first === undefined) firsts.set(operation.id, operation)
    else {
      const idAt = ({ pointer }: Operation) => reading.positionOf(`${pointer}/operationId`)
      const nameOf = ({ method, path }: Operation) => `${method} ${path}`
      const both = `${nameOf(first)} and ${nameOf(operation)}`
      const message = `${both} have the same operationId "${operation.id}"`
      throw new AssayError('DOCUMENT_OPERATION_ID_DUPLICATE', message, {
        at: idAt(operation),
        hint: `rename one of them; the first stands at ${formatPosition(idAt(first))}`,
      })
    }
  }
}
