import { describe, expect, it } from 'vitest'
import { findAbsent } from './absent.ts'
import { planOne } from './fixtures/plan.ts'
import { randomFor } from './random.ts'

async function absent(id: object, random = randomFor(1, 'op')): Promise<string | undefined> {
  const { operation, schemas } = await planOne({ id })
  const [parameter] = operation.parameters
  return parameter && findAbsent({ schemas }, parameter, random)
}

describe('the name of nothing', () => {
  it.each<[what: string, id: object, shape: RegExp | undefined]>([
    ['text', { schema: { type: 'string' } }, /^[0-9a-f]{32}$/],
    ['no schema', { schema: undefined }, /^[0-9a-f]{32}$/],
    [
      'a UUID',
      { schema: { type: 'string', format: 'uuid' } },
      /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/,
    ],
    ['an object id', { schema: { type: 'string', pattern: '^[0-9a-f]{24}$' } }, /^[0-9a-f]{24}$/],
    ['a ULID', { schema: { type: 'string', pattern: '^[0-7][0-9A-HJKMNP-TV-Z]{25}$' } }, /^0/],
    ['digits', { schema: { type: 'string', pattern: '^[1-9][0-9]+$' } }, /^[1-9][0-9]{17}$/],
    ['short text', { schema: { type: 'string', maxLength: 16 } }, /^[0-9a-f]{16}$/],
    ['too short a text', { schema: { type: 'string', maxLength: 11 } }, undefined],
    ['an integer', { schema: { type: 'integer' } }, /^[1-9][0-9]{14}$/],
    [
      'a 32-bit integer, near the end',
      { schema: { type: 'integer', format: 'int32' } },
      /^214[0-6]{7}$/,
    ],
    ['an integer that is counted up to', { schema: { type: 'integer', maximum: 1e9 } }, undefined],
    ['one of a list', { schema: { enum: ['a', 'b'] } }, undefined],
    ['a constant', { schema: { const: 'me' } }, undefined],
    ['an integer or null', { schema: { type: ['integer', 'null'] } }, /^[1-9][0-9]{14}$/],
    ['a pattern that nothing fits', { schema: { pattern: '^tok_[a-z]{20}$' } }, undefined],
    [
      'a pattern with an example',
      { schema: { pattern: '^tok_[a-z]{20}$' }, example: 'tok_abcdefghijklmnopqrst' },
      /^tok_[a-z]{20}$/,
    ],
    [
      'an example without a pattern',
      { schema: {}, example: 'AB12-cd34-EF56-gh78' },
      /^[A-F]{2}\d\d-[a-f]{2}\d\d-[A-F]{2}\d\d-[g-z]{2}\d\d$/,
    ],
    ['an example too short to be reshaped', { schema: {}, example: 'token-1' }, /^[0-9a-f]{32}$/],
    [
      'an example that would lead elsewhere',
      { schema: {}, example: '../../etc/passwd' },
      /^[0-9a-f]{32}$/,
    ],
    ['an example longer than is sent', { schema: {}, example: 'a1'.repeat(40) }, /^[0-9a-f]{32}$/],
  ])('for %s', async (_, id, shape) => {
    const found = await absent(id)
    if (shape === undefined) expect(found).toBeUndefined()
    else expect(found).toMatch(shape)
  })

  it('is another for each probe and seed, and the same for the same', async () => {
    const uuid = { schema: { type: 'string', format: 'uuid' } }
    const names = await Promise.all(
      (
        [
          [1, 'a'],
          [1, 'a'],
          [1, 'b'],
          [2, 'a'],
        ] as const
      ).map(([seed, probe]) => absent(uuid, randomFor(seed, probe))),
    )
    expect(names[0]).toBe(names[1])
    expect(new Set(names).size).toBe(3)
  })
})

it('random numbers lie between 0 and 1 and are spread', () => {
  const random = randomFor(7, 'op/404/absent')
  const tenths = new Set<number>()
  for (let count = 0; count < 1000; count += 1) {
    const number = random()
    expect(number >= 0 && number < 1).toBe(true)
    tenths.add(Math.floor(number * 10))
  }
  expect(tenths.size).toBe(10)
})
