import { expect, test } from 'vitest'
import type { Operation } from '../document/index.ts'
import { findOperation, pathValues } from './find-operation.ts'

const operations = ['/a/{id}', '/a/mine', '/a/{id}/b', '/{any}/mine', '/v1.0'].map(
  (path): Operation => ({
    id: path,
    method: 'GET',
    path,
    pointer: '',
    parameters: [],
    responses: [],
    security: [],
    deprecated: false,
  }),
)

test.each([
  ['/a/1', '/a/{id}'],
  ['/a/mine', '/a/mine'],
  ['/b/mine', '/{any}/mine'],
  ['/a/1/b', '/a/{id}/b'],
  ['/a%2F1/mine', '/{any}/mine'],
  ['/v1.0', '/v1.0'],
  ['/v1x0', undefined],
  ['/a/', undefined],
  ['/a/1/', undefined],
])('%s is meant for %s', (path, expected) => {
  expect(findOperation(operations, 'GET', path)?.id).toBe(expected)
})

test('another method is another operation', () => {
  expect(findOperation(operations, 'DELETE', '/a/1')).toBeUndefined()
})

test('a path is taken apart by its template', () => {
  expect(pathValues('/{a}/x/{b}', '/1/x/2%20')).toEqual(
    new Map([
      ['a', '1'],
      ['b', '2%20'],
    ]),
  )
})
