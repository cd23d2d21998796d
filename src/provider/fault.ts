import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Answer } from './answer.ts'
import type { Message } from './message.ts'
import type { Store, Token } from './store.ts'

/** A request to delete a token, as a fault sees it. */
export type Visit = {
  readonly id: string
  readonly authorization: string | undefined
  readonly request: IncomingMessage
  readonly store: Store
  /** The key of the account that is ours. */
  readonly owner: Token
}

/** Where a fault is caught: by which check, in which cell of the matrix or at which law. */
export type Catch = { readonly check: string; readonly cell: string }

/**
 * One promise, broken on purpose in what `deleteApiToken` does and nowhere else.
 *
 * Each hook gets what a sound provider concluded and answers what happens instead; one that throws
 * makes the request fail inside.
 */
export type Fault = {
  readonly name: string
  /** What it does, in words that stand alone. */
  readonly statement: string
  /** Every finding that it causes, and no other. */
  readonly caughtBy: readonly Catch[]
  /** Whether it hits what other requests made, so that only one probe at a time can tell it. */
  readonly alone?: boolean
  /** Who asks; undefined: nobody who is known. */
  authenticate?(caller: Token | undefined, visit: Visit): Token | undefined
  /** Which token is meant; undefined: none that the caller has. */
  find?(token: Token | undefined, visit: Visit): Token | undefined
  /** Whether the token that was found is taken out of the store. */
  removes?(token: Token, visit: Visit): boolean
  answer?(answer: Answer, visit: Visit): Answer
  /** What is said to another method on the path of a token, or to a path below it that is none. */
  refused?(answer: Answer, visit: Visit): Answer
  message?(message: Message, visit: Visit): Message
  /** Writes the message in place of the provider. */
  send?(response: ServerResponse, message: Message, visit: Visit): void
  /** Meets each new connection. */
  connect?(socket: Socket): void
}

/** A fault that leaves nothing to judge: a run can only say why it could not look. */
export type Outage = Fault & { readonly cause: 'reset' | 'timeout' | 'oversize' | 'not-http' }

/** Whether our account asks, with whichever of its keys. */
export function isOurs({ store, authorization, owner }: Visit): boolean {
  return store.authenticate(authorization)?.account === owner.account
}

/** The cells, by status or law, where one check catches a fault. */
export function caught(check: string, ...places: readonly (number | string)[]): readonly Catch[] {
  return places.map((place) => ({ check, cell: `deleteApiToken/${place}` }))
}
