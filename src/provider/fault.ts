import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Answer } from './answer.ts'
import type { Message } from './message.ts'
import type { Store, Token } from './store.ts'
import type { Weather } from './weather.ts'

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

/** What runs a region. */
export type Plant = {
  readonly weather: Weather
  /** Ends every connection and takes no more. */
  die(): void
}

/** A request that arrives at a region, whatever it asks for. */
export type Meeting = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly plant: Plant
  /** Lets it go on to what answers it. */
  go(): void
}

/** How strong a fault is. */
export type Amount = { readonly usual: number; readonly unit: string }

/**
 * One promise, broken on purpose in what `deleteApiToken` does and nowhere else.
 *
 * Each hook gets what a sound provider concluded and answers what happens instead; one that throws
 * makes the request fail inside. `connect` and `meet` alone see everything that a region gets.
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
  /** Meets each new connection, and may keep it: nobody else sees that. */
  connect?(socket: Socket, plant: Plant): 'kept' | undefined
  /** Meets each request before it is looked at. */
  meet?(meeting: Meeting): void
  readonly amount?: Amount
  /** Makes the same fault for one region, of another strength. */
  tune?(amount: number): Fault
}

/** A fault that leaves nothing to judge: a run can only say why it could not look. */
export type Outage = Fault & {
  readonly cause: 'reset' | 'refused' | 'timeout' | 'oversize' | 'not-http'
}

/** A fault that breaks no promise in any one region, and makes it answer otherwise than its neighbours; `caughtBy` says what sees that. */
export type Difference = Fault & { readonly differsIn: 'status' | 'shape' | 'header' | 'latency' }

/** Makes a fault that has a strength, and a memory of its own in each region. */
export function tunable<T extends Fault>(amount: Amount, make: (amount: number) => T): T {
  return { ...make(amount.usual), amount, tune: make }
}

/** Whether our account asks, with whichever of its keys. */
export function isOurs({ store, authorization, owner }: Visit): boolean {
  return store.authenticate(authorization)?.account === owner.account
}

/** The cells, by status or law, where one check catches a fault. */
export function caught(check: string, ...places: readonly (number | string)[]): readonly Catch[] {
  return places.map((place) => ({ check, cell: `deleteApiToken/${place}` }))
}
