import type { Pointer } from '../../document/index.ts'
import type { Position } from '../../errors.ts'
import type { Level } from '../../verdict/index.ts'
import type { Match } from './evidence.ts'

/** What is known of a rule without an interaction to judge. */
export type RuleFacts = {
  readonly id: string
  readonly level: Level
  /** What it proves, in one sentence. */
  readonly proves: string
  /** Who promised it. */
  readonly source: string
  /** A finding as it may look. */
  readonly example: { readonly expected: string; readonly received: string }
}

/** One rule that compares an interaction with the operation that it asks for. */
export type Rule = RuleFacts & { run(match: Match): readonly PactComplaint[] }

/** A rule as it is broken by one interaction. */
export type PactComplaint = {
  readonly expected: string
  readonly received: string
  /** Where the document promises it, or the envelope. */
  readonly promised: Pointer | Position
  /** Where in the pact it stands. */
  readonly at: Pointer
  /** When it is not that of the rule. */
  readonly level?: Level
}
