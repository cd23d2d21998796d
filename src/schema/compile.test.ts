import { expect, test } from 'vitest'
import { parseSource, readDocument } from '../document/index.ts'
import { AssayError } from '../errors.ts'
import { compileSchema, compileSchemas, compileSource, type Schemas } from './index.ts'

const simplest = { '/': { get: { responses: { 200: { description: '' } } } } }

/** A document whose component schemas are these. */
async function compile(schemas: object, paths: object = simplest): Promise<Schemas> {
  const info = { title: 'T', version: '1' }
  const root = { openapi: '3.1.0', info, paths, components: { schemas } }
  return compileSchemas(readDocument(await parseSource(JSON.stringify(root), 'api.json')))
}

const at = (name: string) => `/components/schemas/${name}`

async function refusal(schemas: Schemas, pointer: string): Promise<AssayError> {
  try {
    schemas.validator(pointer)
  } catch (error) {
    if (error instanceof AssayError) return error
    throw error
  }
  throw new Error('it compiled')
}

const text = { type: 'string' }

test.each<[string, object, unknown, string]>([
  ['a component', { A: { $ref: '#/components/schemas/B' }, B: text }, 1, at('B/type')],
  [
    'itself, in a list',
    { A: { items: { $ref: '#/components/schemas/A' }, type: 'array' } },
    [[1]],
    at('A/type'),
  ],
  [
    'a property whose name holds slash, tilde, percent and blank',
    {
      A: { $ref: '#/components/schemas/B/properties/a~1b~0c%25d%20e' },
      B: { properties: { 'a/b~c%d e': text } },
    },
    1,
    at('B/properties/a~1b~0c%d e/type'),
  ],
  [
    'a name that a URL would swallow',
    { A: { $ref: '#/components/schemas/..' }, '..': text, '.': {} },
    1,
    at('../type'),
  ],
  ['a boolean', { A: { $ref: '#/components/schemas/B' }, B: false, C: true }, 1, at('B')],
  ['an anchor', { A: { $ref: '#here' }, B: { $anchor: 'here', ...text } }, 1, at('B/type')],
  [
    'a schema by its $id, with the reference relative to it',
    {
      A: { $ref: 'https://example.com/s/b' },
      B: { $id: 'https://example.com/s/b', $ref: 'c' },
      C: { $id: 'https://example.com/s/c', ...text },
    },
    1,
    at('C/type'),
  ],
  [
    'a $dynamicRef, which may stand beside a $ref',
    {
      A: { $ref: '#/components/schemas/C', $dynamicRef: '#here' },
      B: { $dynamicAnchor: 'here', ...text },
      C: {},
    },
    1,
    at('B/type'),
  ],
])('a reference leads to %s', async (_, schemas, value, place) => {
  const validate = (await compile(schemas)).validator(at('A'))
  expect(validate(value).map(({ schema }) => schema)).toEqual([place])
})

test('a reference leads into a path, and the places of a path are schemas themselves', async () => {
  const content = { 'application/json': { schema: text } }
  const paths = { '/a~b/c d': { get: { responses: { 200: { description: '', content } } } } }
  const place = '/paths/~1a~0b~1c d/get/responses/200/content/application~1json/schema'
  const schemas = await compile({ A: { $ref: `#${encodeURI(place)}` } }, paths)
  for (const pointer of [at('A'), place]) {
    expect(schemas.validator(pointer)(1)[0]?.schema).toBe(`${place}/type`)
    expect(schemas.validator(pointer)('a')).toEqual([])
  }
})

test('keywords beside a $ref count too', async () => {
  const schemas = await compile({
    A: { $ref: '#/components/schemas/B', maxLength: 2 },
    B: { type: 'string', minLength: 2 },
  })
  const validate = schemas.validator(at('A'))
  expect(['a', 'ab', 'abc'].map((value) => validate(value)[0]?.schema)).toEqual([
    at('B/minLength'),
    undefined,
    at('A/maxLength'),
  ])
})

