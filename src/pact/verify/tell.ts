import type { Document } from '../../document/index.ts'
import type { Leftover } from '../../state/index.ts'
import type { Target } from '../../target/index.ts'
import {
  emptyTally,
  exitCode,
  isOurInput,
  type StopSignal,
  type Tally,
  tallyKey,
  type Verdict,
} from '../../verdict/index.ts'
import type { FetchedPact } from '../broker/fetch.ts'
import { hashPact } from '../hash.ts'
import type { Pact } from '../pact.ts'
import { isFulfilled } from '../read-verification.ts'
import type { Verification, VerifiedInteraction, VerifiedPact } from '../verification.ts'
import { type Outcome, tellInteraction } from './conclude.ts'
import { whyNoMessages } from './messages.ts'

/** All that was seen on one target. */
export type Sight = {
  readonly target: Target
  readonly outcomes: readonly Outcome[]
  readonly verdicts: readonly Verdict[]
  readonly startedAt: string
  readonly endedAt: string
}

/** What the sights of one run have in common. */
export type Telling = {
  readonly provider: string
  readonly providerVersion: string | null
  readonly document: Document
  readonly pacts: readonly Pact[]
  /** What a broker says of those that it selected. */
  readonly fetched: readonly FetchedPact[]
  /** Of Assay. */
  readonly version: string
  readonly leftovers: readonly Leftover[]
  readonly stopped: StopSignal | undefined
}

/**
 * Makes the verification of one target, for the gate: what was left out is in it and keeps it from
 * success, unless its pact is pending.
 */
export function tellVerification(sight: Sight, telling: Telling): Verification {
  const { target, outcomes, verdicts, startedAt, endedAt } = sight
  const { provider, providerVersion, document, pacts, fetched, version, stopped } = telling
  const consumers = pacts.map((pact) => verifiedPact(pact, outcomes, fetched))
  const left = telling.leftovers.filter((each) => each.target === target.name).length
  const isWhole = consumers.every((each) => each.pending || isFulfilled(each))
  const code = exitCode({
    tally: verdicts.reduce(count, emptyTally),
    badInput: verdicts.some(isOurInput),
    leftovers: left,
    stopped,
  })
  return {
    verification: 1,
    tool: { name: 'assay', version },
    provider,
    providerVersion,
    region: target.region,
    target: target.name,
    embedded: target.embedded,
    document: {
      name: document.source.name,
      title: document.title,
      version: document.version,
      hash: document.source.hash,
    },
    startedAt,
    endedAt,
    consumers,
    success: isWhole && code === 0,
    exitCode: code,
  }
}

function verifiedPact(
  pact: Pact,
  outcomes: readonly Outcome[],
  fetched: readonly FetchedPact[],
): VerifiedPact {
  const selected = fetched.find((each) => each.pact === pact)
  const found = new Map(outcomes.map((each) => [each.unit.interaction, each]))
  const interactions = pact.interactions.map((interaction): VerifiedInteraction => {
    const outcome = found.get(interaction)
    if (outcome !== undefined) return tellInteraction(outcome)
    const { description, states } = interaction
    return { description, states, verdict: 'skip', reasons: ['a filter left it out'] }
  })
  const messages = pact.messages.map(
    ({ description }): VerifiedInteraction => ({
      description,
      states: [],
      verdict: 'skip',
      reasons: [whyNoMessages],
    }),
  )
  return {
    consumer: pact.consumer,
    pact: selected?.address ?? pact.name,
    pending: selected?.pending ?? false,
    version: pact.version,
    hash: hashPact(pact),
    interactions: [...interactions, ...messages],
  }
}

function count(tally: Tally, verdict: Verdict): Tally {
  const key = tallyKey(verdict)
  return { ...tally, [key]: tally[key] + 1 }
}
