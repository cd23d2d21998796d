import { describe, expect, test } from 'vitest'
import { shapeOf } from './fixtures/say.ts'

const envelope = {
  '2XX': { type: 'object', required: ['success'], properties: { success: { const: true } } },
  '4XX': {
    type: 'object',
    required: ['success', 'error'],
    properties: { success: { const: false }, error: { type: 'string', pattern: '\\S' } },
  },
}
const answer = {
  type: 'object',
  required: ['success'],
  properties: {
    success: { type: 'boolean', example: true },
    error: { type: 'string', example: 'no such thing' },
    data: { type: 'object' },
  },
}

describe('the envelope', () => {
  test('fixes what the document leaves open, whatever its example says, and has no rule then', async () => {
    expect(await shapeOf(answer, { envelope, status: 200 })).toEqual({
      example: { success: true },
      rules: [],
    })
  })

  test('asks for members that the document does not require, with the examples of the document', async () => {
    const shape = await shapeOf(answer, { envelope, status: 404 })
    expect(shape?.example).toEqual({ success: false, error: 'no such thing' })
    expect(shape?.rules.map(([at]) => at)).toEqual(['$.error'])
  })

  test('is asked by the status, and where it says nothing the document has the word', async () => {
    const shape = await shapeOf(answer, { envelope, status: 500 })
    expect(shape?.rules).toEqual([['$.success', { combine: 'AND', matchers: [{ match: 'type' }] }]])
  })

  test('takes the branch of a choice that it allows', async () => {
    const refused = { ...answer, required: ['success', 'error'] }
    const granted = {
      ...answer,
      required: ['success', 'data'],
      properties: { ...answer.properties, success: { const: true } },
    }
    const shape = await shapeOf({ oneOf: [granted, refused] }, { envelope, status: 404 })
    expect(shape?.example).toEqual({ success: false, error: 'no such thing' })
  })

  test('that contradicts the document leaves nothing to write', async () => {
    const schema = { ...answer, properties: { success: { const: true } } }
    await expect(shapeOf(schema, { envelope, status: 404 })).rejects.toThrow(
      'no value meets the schema of $.success',
    )
  })
})

describe('an example', () => {
  const schema = {
    type: 'object',
    required: ['name', 'tags', 'size'],
    properties: {
      name: { type: 'string', default: 'by default' },
      tags: { type: 'array', items: { type: 'string' } },
      size: { type: 'integer', minimum: 7, maximum: 7 },
      note: { type: 'string' },
    },
  }

  test('of the document is kept where it conforms, without what is not required', async () => {
    const example = { name: 'given', tags: ['one', 'two'], size: 9, note: 'left out' }
    const shape = await shapeOf(schema, { example })
    expect(shape?.example).toEqual({ name: 'given', tags: ['one'], size: 7 })
  })

  test('is derived from the schemas where there is none, the same every time', async () => {
    const shape = await shapeOf(schema)
    expect(shape?.example).toEqual({ name: 'by default', tags: ['text'], size: 7 })
    expect(await shapeOf(schema)).toEqual(shape)
  })

  test('of the schema of an object serves its members', async () => {
    const example = { name: 'of the schema', tags: [], size: 7 }
    expect((await shapeOf({ ...schema, example }))?.example).toMatchObject({
      name: 'of the schema',
    })
  })
})

test.each<readonly [reason: string, schema: unknown]>([
  ['no value meets the schema of $', { type: 'string', enum: [1] }],
  ['no example can be derived for $', { type: 'string', pattern: '^(?!)$' }],
  ['may be an object or a list, and a pact cannot say that', { type: ['object', 'array'] }],
  [
    'holds itself, without end',
    { type: 'object', required: ['a'], properties: { a: { $ref: '#/components/schemas/Loop' } } },
  ],
  [
    'a pact has no path for the member "it\'s"',
    {
      type: 'object',
      required: ["it's"],
      properties: { "it's": { type: 'string' } },
    },
  ],
  [
    'no example can be derived that conforms',
    {
      type: 'array',
      minItems: 2,
      uniqueItems: true,
      items: { type: 'string' },
    },
  ],
])('nothing is written, because %s', async (reason, schema) => {
  await expect(shapeOf(schema)).rejects.toThrow(reason)
})

test.each([true, {}])('where the schema is %j, nothing is promised of a body', async (schema) => {
  expect(await shapeOf(schema)).toBeUndefined()
})
