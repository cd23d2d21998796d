import { expect, it } from 'vitest'
import { parseSource } from '../document/index.ts'
import { type AssayError, formatPosition } from '../errors.ts'
import { compileEnvelope } from './index.ts'

const compile = async (text: string) => compileEnvelope(await parseSource(text, 'e.yaml'))

it('an exact code beats its range, and the range beats default', async () => {
  const { validatorFor } = await compile("'404': {const: 1}\n4XX: {const: 2}\ndefault: {const: 3}")
  const fits = [404, 400, 500, 200].map((status) =>
    [1, 2, 3].filter((value) => validatorFor(status)?.(value).length === 0),
  )
  expect(fits).toEqual([[1], [2], [3], [3]])
})

it('says nothing of a status that it does not name', async () => {
  const { validatorFor } = await compile('4XX: {const: 2}')
  expect(validatorFor(200)).toBeUndefined()
})

it('knows where it promises what', async () => {
  const { validatorFor, positionOf } = await compile('2XX:\n  properties:\n    a: {const: 1}')
  const [violation] = validatorFor(200)?.({ a: 2 }) ?? []
  expect(formatPosition(positionOf(violation?.schema ?? ''))).toBe('e.yaml:3:9')
})

it.each([
  ['[]', 'ENVELOPE_INVALID', 'an envelope is a mapping of status codes to schemas', '1:1'],
  ['text', 'ENVELOPE_INVALID', 'an envelope is a mapping of status codes to schemas', '1:1'],
  ['2XX: {}\n600: {}', 'ENVELOPE_INVALID', '"600" is no status code, range or "default"', '2:1'],
  ['a/b: {}', 'ENVELOPE_INVALID', '"a/b" is no status code, range or "default"', '1:1'],
  ['2XX: {}\n4xx: {}', 'ENVELOPE_INVALID', '"4xx" is no status code, range or "default"', '2:1'],
  ['2XX: {type: strnig}', 'SCHEMA_NOT_COMPILED', undefined, '1:7'],
])('refuses %j', async (text, code, message, place) => {
  const error = (await compile(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )) as AssayError | undefined
  expect([error?.code, error?.at && formatPosition(error.at)]).toEqual([code, `e.yaml:${place}`])
  if (message !== undefined) expect(error?.message).toBe(message)
})
