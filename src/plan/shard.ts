/** One of the parts that a run was split into, so that several machines share it; counted from 1. */
export type Shard = { readonly index: number; readonly count: number }

/** Reads `2/8`; undefined where a text is no shard of anything. */
export function readShard(text: string): Shard | undefined {
  const [, index = '', count = ''] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(text) ?? []
  const shard = { index: Number(index), count: Number(count) }
  return shard.index >= 1 && shard.index <= shard.count ? shard : undefined
}

/** Writes a shard as people read it: `shard 2 of 8`. */
export function tellShard({ index, count }: Shard): string {
  return `shard ${index} of ${count}`
}

export type Deal = {
  readonly targets: number
  readonly operations: number
  readonly shards: number
}

/**
 * Deals all pairs of a target and an operation out to shards: every pair to exactly one, in the order
 * of the run, and no shard gets much more than another.
 *
 * Targets stay whole where there are enough of them, for a target costs its connections and needs its
 * credential wherever it is looked at. Otherwise each shard gets as many pairs as any other, or one more.
 *
 * @returns the index of the shard that gets a pair; targets and operations count from 0
 */
export function deal({ targets, operations, shards }: Deal) {
  if (shards <= targets) return (target: number) => 1 + Math.floor((target * shards) / targets)
  const pairs = targets * operations
  return (target: number, operation: number) =>
    1 + Math.floor(((target * operations + operation) * shards) / pairs)
}
