import type { Exchange, RecordedRequest } from '../exchange/index.ts'
import type { Step, Until } from '../plan/index.ts'
import type { Probe, Scope } from '../probe/index.ts'

/** Everything that happened when one probe was carried out on one target. */
export type Trace = {
  readonly probe: Probe
  /** The requests that arranged each of its provider states, in order. */
  readonly arranged: readonly {
    readonly given: string
    readonly requests: readonly RecordedRequest[]
  }[]
  /** What the provider states answered. */
  readonly scope: Scope
  /** Its steps as far as they were sent; a script ends at its first surprise. */
  readonly steps: readonly Sent[]
  /** What its steps waited for, in the order in which that was over. */
  readonly waits?: readonly Wait[]
  /** Why it could not be carried out to its end, when that was not the API's doing. */
  readonly trouble?: Trouble
}

/** One request of a step; a step that is repeated has several. */
export type Sent = {
  readonly step: Step
  readonly exchange: Exchange
  /** How it was sent: over a connection of its own, or beside others of its step. Default: by itself, over the pool. */
  readonly manner?: 'raw' | 'beside-others'
  /** It only prepares what is judged: sent to another region, or a premise that is not met. */
  readonly unjudged?: boolean
}

/** How long a change took to be seen; milliseconds from when it was answered. */
export type Wait = {
  readonly within: Until['within']
  /** When the last request was sent that still met the old state; undefined: none did. */
  readonly last: number | undefined
  /** When the first answer of the new state came that no old one followed; undefined: none did. */
  readonly first: number | undefined
}

export type Trouble = {
  readonly kind: 'error' | 'stopped'
  readonly reason: string
  /** The code of our own error behind it. */
  readonly code?: string
  /** Whether it was met where the states are arranged, which is not where the probe looks. */
  readonly atOrigin?: boolean
}
