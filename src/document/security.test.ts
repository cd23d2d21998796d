import { describe, expect, it } from 'vitest'
import { type AssayError, formatPosition } from '../errors.ts'
import { readDocument } from './read.ts'
import type { SecurityRequirement } from './security.ts'
import { parseSource } from './source.ts'

type Given = { root?: string; own?: string; schemes?: string }

const read = async ({ root, own, schemes }: Given): Promise<readonly SecurityRequirement[]> => {
  const text = `openapi: 3.1.0
info: {title: T, version: '1'}
${root === undefined ? '' : `security: ${root}`}
paths: {/a: {get: {${own === undefined ? '' : `security: ${own}`}}}}
components: {securitySchemes: ${schemes ?? '{Key: {type: apiKey, in: header, name: X}}'}}
`
  const { operations } = readDocument(await parseSource(text, 'api.yaml'))
  return operations[0]?.security ?? []
}

const told = (given: Given): Promise<unknown> =>
  read(given).then(
    () => 'no error',
    ({ code, message, at, hint }: AssayError) => [code, message, at && formatPosition(at), hint],
  )

const key = { name: 'Key', scopes: [], kind: 'apiKey', in: 'header', parameter: 'X' }

describe('security', () => {
  it('is that of the root, unless the operation has its own', async () => {
    expect(await read({ root: '[{Key: []}]' })).toEqual([[key]])
    expect(await read({ root: '[{Key: []}]', own: '[]' })).toEqual([])
    expect(await read({ root: '[]', own: '[{Key: []}, {}]' })).toEqual([[key], []])
    expect(await read({})).toEqual([])
  })

  it('reads every kind of scheme, together or as alternatives', async () => {
    const schemes = `{
      H: {type: http, scheme: bearer}, O: {type: oauth2, flows: {}}, M: {type: mutualTLS},
      I: {$ref: '#/components/securitySchemes/J'}, J: {type: openIdConnect}}`
    expect(await read({ own: '[{H: [], O: [a, b]}, {M: []}, {I: [c]}]', schemes })).toEqual([
      [
        { name: 'H', scopes: [], kind: 'http', scheme: 'bearer' },
        { name: 'O', scopes: ['a', 'b'], kind: 'oauth2' },
      ],
      [{ name: 'M', scopes: [], kind: 'mutualTLS' }],
      [{ name: 'I', scopes: ['c'], kind: 'openIdConnect' }],
    ])
  })

  it('uses declared schemes only', async () => {
    const undeclared = (name: string, place: string, hint: string) => [
      'DOCUMENT_REF_UNRESOLVED',
      `the security scheme "${name}" is not declared`,
      `api.yaml:${place}`,
      hint,
    ]
    const nearest = 'the nearest name is "Key"'
    expect(await told({ own: '[{key: []}]' })).toEqual(undeclared('key', '4:32', nearest))
    expect(await told({ root: '[{Kez: []}]', own: '[]' })).toEqual(
      undeclared('Kez', '3:13', nearest),
    )
    const declare = 'declare it under components/securitySchemes'
    expect(await told({ own: '[{constructor: []}]' })).toEqual(
      undeclared('constructor', '4:32', declare),
    )
    expect(await told({ own: '[{Key: []}]', schemes: 'null' })).toContain(declare)
  })

  it.each([
    [{ own: '{}' }, 'expected "security" to be a list, received an object', '4:20'],
    [{ own: '[Key]' }, 'expected "security/0" to be an object, received "Key"', '4:31'],
    [{ own: '[{Key: a}]' }, 'expected "Key" to be a list, received "a"', '4:32'],
    [{ own: '[{Key: [[]]}]' }, 'expected "Key/0" to be a string, received a list', '4:38'],
    [
      { own: '[{Key: []}]', schemes: '{Key: {type: apikey}}' },
      'expected "type" to be "apiKey", "http", "oauth2", "openIdConnect" or "mutualTLS", received "apikey"',
      '5:38',
      'write "apiKey"',
    ],
    [
      { own: '[{Key: []}]', schemes: '{Key: {type: apiKey, name: X, in: path}}' },
      'expected "in" to be "header", "query" or "cookie", received "path"',
      '5:61',
    ],
    [
      { own: '[{Key: []}]', schemes: '{Key: {type: apiKey, in: query}}' },
      'expected "name" to be a string, received nothing',
      '5:32',
    ],
    [
      { own: '[{Key: []}]', schemes: '{Key: {type: http}}' },
      'expected "scheme" to be a string, received nothing',
      '5:32',
    ],
    [
      { own: '[{Key: []}]', schemes: '{Key: text}' },
      'expected "Key" to be an object, received "text"',
      '5:32',
    ],
  ] as [Given, string, string, string?][])(
    'is refused where %j has the wrong shape',
    async (given, message, place, hint) => {
      expect(await told(given)).toEqual(['DOCUMENT_INVALID', message, `api.yaml:${place}`, hint])
    },
  )
})
