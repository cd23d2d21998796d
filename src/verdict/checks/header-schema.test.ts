import { expect, it } from 'vitest'
import { complain, openWorld } from '../fixtures/trace.ts'
import { format } from './format.ts'
import { headerSchema } from './header-schema.ts'

async function told(header: string, ...values: string[]) {
  const world = await openWorld(
    `  /a: {get: {operationId: op, responses: {'200': {description: d, headers: {X-H: ${header}}}}}}
components: {schemas: {Count: {type: integer, minimum: 1}}}`,
  )
  const headers = values.map((value) => ['x-h', value] as const)
  const answer = { status: 200, headers }
  return [...complain(headerSchema, world, answer), ...complain(format, world, answer)].map(
    ({ expected, received }) => [expected.replace('the header X-H: ', ''), received],
  )
}

it.each<[header: string, ...values: string[]]>([
  ['{schema: {type: string}}', '7'],
  ['{schema: {type: integer}}', '-7'],
  ['{schema: {type: integer}}', '007'],
  ['{schema: {type: number}}', '1.5e3'],
  ['{schema: {type: boolean}}', 'false'],
  ['{schema: {type: [integer, string]}}', 'x'],
  ['{schema: {type: [integer, "null"]}}', ''],
  ['{schema: {anyOf: [{type: boolean}, {$ref: "#/components/schemas/Count"}]}}', '3'],
  ['{schema: {type: array, items: {$ref: "#/components/schemas/Count"}}}', '1,2 , 3'],
  ['{schema: {type: array, items: {type: string}, maxItems: 2}}', '"a,b", c'],
  ['{schema: {type: array, minItems: 2}}', 'a', 'b'],
  ['{schema: {type: array}}', ''],
  ['{schema: {type: object, required: [a], properties: {a: {type: integer}}}}', 'a,1,b,x'],
  ['{explode: true, schema: {type: object, properties: {a: {type: integer}}}}', 'a=1,b=x'],
  ['{content: {application/json: {schema: {type: array, items: {type: integer}}}}}', '[1, 2]'],
  ['{content: {text/plain: {schema: {type: integer}}}}', 'x'],
  ['{schema: {const: a}}', 'a'],
  ['{}', 'x'],
  ['{required: false, schema: {type: string}}'],
])('%s takes %j %j', async (header, ...values) => {
  expect(await told(header, ...values)).toEqual([])
})

it.each<[header: string, value: string, said: [string, string]]>([
  ['{schema: {type: integer}}', 'many', ['integer', 'many']],
  ['{schema: {type: integer}}', '1.5', ['integer', '1.5']],
  ['{schema: {type: boolean}}', 'yes', ['boolean', 'yes']],
  ['{schema: {$ref: "#/components/schemas/Count"}}', '0', ['a number >= 1', '0']],
  ['{schema: {type: array, items: {type: integer}}}', '1,x', ['integer at /1', '1,x']],
  ['{schema: {type: object, required: [a]}}', 'b,1', ['property "a" (required)', 'b,1']],
  ['{schema: {enum: [a, b]}}', 'c', ['one of "a","b"', 'c']],
  ['{content: {application/json: {}}}', '{', ['the header X-H as application/json', '{']],
  [
    '{schema: {type: string, format: date}}',
    '2027-02-29',
    ['a value in the format "date"', '2027-02-29'],
  ],
])('%s does not take %s', async (header, value, said) => {
  expect(await told(header, value)).toEqual([said])
})

it('a required header is there', async () => {
  expect(await told('{required: true, schema: {type: string}}')).toEqual([
    ['the header X-H (required)', 'none'],
  ])
})

it('each Set-Cookie stands alone', async () => {
  const world = await openWorld(
    "  /a: {get: {operationId: op, responses: {'200': {description: d, headers: {Set-Cookie: {schema: {type: string, pattern: '^[a-z]+=[^,]*$'}}}}}}}",
  )
  const cookies = (...values: string[]) =>
    complain(headerSchema, world, {
      status: 200,
      headers: values.map((value) => ['Set-Cookie', value] as const),
    }).length
  expect([cookies('a=1', 'b=2'), cookies('a=1', '=2'), cookies()]).toEqual([0, 1, 0])
})
