import { AssayError } from '../../errors.ts'
import type { Planned } from '../../probe/index.ts'
import type { Suite } from '../../target/index.ts'
import type { Promises } from '../../verdict/index.ts'
import type { UnwrittenCell } from './interactions.ts'
import { nameParties, type PartyNames } from './parties.ts'

/** A pact as it is to stand in its file. */
export type WrittenPact = {
  readonly fileName: string
  readonly interactions: number
  readonly text: string
}

/** The pacts of a document, and the documented statuses that are in none of them. */
export type WrittenPacts = {
  readonly pacts: readonly WrittenPact[]
  /** The files that were made for these parties at some time and have no interaction any more. */
  readonly idle: readonly string[]
  readonly unwritten: readonly UnwrittenCell[]
}

/**
 * Writes the promise of a document as pacts: one of what any provider can be asked to show, one of
 * what it shows only when it is made to fail inside. The Pact core is loaded for it alone.
 *
 * @throws AssayError PACT_NO_INTERACTIONS where nothing can be written, for an empty pact proves
 * nothing and passes; PACT_PARTY_INVALID
 */
export async function writePact(
  planned: readonly Planned[],
  options: {
    readonly suite: Suite
    readonly promises: Promises
    readonly names?: PartyNames | undefined
  },
): Promise<WrittenPacts> {
  const { suite, promises, names = {} } = options
  const { consumer, faultConsumer, provider } = nameParties(names, suite.pact, promises.document)
  const [{ planInteractions }, { renderPact }] = await Promise.all([
    import('./interactions.ts'),
    import('./render.ts'),
  ])
  const { interactions, unwritten } = planInteractions(planned, { suite, promises })
  if (interactions.length === 0) {
    const reasons = [...new Set(unwritten.map(({ reason }) => reason))]
    throw new AssayError('PACT_NO_INTERACTIONS', 'there is nothing to write into a pact', {
      hint: reasons.slice(0, 3).join('; ') || '`assay plan` says what is provoked and how',
    })
  }
  const parts = [
    { consumer, part: interactions.filter(({ needsFault }) => !needsFault) },
    { consumer: faultConsumer, part: interactions.filter(({ needsFault }) => needsFault) },
  ]
  const pacts: WrittenPact[] = []
  const idle: string[] = []
  for (const { consumer, part } of parts) {
    const fileName = `${consumer}-${provider}.json`
    if (part.length === 0) idle.push(fileName)
    else {
      const text = await renderPact({ consumer, provider }, part)
      pacts.push({ fileName, interactions: part.length, text })
    }
  }
  return { pacts, idle, unwritten }
}
