import type { Operation } from '../../document/index.ts'
import type { Roles } from '../../target/index.ts'
import type { Script } from '../script.ts'

/** What document and suite say around one operation. */
export type Facts = {
  readonly operation: Operation
  readonly roles: Roles
  /** All operations on its path, itself included. */
  readonly onPath: readonly Operation[]
}

/** A promise that no single answer can show. */
export type Law = {
  readonly id: string
  readonly statement: string
  /** How it is shown, in a sentence. */
  readonly proves: string
  /** Who promised it. */
  readonly source: string
  /** A finding as it may look. */
  readonly example: { readonly expected: string; readonly received: string }
  /** How to put it right, or how to silence it honestly. */
  readonly cure: string
  /** The documented statuses it is made of; a target that declares one of them unprovokable cannot show the law. */
  readonly statuses: readonly string[]
  /** Roles that a target need not be able to arrange; the law is not asked of one that cannot. */
  readonly means?: readonly string[]
  /** Whether the facts call for it. */
  applies(facts: Facts): boolean
  /** How it is provoked. Only asked where it applies. */
  scripts(facts: Facts): readonly Script[]
  /**
   * How it is provoked in one region by what was done in another of the same account, where the states
   * are arranged. Default: not at all.
   */
  across?(facts: Facts): readonly Script[]
}
