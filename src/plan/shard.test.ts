import { describe, expect, it, test } from 'vitest'
import { type Deal, deal, readShard, tellShard } from './shard.ts'

/** How many pairs each shard gets, and of how many targets. */
function shares({ targets, operations, shards }: Deal) {
  const shardOf = deal({ targets, operations, shards })
  const pairs = new Map<number, string[]>()
  for (let target = 0; target < targets; target++) {
    for (let operation = 0; operation < operations; operation++) {
      const index = shardOf(target, operation)
      pairs.set(index, [...(pairs.get(index) ?? []), `${target} ${operation}`])
    }
  }
  return pairs
}

/** Every deal of up to so many of each, none of which leaves a shard without work. */
function* everyDeal(most: number): Generator<Deal> {
  for (let targets = 1; targets <= most; targets++)
    for (let operations = 1; operations <= most; operations++)
      for (let shards = 1; shards <= targets * operations; shards++)
        yield { targets, operations, shards }
}

describe('pairs of a target and an operation are dealt out', () => {
  it('each to one shard, none to nobody, and something to every shard', () => {
    for (const each of everyDeal(7)) {
      const pairs = shares(each)
      const all = [...pairs.values()].flat()
      const said = JSON.stringify(each)
      expect(new Set(all).size, said).toBe(each.targets * each.operations)
      expect(
        [...pairs.keys()].sort((a, b) => a - b),
        said,
      ).toEqual(Array.from({ length: each.shards }, (_, index) => index + 1))
    }
  })

  it('evenly: shards differ by one target where targets stay whole, by one pair where they do not', () => {
    for (const each of everyDeal(7)) {
      const sizes = [...shares(each).values()].map(({ length }) => length)
      const step = each.shards <= each.targets ? each.operations : 1
      expect(Math.max(...sizes) - Math.min(...sizes), JSON.stringify(each)).toBeLessThanOrEqual(
        step,
      )
    }
  })

  it('a target to one shard where there are enough targets, else in neighbouring pairs', () => {
    for (const each of everyDeal(7)) {
      const indexes = [...shares(each)].flatMap(([index, pairs]) => pairs.map(() => index))
      expect(indexes, JSON.stringify(each)).toEqual([...indexes].sort((a, b) => a - b))
      if (each.shards > each.targets) continue
      const owners = [...shares(each)].flatMap(([index, pairs]) => [
        ...new Set(pairs.map((pair) => `${pair.split(' ')[0]} ${index}`)),
      ])
      expect(owners, JSON.stringify(each)).toHaveLength(each.targets)
    }
  })

  test.each<[Deal, readonly number[]]>([
    [{ targets: 100, operations: 1, shards: 8 }, [13, 12, 13, 12, 13, 12, 13, 12]],
    [{ targets: 4, operations: 3, shards: 4 }, [3, 3, 3, 3]],
    [{ targets: 1, operations: 10, shards: 4 }, [3, 2, 3, 2]],
    [{ targets: 2, operations: 5, shards: 3 }, [4, 3, 3]],
  ])('the same way today and tomorrow: %j', (each, sizes) => {
    expect([...shares(each).values()].map(({ length }) => length)).toEqual(sizes)
  })
})

test('a shard is written i/n, counted from 1', () => {
  expect(readShard('2/8')).toEqual({ index: 2, count: 8 })
  expect(readShard('1/1')).toEqual({ index: 1, count: 1 })
  expect(tellShard({ index: 2, count: 8 })).toBe('shard 2 of 8')
  const wrong = ['0/8', '9/8', '1/0', '-1/8', '1', '1/', '/8', '1/8/2', ' 1/8', '1.5/8', '01/8', '']
  expect(wrong.filter((text) => readShard(text) !== undefined)).toEqual([])
})
