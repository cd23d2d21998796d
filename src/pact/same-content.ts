import { isDeepStrictEqual } from 'node:util'
import type { Content, Interaction, Pact } from './pact.ts'

/**
 * Whether two pacts say the same, however they write it.
 *
 * pact-cli writes a pact anew before it publishes it: a method in upper case, states as a list,
 * defaults spelt out, all of which leaves the meaning as it was but not the hash.
 */
export function saysTheSame(a: Pact, b: Pact): boolean {
  return isDeepStrictEqual(meaningOf(a), meaningOf(b))
}

function meaningOf({ consumer, provider, version, interactions, messages }: Pact) {
  const kinds = messages.map(({ description, type }) => ({ description, type }))
  return {
    consumer,
    provider,
    version,
    interactions: new Set(interactions.map(interactionOf)),
    kinds,
  }
}

function interactionOf({ description, states, request, response }: Interaction) {
  return {
    description,
    states,
    request: {
      ...contentOf(request),
      method: request.method,
      path: request.path,
      query: request.query,
    },
    response: { ...contentOf(response), status: response.status },
  }
}

function contentOf({ headers, body, rules, generators }: Content) {
  return {
    headers,
    body:
      body.kind === 'content'
        ? { mediaType: body.mediaType, said: body.json ?? Buffer.from(body.bytes).toString('hex') }
        : body.kind,
    rules: new Set(rules.map(({ pointer: _, ...rule }) => rule)),
    generators: new Set(generators.map(({ pointer: _, ...generator }) => generator)),
  }
}
