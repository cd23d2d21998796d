import type { Document } from '../../document/index.ts'
import { AssayError } from '../../errors.ts'

/** Who promises what to whom: the names that pacts and their files carry. */
export type Parties = {
  readonly consumer: string
  /** The consumer of what needs a fault inside the provider. */
  readonly faultConsumer: string
  readonly provider: string
}

export type PartyNames = {
  readonly consumer?: string | undefined
  readonly provider?: string | undefined
}

/**
 * Names the parties: what is asked for, else what the suite says, else `assay` and the title of the
 * document in kebab case.
 *
 * @throws AssayError PACT_PARTY_INVALID for a name that would lead out of its folder, or is none
 */
export function nameParties(
  asked: PartyNames,
  said: PartyNames | undefined,
  { title }: Document,
): Parties {
  const consumer = asked.consumer ?? said?.consumer ?? 'assay'
  const provider = asked.provider ?? said?.provider ?? kebab(title)
  for (const [party, name] of Object.entries({ consumer, provider })) check(party, name)
  return { consumer, faultConsumer: `${consumer}-faults`, provider }
}

function kebab(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
}

function check(party: string, name: string): void {
  if (/^[^\s./\\][^/\\\p{Cc}]*$/u.test(name)) return
  throw new AssayError('PACT_PARTY_INVALID', `${JSON.stringify(name)} is no name of a ${party}`, {
    hint: `name it with --${party}, or under "pact" in the suite file`,
  })
}
