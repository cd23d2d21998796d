import { describe, expect, it } from 'vitest'
import { type AssayError, formatPosition } from '../errors.ts'
import type { Document } from './read.ts'
import { readDocument } from './read.ts'
import { parseSource } from './source.ts'

/** The paths begin in line 4, two columns in. */
const read = async (paths: string, rest = ''): Promise<Document> => {
  const text = `openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  ${paths}\n${rest}`
  return readDocument(await parseSource(text, 'api.yaml'))
}

/** Code, message, position and hint of the error that the paths bring. */
const told = (paths: string, rest?: string): Promise<unknown> =>
  read(paths, rest).then(
    () => 'no error',
    ({ code, message, at, hint }: AssayError) => [code, message, at && formatPosition(at), hint],
  )

const invalid = (message: string, place: string, hint?: string) => [
  'DOCUMENT_INVALID',
  message,
  `api.yaml:${place}`,
  hint,
]

describe('operations', () => {
  it('come in the order of the document, with id, method, path and pointer', async () => {
    const { operations } =
      await read(`/z: {put: {operationId: b}, x-get: 1, get: {deprecated: true}}
  x-y: {get: 1}
  /a/b: {summary: s, description: d, servers: [], trace: {operationId: a}}`)
    expect(operations).toEqual(
      [
        { id: 'b', method: 'PUT', path: '/z', pointer: '/paths/~1z/put', deprecated: false },
        { id: 'GET /z', method: 'GET', path: '/z', pointer: '/paths/~1z/get', deprecated: true },
        {
          id: 'a',
          method: 'TRACE',
          path: '/a/b',
          pointer: '/paths/~1a~1b/trace',
          deprecated: false,
        },
      ].map((operation) => ({ ...operation, parameters: [], responses: [], security: [] })),
    )
  })

  it('are at least one', async () => {
    const none = (place: string) => [
      'DOCUMENT_NO_PATHS',
      'expected an operation under "paths", received none',
      `api.yaml:${place}`,
      undefined,
    ]
    for (const paths of ['{}', 'x-a: {get: {}}', '/a: {}', '/a: {parameters: []}']) {
      expect(await told(paths)).toEqual(none('3:1'))
    }
    const text = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\nwebhooks: {a: {get: {}}}'
    const source = await parseSource(text, 'api.yaml')
    expect(() => readDocument(source)).toThrow('expected an operation under "paths"')
  })

  it('have ids of their own', async () => {
    const twice = (message: string, second: string, first: string) => [
      'DOCUMENT_OPERATION_ID_DUPLICATE',
      message,
      `api.yaml:${second}`,
      `rename one of them; the first stands at api.yaml:${first}`,
    ]
    expect(await told('/a: {get: {operationId: x}}\n  /b: {put: {operationId: x}}')).toEqual(
      twice('GET /a and PUT /b have the same operationId "x"', '5:14', '4:14'),
    )
    expect(await told('/a: {get: {operationId: PUT /b}}\n  /b: {put: {}}')).toEqual(
      twice('GET /a and PUT /b have the same operationId "PUT /b"', '5:8', '4:14'),
    )
  })

  it.each([
    ['/a: text', 'expected "/a" to be an object, received "text"', '4:3', undefined],
    ['/a:', 'expected "/a" to be an object, received null', '4:3', undefined],
    ['/a: {get: text}', 'expected "get" to be an object, received "text"', '4:8', undefined],
    ['/a: {get: []}', 'expected "get" to be an object, received a list', '4:8', undefined],
    [
      '/a: {get: {operationId: 7}}',
      'expected "operationId" to be a string, received the number 7',
      '4:14',
      'put it in quotes',
    ],
    [
      '/a: {get: {deprecated: "yes"}}',
      'expected "deprecated" to be true or false, received "yes"',
      '4:14',
      undefined,
    ],
    [
      '/a: {get: {requestBody: []}}',
      'expected "requestBody" to be an object, received a list',
      '4:14',
      undefined,
    ],
    [
      '/a: {get: {requestBody: {content: text}}}',
      'expected "content" to be an object, received "text"',
      '4:28',
      undefined,
    ],
    [
      '/a: {get: {requestBody: {content: {a/b: null}}}}',
      'expected "a/b" to be an object, received null',
      '4:38',
      undefined,
    ],
    [
      '/a: {get: {requestBody: {content: {a/b: {schema: []}}}}}',
      'expected "schema" to be a schema (an object, true or false), received a list',
      '4:44',
      undefined,
    ],
    ['a: {}', 'expected a path that begins with "/", received "a"', '4:3', 'write "/a"'],
    [
      '/a: {delte: {}}',
      'expected a method or another field of a path item, received "delte"',
      '4:8',
      'the nearest name is "delete"',
    ],
    [
      '/a: {GET: {}}',
      'expected a method or another field of a path item, received "GET"',
      '4:8',
      'the nearest name is "get"',
    ],
    [
      '/a: {something: {}}',
      'expected a method or another field of a path item, received "something"',
      '4:8',
      'the name of an extension begins with "x-"',
    ],
  ])('are refused where %j has the wrong shape', async (paths, message, place, hint) => {
    expect(await told(paths)).toEqual(invalid(message, place, hint))
  })

  it('are refused where "paths" is no object', async () => {
    expect(await told('- a')).toEqual(
      invalid('expected "paths" to be an object, received a list', '3:1'),
    )
  })
})

