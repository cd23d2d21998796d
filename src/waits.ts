import type { Probe } from './probe/index.ts'
import type { Target } from './target/index.ts'
import {
  foldRevocations,
  type Revocation,
  type RevocationSample,
  type Wait,
} from './verdict/index.ts'

/** How long a change took to be seen in one target, that was made in it or in another. */
export type Sight = {
  readonly probe: Probe
  readonly from: Target
  readonly at: Target
} & ({ readonly wait: Wait } | { readonly unmeasured: string })

/** What a run learns of how long changes take. */
export type Waits = {
  readonly measure: (sight: Sight) => void
  /** In the order of the targets. */
  revocations(targets: readonly Target[]): readonly Revocation[]
  /** How far the declared window of a target was made use of. */
  remarks(target: Target): readonly string[]
}

type Staleness = { readonly ms: number; readonly times: number }

export function openWaits(): Waits {
  const samples: RevocationSample[] = []
  const stale = new Map<Target, Staleness>()

  function measure(sight: Sight): void {
    if (isRevocation(sight)) samples.push(...sampleOf(sight))
    else if ('wait' in sight) notice(sight.at, sight.wait)
  }

  function notice(target: Target, { within, last, first }: Wait): void {
    if (within !== 'consistencyWindow' || last === undefined || first === undefined) return
    const { ms = 0, times = 0 } = stale.get(target) ?? {}
    stale.set(target, { ms: Math.max(ms, first), times: times + 1 })
  }

  return {
    measure,
    revocations(targets) {
      const place = new Map(targets.map(({ name }, index) => [name, index]))
      const rank = (name: string) => place.get(name) ?? 0
      return [...foldRevocations(samples)].sort(
        (a, b) => rank(a.in) - rank(b.in) || rank(a.from) - rank(b.from),
      )
    },
    remarks(target) {
      const seen = stale.get(target)
      if (seen === undefined) return []
      const { consistencyWindow = 0 } = target.limits
      const often = seen.times === 1 ? 'once' : `${seen.times} times`
      return [
        `what was there before a write was answered for up to ${Math.ceil(seen.ms)} ms of the allowed ${consistencyWindow} ms after it, ${often}`,
      ]
    },
  }
}

/** Only a law is about how long a credential works; elsewhere it is merely waited for. */
function isRevocation(sight: Sight): boolean {
  if (sight.probe.expectation.kind !== 'law') return false
  return 'unmeasured' in sight || sight.wait.within === 'revocationBudget'
}

/** One that was neither opened nor refused shows nothing, and what came instead is told elsewhere. */
function sampleOf(sight: Sight): readonly RevocationSample[] {
  const { probe, from, at } = sight
  const common = {
    expectation: probe.expectation.id,
    account: at.account,
    from: from.name,
    at: at.name,
    budget: at.limits.revocationBudget,
  }
  if ('unmeasured' in sight) return [{ ...common, kind: 'unmeasured', reason: sight.unmeasured }]
  const { last, first } = sight.wait
  return last === undefined && first === undefined
    ? []
    : [{ ...common, kind: 'measured', last, first }]
}
