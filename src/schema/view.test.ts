import { describe, expect, it } from 'vitest'
import { parseSource, readDocument } from '../document/index.ts'
import { compileSchemas, type ViewName } from './index.ts'

/** What a view has against a value, by a schema beside which `Cat` and `Dog` stand. */
async function refused(view: ViewName, schema: object, value: unknown): Promise<readonly string[]> {
  const animal = (name: string, rest: object) => ({
    type: 'object',
    required: ['kind', name],
    properties: { kind: { type: 'string' }, [name]: { type: 'integer' }, ...rest },
  })
  const schemas = {
    Given: schema,
    Cat: animal('lives', {}),
    Dog: animal('tricks', { lives: { type: 'string' } }),
  }
  const paths = { '/': { get: { responses: {} } } }
  const openapi = {
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths,
    components: { schemas },
  }
  const document = readDocument(await parseSource(JSON.stringify(openapi), 'api.json'))
  const compiled = await compileSchemas(document, view)
  const violations = compiled.validator('/components/schemas/Given')(value)
  return violations.map(({ keyword, instance }) => `${keyword} ${instance}`.trim())
}

const text = { type: 'string' }

describe('a part of an answer', () => {
  const holds = (schema: object, value: unknown) => refused('part', schema, value)

  it('misses nothing that more members could bring', async () => {
    const schema = {
      type: 'object',
      required: ['a'],
      minProperties: 2,
      dependentRequired: { b: ['a'] },
      properties: { a: text, b: { type: 'object', required: ['c'] } },
    }
    expect(await holds(schema, { b: {} })).toEqual([])
    expect(await holds(schema, { a: 1 })).toEqual(['type /a'])
  })

  it('may fit several alternatives that the whole tells apart', async () => {
    const one = (name: string) => ({
      type: 'object',
      required: [name],
      properties: { [name]: text },
    })
    const schema = { oneOf: [one('a'), one('b')] }
    expect(await holds(schema, {})).toEqual([])
    expect(await holds(schema, { a: 'x' })).toEqual([])
    expect(await holds(schema, { a: 1, b: 1 })).toEqual(['anyOf'])
  })

  it('is refused by "not" only where no further member could help', async () => {
    expect(await holds({ not: { required: ['a'] } }, { a: 1 })).toEqual(['not'])
    expect(await holds({ not: { required: ['a'] } }, {})).toEqual([])
    const negated = { not: { properties: { a: { const: 1 } } } }
    expect(await holds(negated, {})).toEqual([])
    expect(await holds(negated, { a: 1 })).toEqual(['not'])
    expect(await holds({ not: { additionalProperties: false } }, {})).toEqual([])
    expect(await holds({ not: { $ref: '#/components/schemas/Cat' } }, { lives: 1 })).toEqual([])
  })

  it('meets a condition where what it tells settles it, and may meet either side where not', async () => {
    const schema = {
      if: { properties: { a: { const: 1 } }, required: ['a'] },
      ...Object.fromEntries([['then', { properties: { b: text } }]]),
      else: { properties: { b: { type: 'integer' } } },
    }
    expect(await holds(schema, { a: 1, b: 'x' })).toEqual([])
    expect(await holds(schema, { a: 1, b: 2 })).toEqual(['anyOf'])
    expect(await holds(schema, { b: 2 })).toEqual([])
    expect(await holds(schema, { b: 'x' })).toEqual([])
    expect(await holds(schema, { b: null })).toEqual(['anyOf'])
  })

  it('is not compared with a whole object', async () => {
    expect(await holds({ const: { a: 1, b: 2 } }, { a: 1 })).toEqual([])
    expect(await holds({ enum: [{ a: 1, b: 2 }] }, { a: 1 })).toEqual([])
    expect(await holds({ enum: ['a'] }, 'b')).toEqual(['enum'])
  })

  it('still keeps closed what is closed', async () => {
    const closed = { additionalProperties: false, properties: { a: text } }
    expect(await holds(closed, { b: 1 })).toEqual(['additionalProperties'])
    const joined = { allOf: [{ properties: { a: text } }], unevaluatedProperties: false }
    expect(await holds(joined, { a: 'x' })).toEqual([])
    expect(await holds(joined, { b: 1 })).toEqual(['unevaluatedProperties'])
  })
})

describe('a discriminator', () => {
  const schema = {
    oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
    discriminator: { propertyName: 'kind', mapping: { puppy: '#/components/schemas/Dog' } },
  }

  it.each<ViewName>(['part', 'request'])('chooses the alternative for a %s', async (view) => {
    expect(await refused(view, schema, { kind: 'Cat', lives: 9 })).toEqual([])
    expect(await refused(view, schema, { kind: 'puppy', tricks: 1, lives: 'one' })).toEqual([])
    expect(await refused(view, schema, { kind: 'Cat', lives: 'one', tricks: 1 })).not.toEqual([])
    expect(await refused(view, schema, { kind: 'bird', lives: 1 })).not.toEqual([])
  })
})

describe('a request', () => {
  const schema = {
    type: 'object',
    required: ['id', 'secret', 'name'],
    properties: { id: { readOnly: true }, secret: { writeOnly: true }, name: text },
  }

  it('does not need what is readOnly, and needs what is writeOnly', async () => {
    expect(await refused('request', schema, { name: 'x' })).toEqual(['required'])
    expect(await refused('request', schema, { name: 'x', secret: 's' })).toEqual([])
    expect(await refused('answer', schema, { id: 1, name: 'x' })).toEqual([])
  })
})

describe('what is marked', () => {
  const schema = {
    type: 'object',
    required: ['id'],
    properties: {
      id: { $ref: '#/components/schemas/Cat', readOnly: true },
      list: { type: 'array', items: { properties: { key: { writeOnly: true, type: 'string' } } } },
    },
  }

  it('is refused in the direction that it does not go, and nothing else is', async () => {
    const value = { id: 1, list: [{ key: 2 }], other: 3 }
    expect(await refused('readOnly', schema, value)).toEqual(['false schema /id'])
    expect(await refused('writeOnly', schema, value)).toEqual(['false schema /list/0/key'])
  })
})
