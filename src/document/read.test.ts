import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { formatPosition } from '../errors.ts'
import { loadDocument } from './load.ts'
import { readDocument } from './read.ts'
import { parseSource } from './source.ts'

const head = 'openapi: 3.1.0\npaths: {/a: {get: {}}}\n'

describe('a document', () => {
  it('has title, version and what stands at its pointers', async () => {
    const text = `${head}info: {title: T, version: 1.0.0}\n`
    const document = readDocument(await parseSource(text, 'api.yaml'))
    expect(document).toMatchObject({ title: 'T', version: '1.0.0' })
    expect(document.root).toBe(document.source.value)
    expect(document.valueAt('')).toBe(document.root)
    expect(document.valueAt('/info/title')).toBe('T')
    expect(document.valueAt('/info/constructor')).toBeUndefined()
    expect(formatPosition(document.positionOf('/info/title'))).toBe('api.yaml:3:8')
  })

  it.each([
    ['', 'expected "info" to be an object, received nothing', '1:1', undefined],
    ['info: text', 'expected "info" to be an object, received "text"', '3:1', undefined],
    ['info: {version: "1"}', 'expected "title" to be a string, received nothing', '3:1', undefined],
    [
      'info: {title: T, version: 1.0}',
      'expected "version" to be a string, received the number 1',
      '3:18',
      'put it in quotes',
    ],
  ])('is refused where %j tells neither', async (info, message, place, hint) => {
    const source = await parseSource(head + info, 'api.yaml')
    const [line, column] = place.split(':').map(Number)
    const at = { file: 'api.yaml', line, column }
    expect(() => readDocument(source)).toThrow(
      expect.objectContaining({ code: 'DOCUMENT_INVALID', message, at, hint }),
    )
  })

  it('is not disturbed by names that every object inherits', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
    const members = (value: string) => `{${names.map((name) => `"${name}": ${value}`).join(', ')}}`
    const operation = `{"responses": {"200": {"description": "", "content": ${members('{"schema": {}}')},
      "headers": ${members('{"schema": {}}')}}}, "security": [${members('[]')}]}`
    const text = `{"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
      "__proto__": {"paths": 1}, "constructor": 1, "paths": {"/a": {"get": ${operation}}},
      "components": {"schemas": ${members(`{"properties": ${members('true')}}`)},
        "securitySchemes": ${members('{"type": "mutualTLS"}')}}}`
    const yaml = text.replace('{"openapi"', '{openapi')
    for (const written of [text, yaml]) {
      const { operations } = readDocument(await parseSource(written, 'x'))
      const [response] = operations[0]?.responses ?? []
      expect(response?.content.map(({ name }) => name)).toEqual(names)
      expect(response?.headers.map(({ name }) => name)).toEqual(names)
      expect(operations[0]?.security[0]?.map(({ name }) => name)).toEqual(names)
    }
    expect(Object.prototype).not.toHaveProperty('paths')
  })

  it('is the same in JSON and in YAML', async () => {
    const yaml = await parseSource(await readFile('spec/openapi.yaml', 'utf8'), 'openapi')
    const json = await parseSource(JSON.stringify(yaml.value), 'openapi')
    expect(readDocument(json).operations).toEqual(readDocument(yaml).operations)
  })

  it('of 1200 operations is read whole', async () => {
    const schema = (n: number) => ({
      type: 'object',
      properties: { id: { type: 'string' }, next: { $ref: `#/components/schemas/S${n}` } },
    })
    const path = (n: number) => [
      `/a${n}/{id}`,
      {
        parameters: [{ name: 'id', in: 'path' }],
        get: { responses: { 404: { $ref: '#/components/responses/R' } } },
      },
    ]
    const numbers = Array.from({ length: 1200 }, (_, n) => n)
    const content = { 'a/b': { schema: { $ref: '#/components/schemas/S0' } } }
    const text = JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'T', version: '1' },
      paths: Object.fromEntries(numbers.map(path)),
      components: {
        schemas: Object.fromEntries(numbers.map((n) => [`S${n}`, schema(n)])),
        responses: { R: { description: '', content } },
      },
    })
    const document = readDocument(await parseSource(text, 'x'))
    for (const { responses } of document.operations) {
      for (const { promised } of responses) document.positionOf(promised)
    }
    expect(document.operations).toHaveLength(1200)
  })
})

describe('the control plane', () => {
  it('promises what its published page says', async () => {
    const document = await loadDocument('spec/openapi.yaml')
    const operation = '/paths/~1api~1tokens~1{id}/delete'
    const response = (status: string, description: string, pointer: string) => ({
      status,
      description,
      content: [
        {
          name: 'application/json',
          schema: `${pointer}/content/application~1json/schema`,
          pointer: `${pointer}/content/application~1json`,
        },
      ],
      headers: [],
      pointer,
      promised: `${operation}/responses/${status}`,
    })
    const shared = '/components/responses'
    expect(document.title).toBe('Archil Control Plane API')
    expect(document.operations).toEqual([
      {
        id: 'deleteApiToken',
        method: 'DELETE',
        path: '/api/tokens/{id}',
        pointer: operation,
        parameters: [
          {
            name: 'id',
            in: 'path',
            required: true,
            schema: `${operation}/parameters/0/schema`,
            pointer: `${operation}/parameters/0`,
          },
        ],
        responses: [
          response('200', 'Token deleted successfully', `${operation}/responses/200`),
          response(
            '401',
            'Invalid or missing authentication credentials',
            `${shared}/Unauthorized`,
          ),
          response('404', 'Resource not found', `${shared}/NotFound`),
          response('500', 'Internal server error', `${shared}/InternalError`),
        ],
        security: [
          [
            {
              name: 'ApiKeyAuth',
              scopes: [],
              kind: 'apiKey',
              in: 'header',
              parameter: 'Authorization',
            },
          ],
        ],
        deprecated: false,
      },
    ])
    const places = document.operations[0]?.responses.map(({ promised }) =>
      formatPosition(document.positionOf(promised)),
    )
    expect(places).toEqual([103, 109, 111, 113].map((line) => `spec/openapi.yaml:${line}:9`))
    expect(document.resolveRef('#/components/schemas/ErrorResponse', '')).toBe(
      '/components/schemas/ErrorResponse',
    )
  })
})
