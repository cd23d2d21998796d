import { expect, it } from 'vitest'
import { parseSource, readDocument } from '../../document/index.ts'
import { drawBody } from './body-shape.ts'

const text = `openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a: {get: {responses: {'200': {description: ok}}}}
components:
  schemas:
    Thing:
      type: object
      required: [id]
      properties:
        id: {type: string}
        size: {type: [integer, 'null']}
        any: {type: [integer, string]}
        parts: {type: array, items: {$ref: '#/components/schemas/Thing'}}
        labels: {type: object, additionalProperties: {type: string}}
        open: {type: object, additionalProperties: true}
        byPattern: {type: object, patternProperties: {'^x-': {type: integer}}}
`
const document = readDocument(await parseSource(text, 'api.yaml'))
const draw = (value: unknown) => drawBody(value, document, '/components/schemas/Thing')
const shape = (value: unknown) => draw(value).shape

it('names the type of each place, and nothing of a value', () => {
  expect(shape({ id: 'secret-id', size: 7, parts: [{ id: 'a' }, { id: 'b' }] })).toEqual({
    '': 'object',
    '/id': 'string',
    '/size': 'number',
    '/parts': 'array',
    '/parts/[]': 'object',
    '/parts/[]/id': 'string',
  })
})

it('is the same for other ids, texts, numbers, lengths and orders', () => {
  const one = shape({ id: 'a', size: 1, parts: [{ id: 'b', size: 2 }] })
  const other = shape({
    parts: [
      { size: 2.5, id: '' },
      { id: 'c', size: 1 },
    ],
    size: -1e9,
    id: 'x',
  })
  expect(other).toEqual(one)
})

it('says what the document leaves open, and what it does not mention', () => {
  expect(shape({ any: 1, more: true })).toEqual({
    '': 'object',
    '/any': 'number, open',
    '/more': 'boolean, undocumented',
  })
})

it('says which members only some items have, and that null is no type', () => {
  expect(shape({ parts: [{ id: 'a', size: null }, { id: 'b', any: 'x' }, { any: 1 }] })).toEqual({
    '': 'object',
    '/parts': 'array',
    '/parts/[]': 'object',
    '/parts/[]/id': 'string, sometimes',
    '/parts/[]/size': 'null, sometimes',
    '/parts/[]/any': 'number or string, open, sometimes',
  })
})

it('takes the members of maps, and names that look like ids, for data', () => {
  const named = { labels: { a: 'x', b: 'y' }, open: { c: 1 }, byPattern: { 'x-a': 1 } }
  expect(Object.keys(shape(named))).toEqual([
    '',
    '/labels',
    '/labels/{}',
    '/open',
    '/open/{}',
    '/byPattern',
    '/byPattern/{}',
  ])
  const ids = ['9f86d081', 'a1', 'x@y.example', 'two words', '***', 'é', 'a'.repeat(41)]
  expect(Object.keys(shape(Object.fromEntries(ids.map((id) => [id, 1]))))).toEqual(['', '/{}'])
})

it('looks at so much of a body and no more, and says so', () => {
  let deep: unknown = 1
  for (let level = 0; level < 900; level += 1) deep = { parts: [deep] }
  expect(Object.keys(shape(deep)).length).toBeLessThan(30)
  const names = Array.from({ length: 2000 }, (_, index) =>
    [...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join(''),
  )
  const wide = draw(Object.fromEntries(names.map((name) => [name, 1])))
  expect([Object.keys(wide.shape).length, wide.isCut]).toEqual([300, true])
  const long = draw({ parts: Array.from({ length: 100_000 }, () => ({ id: 'a' })) })
  expect([Object.keys(long.shape).length, long.isCut]).toEqual([4, true])
})
