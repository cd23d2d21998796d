import type { Source } from '../document/index.ts'
import type { PathStep } from './path-expression.ts'

/** A pact of any version (2, 3 or 4), told in the words of the fourth. */
export type Pact = {
  /** The file or URL that it was read from. */
  readonly name: string
  readonly consumer: string
  readonly provider: string
  readonly version: PactVersion
  /** At least one. */
  readonly interactions: readonly Interaction[]
  /** What the pact holds beside them: nothing here can judge it, and nobody may take it for judged. */
  readonly messages: readonly Message[]
  /** The text, its hash, and the places of its parts. */
  readonly source: Source
}

/** A pact of version 1 is read as one of version 2, which only adds matching rules. */
export type PactVersion = 2 | 3 | 4

/** One request that a consumer makes, and the least that it needs to be answered. */
export type Interaction = {
  readonly description: string
  readonly states: readonly ProviderState[]
  readonly request: PactRequest
  readonly response: PactResponse
  /** A JSON Pointer to it in its file. */
  readonly pointer: string
  /** The interaction as the file holds it. */
  readonly raw: unknown
}

/** An interaction that is not HTTP. */
export type Message = {
  readonly description: string
  /** As version 4 names it, such as `Asynchronous/Messages`. */
  readonly type: string
  readonly pointer: string
}

export type ProviderState = {
  readonly name: string
  readonly params: Readonly<Record<string, unknown>>
}

export type PactRequest = Content & {
  /** In upper case. */
  readonly method: string
  /** As it goes over the wire; an example where a matching rule stands for it. */
  readonly path: string
  /** Names and values, decoded. */
  readonly query: readonly (readonly [name: string, value: string])[]
}

export type PactResponse = Content & { readonly status: number }

/** What request and response have in common. */
export type Content = {
  /** As written, each value of a list by itself; nothing is split at commas. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: PactBody
  readonly rules: readonly MatchingRule[]
  readonly generators: readonly Generator[]
  /** A JSON Pointer to it in its file. */
  readonly pointer: string
}

export type PactBody =
  /** Nothing is said of a body. */
  | { readonly kind: 'none' }
  /** Said to be empty or null. */
  | { readonly kind: 'empty'; readonly pointer: string }
  | {
      readonly kind: 'content'
      /** Said with the body, or else by the header `Content-Type`. */
      readonly mediaType: string | undefined
      readonly bytes: Uint8Array
      /** The body as JSON; undefined: it is no JSON. */
      readonly json: { readonly value: unknown } | undefined
      /** Where the value stands in its file. */
      readonly pointer: string
    }

/** What a rule or generator speaks of. */
export type Category = 'method' | 'path' | 'query' | 'header' | 'body' | 'status'

/** Where in its category something stands: a header's or parameter's name first; empty for a whole. */
export type Place = { readonly category: Category; readonly at: readonly PathStep[] }

/** Stands for a value that is more than the example: all of its matchers, or any where `combine` is OR. */
export type MatchingRule = Place & {
  readonly combine: 'AND' | 'OR'
  readonly matchers: readonly Matcher[]
  readonly pointer: string
}

/** A matcher by the name that version 4 gives it, with its settings beside it. */
export type Matcher = { readonly match: string } & Readonly<Record<string, unknown>>

/** Puts another value in place of the example before it is used. */
export type Generator = Place & {
  /** As Pact names it, such as `ProviderState`. */
  readonly type: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly pointer: string
}
