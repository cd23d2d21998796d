import type { Rule } from '../rule.ts'

/** The status that is asked for is documented: itself, by its range or by `default`. */
export const status: Rule = {
  id: 'pact-status',
  level: 'must',
  proves: 'the status that a pact asks for is documented, by itself, its range or `default`',
  source: 'the responses of the operation (OpenAPI 3.1, section 4.8.16)',
  example: { expected: '200, 401, 404 or 500', received: '204' },

  run({ interaction: { response }, operation, documented }) {
    if (documented !== undefined) return []
    const known = operation.responses.map((each) => each.status)
    return [
      {
        expected: known.length === 0 ? 'no answer, as none is documented' : list(known),
        received: String(response.status),
        promised: `${operation.pointer}/responses`,
        at: `${response.pointer}/status`,
      },
    ]
  },
}

function list(names: readonly string[]): string {
  return names.join(', ').replace(/, ([^,]*)$/, ' or $1')
}
