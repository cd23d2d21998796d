import type { Reach } from './send-step.ts'
import type { Target } from './target/index.ts'

/** Targets that are looked at side by side, some of them at what is done in others of their account. */
export type Company = { join(reach: Reach): Member }

export type Member = {
  /** The targets whose changes are looked at in this one. */
  readonly origins: readonly Target[]
  /** Says that it was looked at by itself; answers its origins once they were too. */
  looked(): Promise<readonly Reach[]>
  /** Says that it has looked at its origins; waits until nobody looks at what is done in it any more. */
  left(): Promise<void>
  /** Says both, however it came to its end: nobody waits for it any more. */
  end(): void
}

/** In so many other targets of its account a change is looked at, so that its cost does not grow with them. */
const reached = 3

/** Gathers the targets of a run. A target that names no account is by itself. */
export function gather(targets: readonly Target[]): Company {
  const marks = new Map(targets.map((target) => [target, { looked: mark(), left: mark() }]))
  const reaches = new Map<Target, Reach>()
  const origins = new Map(targets.map((target) => [target, originsOf(target, targets)]))
  const all = (names: readonly Target[], what: 'looked' | 'left') =>
    Promise.all(names.map((each) => marks.get(each)?.[what].reached))
  return {
    join(reach) {
      const { target } = reach
      const marked = marks.get(target)
      const own = origins.get(target) ?? []
      const onlookers = targets.filter((each) => origins.get(each)?.includes(target))
      reaches.set(target, reach)
      return {
        origins: own,
        async looked() {
          marked?.looked.reach()
          await all(own, 'looked')
          return own.flatMap((each) => reaches.get(each) ?? [])
        },
        async left() {
          marked?.left.reach()
          await all(onlookers, 'left')
        },
        end() {
          marked?.looked.reach()
          marked?.left.reach()
        },
      }
    },
  }
}

/**
 * The targets whose changes are looked at in a target: the three before it among those of its account,
 * in a ring. Up to four are looked at each from each.
 */
export function originsOf(target: Target, targets: readonly Target[]): readonly Target[] {
  if (target.account === undefined) return []
  const ring = targets.filter(({ account }) => account === target.account)
  const at = ring.indexOf(target)
  return [...ring.slice(at + 1), ...ring.slice(0, at)].slice(-reached).reverse()
}

function mark() {
  let reach = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  return { reach, reached }
}
