import type { Position } from '../../errors.ts'
import type { Expectation } from '../../plan/index.ts'
import type { Target } from '../../target/index.ts'
import type { Verdict } from '../../verdict/index.ts'
import type { Pact } from '../pact.ts'
import { pendingNote } from './conclude.ts'

/** The messages of one pact: nothing here can verify them, and nobody may take them for verified. */
export type Messages = {
  readonly pact: Pact
  readonly pending: boolean
  readonly expectation: Expectation & { readonly kind: 'response' }
  readonly promised: Position
}

export const whyNoMessages = 'a message is not HTTP, and is not verified'

/** Gives the messages of each pact that has some a row of its own. */
export function planMessages(
  pacts: readonly Pact[],
  isPending: (pact: Pact) => boolean = () => false,
): readonly Messages[] {
  return pacts.flatMap((pact) => {
    const [first] = pact.messages
    if (first === undefined) return []
    const { pointer } = first
    const name = `messages of ${pact.consumer}`
    const made = { description: '', content: [], headers: [], pointer, promised: pointer }
    const operation = {
      id: name,
      method: 'MESSAGE',
      path: name,
      pointer,
      parameters: [],
      responses: [],
      security: [],
      deprecated: false,
    }
    const documented = { ...made, status: String(pact.messages.length) }
    const id = `${name}/${pact.name}`
    const expectation = { kind: 'response', id, operation, documented, promised: pointer } as const
    const promised = pact.source.positionOf(pointer)
    return [{ pact, pending: isPending(pact), expectation, promised }]
  })
}

/** Messages are left out; a target may declare that beforehand, with the status `messages`. */
export function concludeMessages(
  { pact, pending, expectation }: Messages,
  target: Target,
): Verdict {
  const cannot = target.cannot.find(({ status }) => status === 'messages')?.reason
  const declared = pending ? `${pendingNote(pact)}: ${cannot ?? whyNoMessages}` : cannot
  return {
    expectation,
    target: target.name,
    region: target.region,
    planned: 0,
    observed: 0,
    findings: [],
    omitted: [],
    kind: 'skip',
    why: declared === undefined ? 'undeclared' : 'declared',
    reason: declared ?? whyNoMessages,
  }
}
