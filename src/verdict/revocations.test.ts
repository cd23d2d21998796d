import { expect, it } from 'vitest'
import { foldRevocations, type RevocationSample } from './revocations.ts'

const place = { expectation: 'op/law', account: 'staging', from: 'a', at: 'b', budget: 100 }
const measured = (last: number | undefined, first: number | undefined): RevocationSample => ({
  ...place,
  kind: 'measured',
  last,
  first,
})

it('tells the median and the longest, rounded up, and when one was last seen to work', () => {
  const samples = [measured(10.2, 30.1), measured(undefined, 2.5), measured(40, 70)]
  expect(foldRevocations(samples)).toEqual([
    {
      ...{ expectation: 'op/law', account: 'staging', from: 'a', in: 'b', samples: 3 },
      ...{ p50: 31, max: 70, open: false, worked: 40, budget: 100, unmeasured: [] },
    },
  ])
})

it('of an even number, half were refused by then', () => {
  const [told] = foldRevocations([1, 2, 3, 4].map((first) => measured(undefined, first)))
  expect([told?.p50, told?.max]).toEqual([2, 4])
})

it('one that was never refused makes it longer than what was seen', () => {
  const [told] = foldRevocations([measured(500, undefined), measured(undefined, 3)])
  expect(told).toMatchObject({ samples: 2, max: 500, open: true, worked: 500 })
})

it('says once why samples are missing', () => {
  const missing = { ...place, kind: 'unmeasured', reason: 'it is dead' } as const
  const [told] = foldRevocations([missing, missing])
  const nothing = { samples: 0, p50: null, max: null, worked: null, open: false }
  expect(told).toMatchObject({ ...nothing, unmeasured: ['it is dead'] })
})

it('tells places of deletion and of use apart', () => {
  const samples = [measured(undefined, 1), { ...measured(undefined, 2), from: 'b' }]
  expect(foldRevocations(samples).map((each) => [each.from, each.in, each.max])).toEqual([
    ['a', 'b', 1],
    ['b', 'b', 2],
  ])
})
