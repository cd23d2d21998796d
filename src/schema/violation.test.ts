import { expect, test } from 'vitest'
import { parseSource } from '../document/index.ts'
import { compileSource, excerpt, type Violation } from './index.ts'

/** What a value is told about the schema `A` among others. */
async function violations(schemas: object, value: unknown): Promise<readonly Violation[]> {
  const source = await parseSource(JSON.stringify(schemas), 's.json')
  return (await compileSource(source)).validator('/A')(value)
}

const text = { type: 'string' }

test.each<[string, object, unknown, string]>([
  ['type', { type: 'string' }, 1, 'string'],
  ['type', { type: ['string', 'null'] }, [], 'string or null'],
  ['const', { const: true }, false, 'true'],
  ['enum', { enum: ['a', 1, null] }, 'b', 'one of "a",1,null'],
  ['format', { format: 'uuid' }, 'x', 'a value in the format "uuid"'],
  ['pattern', { pattern: '^a$' }, 'b', 'text that matches ^a$'],
  ['minLength', { minLength: 1 }, '', 'at least 1 character'],
  ['maxLength', { maxLength: 2 }, 'abc', 'at most 2 characters'],
  ['minItems', { minItems: 1 }, [], 'at least 1 item'],
  ['maxItems', { maxItems: 0 }, [1], 'at most 0 items'],
  ['minProperties', { minProperties: 1 }, {}, 'at least 1 property'],
  ['maxProperties', { maxProperties: 0 }, { a: 1 }, 'at most 0 properties'],
  ['minimum', { minimum: 2 }, 1, 'a number >= 2'],
  ['exclusiveMaximum', { exclusiveMaximum: 2 }, 2, 'a number < 2'],
  ['multipleOf', { multipleOf: 2 }, 3, 'a multiple of 2'],
  ['uniqueItems', { uniqueItems: true }, [1, 1], 'items that all differ'],
  ['contains', { contains: text }, [1, 2], 'at least 1 item like {"type":"string"}'],
  [
    'contains',
    { contains: text, minContains: 2, maxContains: 3 },
    ['a'],
    'at least 2 items and at most 3 like {"type":"string"}',
  ],
  ['items', { prefixItems: [text], items: false }, ['a', 'b'], 'at most 1 item'],
  [
    'unevaluatedItems',
    { prefixItems: [text], unevaluatedItems: false },
    ['a', 'b'],
    'at most 1 item',
  ],
  ['not', { not: text }, 'a', 'a value that does not fit {"type":"string"}'],
  ['not', { not: { $ref: '#/B' } }, 'a', 'a value that does not fit {"$ref":"#/B"}'],
  ['anyOf', { anyOf: [text, { type: 'null' }] }, 1, 'a value that fits one of string, null'],
  [
    'oneOf',
    { oneOf: [{ minLength: 2 }, { maxLength: 0 }] },
    'a',
    'a value that fits exactly one of 2 schemas',
  ],
  [
    'oneOf',
    { oneOf: [text, text] },
    'a',
    'a value that fits exactly one of string, string, not several',
  ],
])(
  '%s says what was expected, what came, and where both stand: %j',
  async (keyword, schema, value, expected) => {
    expect(
      await violations({ A: { properties: { 'a/b': schema } }, B: text }, { 'a/b': value }),
    ).toEqual([
      {
        instance: '/a~1b',
        keyword,
        expected,
        received: JSON.stringify(value),
        schema: `/A/properties/a~1b/${keyword}`,
      },
    ])
  },
)

test.each<[string, object, object, string, string]>([
  [
    'required',
    { required: ['b'], properties: { b: text } },
    { a: 1 },
    'b',
    'property "b" (string, required)',
  ],
  ['required', { required: ['b'], properties: { b: true } }, {}, 'b', 'property "b" (required)'],
  [
    'dependentRequired',
    { dependentRequired: { a: ['b'] } },
    { a: 1 },
    'b',
    'property "b", required beside "a"',
  ],
  ['additionalProperties', { additionalProperties: false }, { a: 1 }, 'a', 'no property "a"'],
  [
    'unevaluatedProperties',
    { unevaluatedProperties: false },
    { 'a"': 1 },
    'a"',
    'no property "a\\""',
  ],
])(
  '%s names the member that is missing or too much',
  async (keyword, schema, value, member, expected) => {
    expect(await violations({ A: schema }, value)).toEqual([
      {
        instance: '',
        keyword,
        member,
        expected,
        received: JSON.stringify(value),
        schema: `/A/${keyword}`,
      },
    ])
  },
)

