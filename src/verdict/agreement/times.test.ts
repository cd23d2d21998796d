import { expect, it } from 'vitest'
import { agree } from './agree.ts'
import { createTimes, joinTimes } from './times.ts'

const targets = ['a', 'b', 'c', 'd']

/** Who is slow: times in milliseconds, by target and expectation. */
function slow(all: readonly Readonly<Record<string, readonly number[]>>[]) {
  const times = createTimes(all.length)
  all.forEach((cells, target) => {
    for (const [cell, taken] of Object.entries(cells))
      for (const ms of taken) times.note(target, cell, ms)
  })
  const names = targets.slice(0, all.length)
  return agree({ targets: names, portraits: [], seen: [], times: times.list() }, [])
}

const near = { x: [10, 12, 15, 11], y: [20, 22, 25, 21] }
const plus = (ms: number, { x, y }: typeof near = near) => ({
  x: x.map((each) => each + ms),
  y: y.map((each) => each + ms),
})

it('distance is no fault', () => {
  expect(slow([near, plus(300), near, near])).toEqual([])
  expect(slow([near, plus(100), plus(200), plus(300)])).toEqual([])
})

it('what takes longer beyond the fastest answer, three times and 100 ms, is out of line', () => {
  const odd = { x: near.x, y: near.y.map((each) => each + 150) }
  expect(slow([near, odd, near, near])).toMatchObject([
    {
      aspect: 'latency',
      level: 'should',
      odd: ['b'],
      expectations: ['y'],
      answers: [
        { received: 'within 15 ms of their fastest answer', targets: ['a', 'c', 'd'] },
        { received: '160 ms and more beyond its fastest answer', targets: ['b'] },
      ],
    },
  ])
  expect(slow([near, { x: near.x, y: near.y.map((each) => each + 90) }, near])).toEqual([])
  const busy = { x: near.x, y: [100, 200, 150, 180] }
  expect(slow([busy, { x: near.x, y: [300, 400, 350, 380] }, busy])).toEqual([])
})

it('a region that is slow everywhere is told once', () => {
  expect(slow([near, plus(600), near, near])).toMatchObject([
    {
      odd: ['b'],
      expectations: [],
      answers: [
        { received: 'answers within 15 ms', targets: ['a', 'c', 'd'] },
        { received: 'no answer within 610 ms', targets: ['b'] },
      ],
    },
  ])
})

it('two regions, or two measurements, accuse nobody', () => {
  expect(slow([near, plus(5000)])).toEqual([])
  expect(slow([near, { x: near.x, y: [900, 900] }, near, near])).toEqual([])
})

it('no jitter accuses anybody, whatever its size', () => {
  let state = 1
  const random = () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
  for (let run = 0; run < 2000; run += 1) {
    const size = 10 ** (1 + 2.5 * random())
    const measure = (count: number, base: number) =>
      Array.from({ length: count }, () => base + size * random())
    const all = targets.map(() => {
      const base = 80 * random()
      return { x: measure(3, base), y: measure(5, base), z: measure(12, base) }
    })
    expect(slow(all), `run ${run}`).toEqual([])
  }
})

it('times of several runs are joined by name', () => {
  const one = createTimes(1)
  for (const ms of [5, 6, 7]) one.note(0, 'x', ms)
  const two = createTimes(2)
  for (const ms of [4, 9, 9]) two.note(1, 'y', ms)
  const joined = joinTimes(
    [
      { targets: ['a'], times: one.list() },
      { targets: ['b', 'a'], times: two.list() },
    ],
    ['a', 'b'],
  )
  expect(joined).toEqual({
    fastest: [4, null],
    quartiles: [
      { expectation: 'x', low: [5, null], high: [7, null] },
      { expectation: 'y', low: [4, null], high: [9, null] },
    ],
  })
})