test('schemas that hold each other compile, and look as deep as the value does', async () => {
  const schemas = await compile({
    Node: { type: 'object', properties: { next: { $ref: '#/components/schemas/Link' } } },
    Link: { anyOf: [{ type: 'null' }, { $ref: '#/components/schemas/Node' }] },
  })
  const validate = schemas.validator(at('Node'))
  expect(validate({ next: { next: { next: null } } })).toEqual([])
  expect(validate({ next: { next: { next: 1 } } }).map(({ instance }) => instance)).toEqual([
    '/next/next/next',
  ])
})

test('a value that nests without end is a violation, not a crash', async () => {
  const schemas = await compile({ A: { type: 'array', items: { $ref: '#/components/schemas/A' } } })
  let value: unknown = []
  for (let depth = 0; depth < 100_000; depth += 1) value = [value]
  expect(schemas.validator(at('A'))(value)).toMatchObject([{ keyword: 'depth', schema: at('A') }])
})

test.each<[string, object, unknown]>([
  ['nullable', { ...text, nullable: true }, null],
  ['id', { id: 'https://example.com/x', ...text }, 1],
  ['example', { example: 1, ...text }, 1],
  ['discriminator', { discriminator: { propertyName: 'kind' }, ...text }, 1],
  ['default', { required: ['a'], properties: { a: { default: 1 } } }, {}],
  ['xml, x-…, deprecated', { xml: {}, 'x-nullable': true, deprecated: true, ...text }, null],
  ['definitions', { definitions: { a: { type: 'strin' } }, ...text }, 1],
])('an annotation has no effect: %s', async (_, schema, bad) => {
  const validate = (await compile({ A: schema })).validator(at('A'))
  expect(validate(bad)).toHaveLength(1)
})

test('what only looks like a keyword is a name among properties and data in an enum', async () => {
  const { validator } = await compile({
    A: { properties: { $ref: text, nullable: text, required: text } },
    B: { enum: [{ $ref: '#/nowhere', nullable: true }] },
  })
  expect(validator(at('A'))({ $ref: 1, nullable: 1, required: 1 })).toHaveLength(3)
  expect(validator(at('B'))({ $ref: '#/nowhere', nullable: true })).toEqual([])
})

test.each<[string, object, string, string]>([
  [
    'an unknown type',
    { properties: { a: { type: 'strin' } } },
    '"type" must be',
    'A/properties/a/type',
  ],
  ['a pattern that is none', { items: { pattern: '(' } }, '"(" is no reg', 'A/items/pattern'],
  [
    'a name pattern that is none',
    { patternProperties: { '[': {} } },
    '"[" is',
    'A/patternProperties/[',
  ],
  ['text for a number', { minLength: 'a' }, '"minLength" must be integer', 'A/minLength'],
  ['a list for a schema', { items: [text] }, '"items" must be object,boolean', 'A/items'],
  ['a schema for a list', { allOf: text }, '"allOf" must be array', 'A/allOf'],
  [
    'another dialect',
    { $schema: 'http://json-schema.org/draft-07/schema#' },
    '"$schema"',
    'A/$schema',
  ],
])('a schema that is none is refused where it is wrong: %s', async (_, schema, message, place) => {
  const source = await parseSource(
    JSON.stringify({ A: schema, B: { $ref: '#/A' } }, null, 1),
    'a.json',
  )
  const schemas = await compileSource(source)
  for (const pointer of ['/A', '/A', '/B', '/B']) {
    const error = await refusal(schemas, pointer)
    expect(error.code).toBe('SCHEMA_NOT_COMPILED')
    expect(error.message).toContain(`the schema cannot be compiled: ${message}`)
    expect(error.at).toEqual(source.positionOf(`/${place}`))
  }
})

test('one schema that is refused keeps no other from being used', async () => {
  const schemas = await compile({ A: { type: 'strin' }, B: text })
  expect((await refusal(schemas, at('A'))).code).toBe('SCHEMA_NOT_COMPILED')
  expect(schemas.validator(at('B'))('a')).toEqual([])
})

