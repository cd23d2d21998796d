import { loadBaseline, type Watch, watchBaseline } from './baseline/index.ts'
import { AssayError } from './errors.ts'
import { planExpectations } from './plan/index.ts'
import type { Prepared } from './prepare.ts'
import { type Suite, utcDay } from './target/index.ts'

/** What is said about known findings beside a suite. */
export type BaselineOptions = {
  /** The file of known findings. Default: the one that the suite names, if it does. */
  readonly baseline?: string | undefined
  /** Whether the entries that the file is to have from now on are wanted. */
  readonly baselineUpdate?: boolean | undefined
  readonly strict?: boolean | undefined
  /** The day (UTC, YYYY-MM-DD) by which they expire. Default: today. */
  readonly today?: string | undefined
}

/** What may be known: the names of expectations and targets, whatever is chosen of them. */
export type Scope = Pick<Parameters<typeof watchBaseline>[0], 'isPromised' | 'isTarget'> & {
  /** Whether another machine looks at the rest. */
  readonly isPart: boolean
}

/**
 * Opens the baseline that options or the suite name; undefined: there is none.
 *
 * @throws AssayError USAGE where there is nothing to update; and what `loadBaseline` throws
 */
export async function openWatch(
  suite: Suite,
  scope: Scope,
  options: BaselineOptions,
): Promise<Watch | undefined> {
  const { baselineUpdate: update = false, strict = false, today = utcDay() } = options
  const location = options.baseline ?? suite.baseline
  if (location === undefined) {
    if (!update) return undefined
    throw new AssayError('USAGE', '--baseline-update needs a file', {
      hint: 'name it with --baseline FILE, or as "baseline" in the suite',
    })
  }
  if (update && scope.isPart) {
    throw new AssayError('USAGE', 'a shard cannot update a baseline: it sees a part of the run', {
      hint: 'leave --shard away to update it',
    })
  }
  if (update && /^(-$|https?:)/i.test(location)) {
    throw new AssayError('USAGE', 'a baseline that is no file cannot be updated', {
      hint: 'name a file with --baseline FILE',
    })
  }
  const base = options.baseline === undefined ? suite.folder : undefined
  const baseline = await loadBaseline(location, { base, today, update })
  return watchBaseline({ baseline, strict, today, update, ...scope })
}

/** Everything that the document promises, and every target of the suite; beside bare URLs there may be others. */
export function scopeOf({ suite, promises, chosen, shard }: Prepared): Scope {
  const targets = new Set(
    Object.entries(suite.targets).flatMap(([name, { embedded }]) =>
      embedded === undefined ? [name] : embedded.regions.map((region) => `${name}/${region}`),
    ),
  )
  const isBare = chosen.some(({ name }) => !Object.hasOwn(suite.targets, name))
  let promised: ReadonlySet<string> | undefined
  return {
    isPart: shard !== undefined,
    isTarget: (name) => isBare || targets.has(name),
    isPromised(id) {
      promised ??= new Set(planExpectations(promises.document, suite).map((each) => each.id))
      return promised.has(id)
    },
  }
}
