import { expect, test } from 'vitest'
import { splitPath } from './path-values.ts'

test.each([
  ['/a/{x}/b', '/a/1/b', '', { x: '1' }],
  ['/a/{x}', '/v1/a/2%20', '/v1', { x: '2%20' }],
  ['/a/{x}', '/a/${id}', '', { x: '${id}' }],
  ['/a', '/eu/v1/a', '/eu/v1', {}],
])('%s takes %s apart', (template, path, prefix, values) => {
  expect(splitPath(template, path)).toEqual({ prefix, values: new Map(Object.entries(values)) })
})

test.each(['/a', '/b/1', '/a/1/c'])('/a/{x} does not describe %s', (path) => {
  expect(splitPath('/a/{x}', path)).toBeUndefined()
})
