import { joinPointer } from '../../../document/index.ts'
import { leftoverQuery } from '../given.ts'
import { isMeant } from '../refusal.ts'
import type { Rule } from '../rule.ts'

/** Every query parameter is one that the document describes. */
export const unknownQuery: Rule = {
  id: 'pact-query',
  level: 'must',
  proves: 'every query parameter of a request is documented',
  source: 'the parameters of the operation (OpenAPI 3.1, section 4.8.12)',
  example: { expected: 'a query parameter among limit, cursor', received: '"page"' },

  run(match) {
    const { operation, interaction } = match
    const { request, response } = interaction
    if (isMeant('parameter', response.status)) return []
    const credentials = operation.security
      .flat()
      .flatMap((scheme) =>
        scheme.kind === 'apiKey' && scheme.in === 'query' ? [scheme.parameter] : [],
      )
    const known = operation.parameters.filter((each) => each.in === 'query').map(({ name }) => name)
    const names = new Set(leftoverQuery(match).map(([name]) => name))
    return [...names]
      .filter((name) => !credentials.includes(name))
      .map((name) => ({
        expected:
          known.length === 0 ? 'no query parameter' : `a query parameter among ${known.join(', ')}`,
        received: JSON.stringify(name),
        promised: operation.pointer,
        at: joinPointer(`${request.pointer}/query`, name),
      }))
  },
}