describe('a path item', () => {
  it('may stand elsewhere, and what stands beside the reference counts too', async () => {
    const { operations } = await read(
      `/a/{id}:
    $ref: '#/components/pathItems/A'
    put: {}`,
      `components:
  pathItems:
    A: {$ref: '#/components/pathItems/B', parameters: [{name: id, in: path}]}
    B: {get: {}}
`,
    )
    expect(operations.map(({ id, pointer }) => [id, pointer])).toEqual([
      ['PUT /a/{id}', '/paths/~1a~1{id}/put'],
      ['GET /a/{id}', '/components/pathItems/B/get'],
    ])
    expect(operations.map(({ parameters }) => parameters.length)).toEqual([1, 1])
  })

  it('holds no field both beside a reference and where it leads', async () => {
    const text = told(
      `/a: {$ref: '#/components/pathItems/A', get: {}}`,
      'components: {pathItems: {A: {get: {}}}}',
    )
    expect(await text).toEqual(
      invalid(
        '"get" stands beside the "$ref" and again where it leads',
        '4:42',
        'keep one of them; the other stands at api.yaml:5:30',
      ),
    )
  })
})

describe('a request body', () => {
  it('is read where its references lead', async () => {
    const { operations } = await read(
      `/a: {put: {requestBody: {$ref: '#/components/requestBodies/A'}}, post: {requestBody: {}}}`,
      `components:
  requestBodies:
    A: {$ref: '#/components/requestBodies/B'}
    B:
      required: true
      content:
        text/*: {schema: true, example: null}
        a/b: {}
`,
    )
    const pointer = '/components/requestBodies/B'
    expect(operations[0]?.requestBody).toEqual({
      required: true,
      pointer,
      content: [
        {
          name: 'text/*',
          schema: `${pointer}/content/text~1*/schema`,
          example: null,
          pointer: `${pointer}/content/text~1*`,
        },
        { name: 'a/b', pointer: `${pointer}/content/a~1b` },
      ],
    })
    expect(operations[1]?.requestBody).toEqual({
      required: false,
      content: [],
      pointer: '/paths/~1a/post/requestBody',
    })
  })

  it('takes the first example that holds its value', async () => {
    const { operations } = await read(
      `/a:
    put:
      requestBody:
        content:
          a/b:
            examples:
              outside: {externalValue: 'https://x.io'}
              inside: {$ref: '#/components/examples/E'}
              last: {value: 2}
          c/d: {example: 3, examples: {e: {value: 4}}}`,
      'components: {examples: {E: {value: [{$ref: 1}]}}}',
    )
    const content = operations[0]?.requestBody?.content
    expect(content?.map(({ example }) => example)).toEqual([[{ $ref: 1 }], 3])
  })
})

describe('a path template', () => {
  const path = (template: string, parameters: string) =>
    told(`${template}:\n    get:\n      parameters: ${parameters}`)

  it('names its path parameters, each once or more', async () => {
    expect(await path('/{a}/{b}.{a}', '[{name: a, in: path}, {name: b, in: path}]')).toBe(
      'no error',
    )
  })

  it('names none that is not declared', async () => {
    expect(await path('/{tokenId}', '[{name: tokenID, in: path}]')).toEqual(
      invalid(
        'expected a path parameter "tokenId" for "/{tokenId}", received none',
        '5:5',
        'the nearest name is "tokenID"',
      ),
    )
    expect(await path('/{a}', '[{name: a, in: query}]')).toEqual(
      invalid('expected a path parameter "a" for "/{a}", received none', '5:5'),
    )
  })

  it('names all that are declared', async () => {
    expect(await path('/{a}', '[{name: a, in: path}, {name: aa, in: path}]')).toEqual(
      invalid(
        'expected "{aa}" in "/{a}", for it is a path parameter, received none',
        '6:41',
        'the nearest name is "a"',
      ),
    )
  })

  it('closes every brace around a name', async () => {
    for (const template of ['/a/{', '/{}', '/}a{', '/{{a}}']) {
      const message = `expected a name between "{" and "}" in the path, received "${template}"`
      expect(await path(template, '[]')).toEqual(invalid(message, '5:5'))
    }
  })
})
