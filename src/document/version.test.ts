import { describe, expect, it } from 'vitest'
import { type AssayError, formatPosition } from '../errors.ts'
import { parseSource } from './source.ts'
import { checkVersion } from './version.ts'

/** Code, message, position and hint of the error that a text brings; else its root. */
const told = async (text: string): Promise<unknown> => {
  const source = await parseSource(text, 'api.yaml')
  try {
    return checkVersion(source)
  } catch (error) {
    const { code, message, at, hint } = error as AssayError
    return [code, message, at && formatPosition(at), hint]
  }
}

describe('the version', () => {
  it('is any of 3.1', async () => {
    for (const version of ['3.1.0', '3.1.1', '3.1.12', '3.1.0-rc1']) {
      expect(await told(`openapi: ${version}`)).toEqual({ openapi: version })
    }
  })

  it.each([
    ['openapi: 3.0.3', 'expected OpenAPI 3.1, received "3.0.3"'],
    ['openapi: 3.2.0', 'expected OpenAPI 3.1, received "3.2.0"'],
    ['openapi: 3.1.0x', 'expected OpenAPI 3.1, received "3.1.0x"'],
    ['openapi: 3.10.0', 'expected OpenAPI 3.1, received "3.10.0"'],
    ['openapi: 4.3.1.0', 'expected OpenAPI 3.1, received "4.3.1.0"'],
    ['swagger: "2.0"', 'expected OpenAPI 3.1, received Swagger 2.0'],
    ['swagger: 2.0.0', 'expected OpenAPI 3.1, received Swagger 2.0.0'],
  ])('of %j is told with the way out', async (line, message) => {
    expect(await told(`info: {}\n${line}`)).toEqual([
      'DOCUMENT_VERSION_UNSUPPORTED',
      message,
      'api.yaml:2:1',
      'convert the document to OpenAPI 3.1',
    ])
  })

  it('is written in full and in quotes', async () => {
    const hint = 'write the full version in quotes: "3.1.0"'
    expect(await told('openapi: 3.1')).toEqual([
      'DOCUMENT_INVALID',
      'expected "openapi" to be a string, received the number 3.1',
      'api.yaml:1:1',
      hint,
    ])
    expect(await told('{"openapi": null}')).toContain(
      'expected "openapi" to be a string, received null',
    )
    expect(await told('openapi: "3.1"')).toEqual([
      'DOCUMENT_VERSION_UNSUPPORTED',
      'expected OpenAPI 3.1, received "3.1"',
      'api.yaml:1:1',
      hint,
    ])
  })

  it('is what makes a text an OpenAPI description', async () => {
    const notOpenApi = (message: string, hint?: string) => [
      'DOCUMENT_NOT_OPENAPI',
      message,
      'api.yaml:1:1',
      hint,
    ]
    const none = 'expected the key "openapi", received none'
    expect(await told('info: {}')).toEqual(notOpenApi(none, 'begin with openapi: 3.1.0'))
    expect(await told('OpenApi: 3.1.0')).toEqual(notOpenApi(none, 'the nearest name is "OpenApi"'))
    for (const [text, received] of [
      ['[]', 'a list'],
      ['<!DOCTYPE html>', '"<!DOCTYPE html>"'],
      ['null', 'null'],
      ['x'.repeat(58), `"${'x'.repeat(58)}"`],
      ['x'.repeat(59), `"${'x'.repeat(56)}..."`],
      ['12', 'the number 12'],
    ]) {
      const message = `expected an OpenAPI description, received ${received}`
      expect(await told(text ?? '')).toEqual(notOpenApi(message))
    }
  })
})

describe('the dialect', () => {
  it.each([
    'https://json-schema.org/draft/2020-12/schema',
    'https://spec.openapis.org/oas/3.1/dialect/base',
    'https://spec.openapis.org/oas/3.1/dialect/2024-11-10',
  ])('may be %s', async (dialect) => {
    expect(await told(`openapi: 3.1.0\njsonSchemaDialect: ${dialect}`)).toHaveProperty('openapi')
  })

  it.each([
    'http://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft/2020-12/schema/x',
    'https://x.io/?https://json-schema.org/draft/2020-12/schema',
    'https://spec.openapis.org/oas/3.1/dialect/base/x',
    'https://x.io/?https://spec.openapis.org/oas/3.1/dialect/base',
  ])('may not be %s', async (dialect) => {
    expect(await told(`openapi: 3.1.0\njsonSchemaDialect: ${dialect}`)).toEqual([
      'DOCUMENT_DIALECT_UNSUPPORTED',
      `expected JSON Schema 2020-12, received the dialect "${dialect}"`,
      'api.yaml:2:1',
      'write the schemas in the dialect "https://json-schema.org/draft/2020-12/schema"',
    ])
  })

  it('is a string', async () => {
    expect(await told('openapi: 3.1.0\njsonSchemaDialect: [a]')).toEqual([
      'DOCUMENT_INVALID',
      'expected "jsonSchemaDialect" to be a string, received a list',
      'api.yaml:2:1',
      undefined,
    ])
  })
})
