import { describe, expect, it } from 'vitest'
import { type AssayError, formatPosition } from '../errors.ts'
import type { Parameter } from './parameters.ts'
import { readDocument } from './read.ts'
import { parseSource } from './source.ts'

/** The list of the path stands in line 5, that of the operation in line 6, in column 5. */
const read = async (own: string, shared = '[]', rest = ''): Promise<readonly Parameter[]> => {
  const text = `openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a/{id}/b:
    parameters: ${shared}
    get: {parameters: ${own}}
${rest}`
  const { operations } = readDocument(await parseSource(text, 'api.yaml'))
  return operations[0]?.parameters ?? []
}

const told = (own: string, shared?: string): Promise<unknown> =>
  read(own, shared).then(
    () => 'no error',
    ({ code, message, at, hint }: AssayError) => [code, message, at && formatPosition(at), hint],
  )

const id = '{name: id, in: path}'
const operation = '/paths/~1a~1{id}~1b/get/parameters'

describe('parameters', () => {
  it('are read with all that they say', async () => {
    const own = `[${id}, {name: q, in: query, required: true, schema: {type: array}, style: form,
      explode: false, example: 0}, {name: c, in: cookie, content: {a/b: {schema: true}}}]`
    expect(await read(own)).toEqual([
      { name: 'id', in: 'path', required: true, pointer: `${operation}/0` },
      {
        name: 'q',
        in: 'query',
        required: true,
        schema: `${operation}/1/schema`,
        style: 'form',
        explode: false,
        example: 0,
        pointer: `${operation}/1`,
      },
      {
        name: 'c',
        in: 'cookie',
        required: false,
        content: [
          {
            name: 'a/b',
            schema: `${operation}/2/content/a~1b/schema`,
            pointer: `${operation}/2/content/a~1b`,
          },
        ],
        pointer: `${operation}/2`,
      },
    ])
  })

  it('of the operation override those of the path by name and place', async () => {
    const shared = `[${id}, {name: q, in: query}, {name: X-Key, in: header}, {name: c, in: cookie}]`
    const own = '[{name: x-key, in: header, required: true}, {name: q, in: cookie}]'
    const found = await read(own, shared)
    expect(found.map(({ name, in: place, required }) => [name, place, required])).toEqual([
      ['id', 'path', true],
      ['q', 'query', false],
      ['x-key', 'header', true],
      ['c', 'cookie', false],
      ['q', 'cookie', false],
    ])
  })

  it('are read where their references lead', async () => {
    const found = await read(
      `[{$ref: '#/components/parameters/A'}]`,
      undefined,
      `components: {parameters: {A: {$ref: '#/components/parameters/B'}, B: ${id}}}`,
    )
    expect(found).toEqual([
      { name: 'id', in: 'path', required: true, pointer: '/components/parameters/B' },
    ])
  })

  it('that the standard ignores are left out', async () => {
    const header = (name: string) => `{name: ${name}, in: header}`
    const names = ['accept', 'Content-Type', 'AUTHORIZATION', 'Accept-Language', 'X-Accept']
    const found = await read(`[${id}, ${names.map(header).join(', ')}]`)
    expect(found.map(({ name }) => name)).toEqual(['id', 'Accept-Language', 'X-Accept'])
  })

  it('stand once in their list', async () => {
    expect(await told(`[${id}, {name: A, in: header}, {name: a, in: header}]`)).toEqual([
      'DOCUMENT_INVALID',
      'two parameters in one list are called "a" in header',
      'api.yaml:6:69',
      'keep one; the first stands at api.yaml:6:46',
    ])
    expect(await told(`[${id}, {name: A, in: query}, {name: a, in: query}]`)).toBe('no error')
  })

  it.each([
    ['{}', 'expected "parameters" to be a list, received an object', '6:11', undefined],
    ['[text]', 'expected "parameters/0" to be an object, received "text"', '6:24', undefined],
    ['[{in: path}]', 'expected "name" to be a string, received nothing', '6:24', undefined],
    [
      '[{name: id}]',
      'expected "in" to be "path", "query", "header" or "cookie", received nothing',
      '6:24',
      undefined,
    ],
    [
      '[{name: id, in: paths}]',
      'expected "in" to be "path", "query", "header" or "cookie", received "paths"',
      '6:35',
      'write "path"',
    ],
    [
      '[{name: id, in: path, required: false}]',
      'expected "required" to be true for a path parameter, received false',
      '6:45',
      undefined,
    ],
    [
      '[{name: q, in: query, required: 1}]',
      'expected "required" to be true or false, received the number 1',
      '6:45',
      undefined,
    ],
    [
      '[{name: q, in: query, schema: text}]',
      'expected "schema" to be a schema (an object, true or false), received "text"',
      '6:45',
      undefined,
    ],
    [
      '[{name: q, in: query, style: [form]}]',
      'expected "style" to be a string, received a list',
      '6:45',
      undefined,
    ],
    [
      '[{name: q, in: query, examples: []}]',
      'expected "examples" to be an object, received a list',
      '6:45',
      undefined,
    ],
  ])('are refused where %s has the wrong shape', async (own, message, place, hint) => {
    expect(await told(own)).toEqual(['DOCUMENT_INVALID', message, `api.yaml:${place}`, hint])
  })
})
