import type { Check } from '../evidence.ts'

/**
 * The answer comes within the time that the target declares.
 *
 * Never judged without a declared budget, nor where we ourselves made the target busy or measured the
 * opening of a connection. No document promises a time, and networks vary, hence `should`.
 */
export const latency: Check = {
  id: 'latency',
  level: 'should',
  proves: 'the answer comes within the latency budget that the target declares, if it does',
  source: 'the `latencyBudget` of the target in the suite file',
  example: { expected: 'an answer within 500 ms', received: 'one after 1240 ms' },
  cure: 'make it faster, or declare the `latencyBudget` that the target is really meant to keep.',

  run({ promises, ms, manner, fresh }) {
    const budget = promises.latencyBudget
    if (budget === undefined || manner !== undefined || fresh || ms <= budget) return []
    return [
      {
        expected: `an answer within ${budget} ms`,
        received: `one after ${Math.round(ms)} ms`,
        rule: 'budget',
      },
    ]
  },
}