test('a reference to nothing is refused in a text that is no document', async () => {
  const source = await parseSource('a: {$ref: "#/b"}\nc: {$ref: "other.yaml"}', 'e.yaml')
  const schemas = await compileSource(source)
  const [nothing, other] = [await refusal(schemas, '/a'), await refusal(schemas, '/c')]
  expect(nothing.message).toContain('"#/b" points at nothing')
  expect(other.message).toContain('"other.yaml" points at nothing')
  expect(other.at).toMatchObject({ file: 'e.yaml', line: 2 })
})

test('a $dynamicRef whose target depends on the way to it is refused, never guessed', async () => {
  const schemas = await compile({
    List: {
      $id: 'https://a.example/list',
      items: { $dynamicRef: '#item' },
      $defs: { i: { $dynamicAnchor: 'item', not: {} } },
    },
    Texts: {
      $id: 'https://a.example/texts',
      $ref: 'list',
      $defs: { i: { $dynamicAnchor: 'item', ...text } },
    },
  })
  const { code, message } = await refusal(schemas, at('Texts'))
  expect([code, message]).toEqual(['SCHEMA_NOT_COMPILED', expect.stringContaining('"$dynamicRef"')])
})

test.each<[string, object, readonly unknown[]]>([
  [
    'where it stands beside the property',
    { required: ['secret', 'id'], properties: { secret: { writeOnly: true }, id: {} } },
    [{ id: 1 }, { secret: 1, id: 1 }],
  ],
  [
    'where a reference says so',
    { required: ['secret'], properties: { secret: { $ref: '#/components/schemas/B' } } },
    [{}],
  ],
])('a writeOnly member is not required of an answer: %s', async (_, schema, good) => {
  const schemas = await compile({
    A: schema,
    B: { $ref: '#/components/schemas/C' },
    C: { writeOnly: true },
  })
  const validate = schemas.validator(at('A'))
  expect(good.map((value) => validate(value))).toEqual(good.map(() => []))
})

test('a member that may be read is required beside a writeOnly one', async () => {
  const validate = await compileSchema({
    required: ['secret', 'id'],
    properties: { secret: { writeOnly: true }, id: { writeOnly: false } },
  })
  expect(validate({}).map(({ member }) => member)).toEqual(['id'])
})

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  'a body does not have "%s" because every object inherits it',
  async (name) => {
    const validate = await compileSchema({ required: [name] })
    expect(validate({}).map(({ member }) => member)).toEqual([name])
    expect(validate(JSON.parse(`{"${name}": 1}`))).toEqual([])
    const open = await compileSchema({ properties: { [name]: text }, additionalProperties: false })
    expect(open({})).toEqual([])
  },
)

test.each<[string, string, string, string]>([
  ['Unicode', '^\\p{L}$', 'é', '1'],
  ['a whole code point', '^.$', '😀', 'ab'],
  ['an escape that only the older way knows', '^[\\w-.]+\\-$', 'a.b-', 'a b'],
])('a pattern may use %s', async (_, pattern, good, bad) => {
  const validate = await compileSchema({ pattern })
  expect([good, bad].map((value) => validate(value).length)).toEqual([0, 1])
  const names = await compileSchema({ patternProperties: { [pattern]: false } })
  expect(names({ [good]: 1 })).toHaveLength(1)
})

test('a date that no calendar has is no date', async () => {
  const validate = await compileSchema({ format: 'date' })
  expect(['2024-02-29', '2023-02-30'].map((date) => validate(date).length)).toEqual([0, 1])
})

test('properties that a reference evaluates are not unevaluated', async () => {
  const schemas = await compile({
    A: { $ref: '#/components/schemas/B', unevaluatedProperties: false, properties: { a: {} } },
    B: { properties: { b: {} } },
  })
  const validate = schemas.validator(at('A'))
  expect(validate({ a: 1, b: 1 })).toEqual([])
  expect(validate({ a: 1, c: 1 }).map(({ member }) => member)).toEqual(['c'])
})
