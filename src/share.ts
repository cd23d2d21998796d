import { AssayError } from './errors.ts'
import { deal, type Expectation, type Shard, tellShard } from './plan/index.ts'
import type { Prepared } from './prepare.ts'
import { type Limits, type NamedTarget, nameTargets, type Target } from './target/index.ts'

/** What of a run is to be carried out here: all of it, or the part of one shard. */
export type Share = {
  /** Every target of the whole run, in its order. */
  readonly targets: readonly NamedTarget[]
  /** Whether what is expected of an operation on a target is looked at here. */
  covers(target: string, operation: string): boolean
  /** The part of the operations of a target that is looked at here, from 0 to 1. */
  partOf(target: string): number
  /** The other targets of its account that nothing here is sent to. */
  strangersOf(target: Target): readonly NamedTarget[]
}

/**
 * Takes the share of a shard in what is prepared, or everything.
 *
 * @throws AssayError SHARD_EMPTY where there are more shards than pairs of a target and an operation
 */
export function shareOf({
  chosen,
  expectations,
  shard,
}: Pick<Prepared, 'chosen' | 'expectations' | 'shard'>): Share {
  const targets = nameTargets(chosen)
  if (shard === undefined)
    return { targets, covers: () => true, partOf: () => 1, strangersOf: () => [] }
  const operations = operationsOf(expectations)
  const pairs = targets.length * operations.size
  if (shard.count > pairs) throw empty(shard, targets.length, operations.size)
  const shardOf = deal({
    targets: targets.length,
    operations: operations.size,
    shards: shard.count,
  })
  const own = new Map(
    targets.map(({ name }, target) => [
      name,
      new Set([...operations].filter((_, index) => shardOf(target, index) === shard.index)),
    ]),
  )
  const partOf = (target: string) => (own.get(target)?.size ?? 0) / operations.size
  return {
    targets,
    covers: (target, operation) => own.get(target)?.has(operation) === true,
    partOf,
    strangersOf: ({ account }) =>
      targets.filter(
        ({ name, chosen: { entry } }) =>
          account !== undefined && entry.account === account && partOf(name) === 0,
      ),
  }
}

/** The ids of the operations that something is expected of, in the order of the run. */
function operationsOf(expectations: readonly Expectation[]): ReadonlySet<string> {
  return new Set(expectations.map(({ operation }) => operation.id))
}

/**
 * Holds a target to its part of what may be sent to it: limits are those of the target, however many
 * machines look at it at once.
 */
export function limitTo(part: number, target: Target): Target {
  if (part === 1) return target
  const { rate, workers, requestBudget, creationBudget } = target.limits
  const atLeastOne = (amount: number) => Math.max(1, Math.floor(amount * part))
  const limits: Limits = {
    ...target.limits,
    rate: rate === undefined ? undefined : rate * part,
    workers: atLeastOne(workers),
    requestBudget: atLeastOne(requestBudget),
    creationBudget: atLeastOne(creationBudget),
  }
  return { ...target, limits }
}

function empty(shard: Shard, targets: number, operations: number): AssayError {
  const most = targets * operations
  const parts = `${plural(operations, 'operation')} on ${plural(targets, 'target')}`
  return new AssayError('SHARD_EMPTY', `${tellShard(shard)} would be empty: there is ${parts}`, {
    hint: `split the run into ${most} shards at most`,
  })
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
