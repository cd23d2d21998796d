import type { Operation } from '../../document/index.ts'
import type { Roles } from '../../target/index.ts'
import type { Script } from '../script.ts'

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
  /** The documented statuses it is made of; a target that declares one of them unprovokable cannot show the law. */
  readonly statuses: readonly string[]
  /** Whether the facts of the document and the suite call for it. */
  applies(operation: Operation, roles: Roles): boolean
  /** How it is provoked. Only asked where it applies. */
  script(operation: Operation, roles: Roles): Script
}
