import type { Check, Complaint, Evidence } from '../evidence.ts'

/**
 * The same request gets the same class of answer, however often and beside whatever it is sent.
 *
 * Said instead of `status-code` where some copies of one request were answered as expected.
 */
export const stability: Check = {
  id: 'stability',
  level: 'must',
  files: 'hoped',
  proves:
    'the same request gets the same answer again and again: over one connection, beside others, after some',
  source:
    'the responses of the operation (OpenAPI 3.1, section 4.8.16), which hold for every request',
  example: {
    expected: '404 each time, because the path names nothing that exists',
    received: '404 Not Found 11 times, 500 Internal Server Error 2 times',
  },
  cure: 'find out what differs between the copies: connection, instance, cache, lock. A 429 is no instability.',

  run({ unsteady, step, lost }) {
    if (unsteady === undefined) return lost.length < 2 ? [] : [hardlyAnswered(lost)]
    return [
      {
        expected: `${step.expect.join(' or ')} each time`,
        because: step.because,
        received: unsteady.received,
        rule: step.expect.join(' or '),
      },
    ]
  },
}

/** One lost connection is chance; a target that allows retries is not meant to need several for one request. */
function hardlyAnswered(lost: Evidence['lost']): Complaint {
  const causes = lost.map(({ cause }) => cause).join(', ')
  return {
    expected: 'an answer at the second attempt at the latest',
    received: `one at attempt ${lost.length + 1}, after ${causes}`,
    rule: 'lost connections',
    level: 'should',
  }
}