test('propertyNames says which name, once', async () => {
  expect(
    await violations({ A: { propertyNames: { maxLength: 1 } } }, { a: 1, bc: 1 }),
  ).toMatchObject([
    {
      expected: 'names of properties that fit {"maxLength":1}',
      received: '"bc"',
      schema: '/A/propertyNames',
    },
  ])
})

test.each<[string, object, unknown, string, string]>([
  ['of a property', { properties: { a: false } }, { a: 1 }, '/a', '/A/properties/a'],
  ['of every item', { items: false }, [1], '/0', '/A/items'],
  ['of a branch', { if: { required: ['b'] }, else: false }, { a: 1 }, '', '/A/else'],
  ['behind a reference', { properties: { a: { $ref: '#/B' } } }, { a: 1 }, '/a', '/B'],
])('"false" has a place of its own: %s', async (_, schema, value, instance, place) => {
  expect(await violations({ A: schema, B: false }, value)).toMatchObject([
    { instance, keyword: 'false schema', expected: 'no value here', schema: place },
  ])
})

const pair = { type: 'object', required: ['id', 'name'], properties: { id: text, name: text } }

test.each<[string, object, unknown, readonly string[]]>([
  ['no branch takes the type', { anyOf: [text, { type: 'null' }] }, 1, [' /A/anyOf']],
  ['several take it', { oneOf: [{ required: ['a'] }, { $ref: '#/Pair' }] }, {}, [' /A/oneOf']],
  [
    'one branch takes it',
    { anyOf: [{ type: 'null' }, pair] },
    { id: 1 },
    [' /A/anyOf/1/required', '/id /A/anyOf/1/properties/id/type'],
  ],
  [
    'a reference takes it',
    { oneOf: [{ type: 'null' }, { $ref: '#/Pair' }] },
    { id: 'a' },
    [' /Pair/required'],
  ],
  [
    'a union in a union',
    { anyOf: [{ type: 'null' }, { anyOf: [text, { type: 'null' }] }] },
    1,
    [' /A/anyOf/1/anyOf'],
  ],
  [
    'at a member',
    { properties: { a: { anyOf: [text, { type: 'null' }] } } },
    { a: 1 },
    ['/a /A/properties/a/anyOf'],
  ],
])('a union is said once: %s', async (_, schema, value, said) => {
  const told = await violations({ A: schema, Pair: pair }, value)
  expect(told.map(({ instance, schema }) => `${instance} ${schema}`)).toEqual(said)
})

test('a failed union hides nothing that stands beside it', async () => {
  const schema = { $ref: '#/B', anyOf: [{ required: ['x'] }, { $ref: '#/C' }] }
  const told = await violations(
    { A: schema, B: { properties: { a: { $ref: '#/Text' } } }, C: { required: ['y'] }, Text: text },
    { a: 1 },
  )
  expect(told.map((each) => each.schema)).toEqual(['/Text/type', '/A/anyOf'])
})

test('a union at one member hides nothing of a member whose name begins alike', async () => {
  const union = { anyOf: [{ $ref: '#/Text' }, { type: 'null' }] }
  const schema = { properties: { ab: { $ref: '#/Text' }, a: union } }
  const told = await violations({ A: schema, Text: text }, { ab: 1, a: 1 })
  expect(told.map(({ instance }) => instance)).toEqual(['/ab', '/a'])
})

test('a refused member is not said to be unevaluated too, but another one is', async () => {
  const schema = {
    anyOf: [{ required: ['a'], properties: { a: text } }],
    unevaluatedProperties: false,
  }
  const told = await violations({ A: schema }, { a: 1, b: 1 })
  expect(told.map(({ keyword, member }) => [keyword, member])).toEqual([
    ['type', undefined],
    ['unevaluatedProperties', 'b'],
  ])
})

test('a large value is cut, and a hundred violations are enough', async () => {
  const told = await violations(
    { A: { items: { anyOf: [text, { type: 'null' }] } } },
    Array(50_000).fill(0),
  )
  expect(told).toHaveLength(100)
  expect(excerpt('a'.repeat(1000))).toBe(`"${'a'.repeat(159)}… (1002 characters)`)
  expect(excerpt(undefined)).toBe('nothing')
})

test('a name that is as long as a body is cut too', async () => {
  const name = 'n'.repeat(100_000)
  const told = await Promise.all(
    [
      { additionalProperties: false },
      { unevaluatedProperties: false },
      { propertyNames: { maxLength: 3 } },
    ].map((schema) => violations({ A: schema }, { [name]: 1 })),
  )
  const [first] = told
  expect(first?.[0]?.expected).toBe(`no property "${'n'.repeat(159)}… (100002 characters)`)
  const lengths = told.flat().map(({ expected, received }) => (expected + received).length)
  expect(Math.max(...lengths)).toBeLessThan(400)
  expect(lengths).toHaveLength(3)
})
