/** A pact of any version (2, 3 or 4), told in the words of the fourth. */
export type Pact = {
  /** The file or URL that it was read from. */
  readonly name: string
  readonly consumer: string
  readonly provider: string
  readonly version: PactVersion
  /** At least one. */
  readonly interactions: readonly Interaction[]
}

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

export type ProviderState = {
  readonly name: string
  readonly params: Readonly<Record<string, unknown>>
}

export type PactRequest = Content & {
  /** In upper case. */
  readonly method: string
  /** Percent-encoded, as it goes over the wire; an example where a matching rule stands for it. */
  readonly path: string
  /** Names and values, decoded. */
  readonly query: readonly (readonly [name: string, value: string])[]
}

export type PactResponse = Content & { readonly status: number }

/** What request and response have in common. */
export type Content = {
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** `none`: nothing is said of a body. */
  readonly body: PactBody
  readonly rules: MatchingRules
  readonly generators: Generators
}

export type PactBody =
  | { readonly kind: 'none' }
  /** Said to be empty or null. */
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'content'
      readonly mediaType: string | undefined
      readonly bytes: Uint8Array
      /** The body as JSON; undefined: it is no JSON. */
      readonly json: { readonly value: unknown } | undefined
    }

/** Matching rules by category (`path`, `header`, `query`, `body`, `status`), as version 3 writes them. */
export type MatchingRules = Readonly<Record<string, unknown>>

/** Generators by category, as version 3 writes them. */
export type Generators = Readonly<Record<string, unknown>>
