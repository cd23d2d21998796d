import { AssayError } from '../errors.ts'
import { nearest } from './nearest.ts'
import { describe, expectText, invalid, isObject, type Members } from './shape.ts'
import type { Source } from './source.ts'

/**
 * Checks that a source is an OpenAPI 3.1 description whose schemas are JSON Schema 2020-12, and
 * hands its root back.
 *
 * Throws DOCUMENT_NOT_OPENAPI, DOCUMENT_VERSION_UNSUPPORTED (OpenAPI 3.1, section 4.1),
 * DOCUMENT_DIALECT_UNSUPPORTED (section 4.8.24.5) and DOCUMENT_INVALID.
 */
export function checkVersion(source: Source): Members {
  const root = source.value
  if (!isObject(root)) {
    const received = describe(root)
    throw notOpenApi(source, `expected an OpenAPI description, received ${received}`)
  }
  if (Object.hasOwn(root, 'swagger')) {
    throw unsupported(source, 'swagger', `Swagger ${String(root.swagger)}`)
  }
  if (!Object.hasOwn(root, 'openapi')) throw withoutVersion(source, root)
  const spot = { pointer: '/openapi', value: root.openapi }
  const fullVersion = 'write the full version in quotes: "3.1.0"'
  if (typeof root.openapi !== 'string') throw invalid(source, spot, 'a string', fullVersion)
  if (!/^3\.1\.\d+(?:-.+)?$/.test(root.openapi)) {
    const hint = root.openapi === '3.1' ? fullVersion : undefined
    throw unsupported(source, 'openapi', JSON.stringify(root.openapi), hint)
  }
  checkDialect(source, root)
  return root
}

function checkDialect(source: Source, { jsonSchemaDialect }: Members): void {
  if (jsonSchemaDialect === undefined) return
  const pointer = '/jsonSchemaDialect'
  const dialect = expectText(source, { pointer, value: jsonSchemaDialect })
  if (/^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/.test(dialect)) return
  // The base dialect is also published under the dates of its revisions.
  if (/^https:\/\/spec\.openapis\.org\/oas\/3\.1\/dialect\/(?:base|[\d-]+)$/.test(dialect)) return
  const message = `expected JSON Schema 2020-12, received the dialect ${JSON.stringify(dialect)}`
  throw new AssayError('DOCUMENT_DIALECT_UNSUPPORTED', message, {
    at: source.positionOf(pointer),
    hint: 'write the schemas in the dialect "https://json-schema.org/draft/2020-12/schema"',
  })
}

function withoutVersion(source: Source, root: Members): AssayError {
  const near = nearest('openapi', Object.keys(root))
  const hint = near ? `the nearest name is ${JSON.stringify(near)}` : 'begin with openapi: 3.1.0'
  return notOpenApi(source, 'expected the key "openapi", received none', hint)
}

function notOpenApi(source: Source, message: string, hint?: string): AssayError {
  return new AssayError('DOCUMENT_NOT_OPENAPI', message, { at: source.positionOf(''), hint })
}

function unsupported(
  source: Source,
  key: 'openapi' | 'swagger',
  received: string,
  hint = 'convert the document to OpenAPI 3.1',
): AssayError {
  const message = `expected OpenAPI 3.1, received ${received}`
  return new AssayError('DOCUMENT_VERSION_UNSUPPORTED', message, {
    at: source.positionOf(`/${key}`),
    hint,
  })
}
