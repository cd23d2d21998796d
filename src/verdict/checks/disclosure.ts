import type { Check } from '../evidence.ts'

/**
 * The answer holds no credential, neither the one that was sent nor another that is known (CWE-209).
 *
 * Answers are logged and shown where requests are not.
 */
export const disclosure: Check = {
  id: 'disclosure',
  level: 'should',
  proves: 'the answer gives no credential back, in whatever encoding',
  source: 'practice (CWE-209)',
  example: { expected: 'no credential in an answer', received: '{existing.token} in the body' },

  run({ documented, response }) {
    if (documented === undefined) return []
    const places = new Set(response.disclosed.map(({ where }) => where))
    return [...places].map((where) => ({
      expected: 'no credential in an answer',
      received: `a credential in the ${where}, shown here as ***`,
    }))
  },
}
