import { STATUS_CODES } from 'node:http'
import { statusesNamed } from '../../plan/index.ts'
import type { Check, Evidence } from '../evidence.ts'

/** The answer has the status that the request was made to provoke. */
export const statusCode: Check = {
  id: 'status-code',
  level: 'must',
  files: 'hoped',
  proves: 'the answer has the status that the request was made to provoke',
  source: 'the responses of the operation (OpenAPI 3.1, section 4.8.16)',
  example: {
    expected: '401, because the request carries no credential',
    received: '403 Forbidden, not among the documented 200, 401, 404, 500',
  },
  cure: 'answer with the documented status, or document the one that is meant. What a target cannot show goes under its `cannot`, with a reason and a date.',

  run(evidence) {
    const { step, weight } = evidence
    if (evidence.isCopyOfExpected || ['expected', 'allowed'].includes(weight)) return []
    const named = step.expect.flatMap((pattern) => statusesNamed(step.operation, pattern))
    const expected = [...new Set(named)].join(' or ')
    return [
      {
        expected,
        rule: `${expected}: ${evidence.response.status}${isOwnRefused(evidence) ? ' configured' : ''}`,
        because: step.because,
        received: received(evidence),
        ...(weight === 'frowned-on' ? { level: 'should' as const } : {}),
      },
    ]
  },
}

/** Whether the credential that was refused is the one that the target is configured with. */
function isOwnRefused({ step, response }: Evidence): boolean {
  return response.status === 401 && step.use.kind === 'configured'
}

function received(evidence: Evidence): string {
  const { step, response, documented } = evidence
  const { status } = response
  const reason = STATUS_CODES[status]
  const code = reason === undefined ? String(status) : `${status} ${reason}`
  const text = isOwnRefused(evidence) ? `${code} to the configured credential` : code
  if (documented !== undefined) return text
  const known = step.operation.responses.map((each) => each.status).join(', ')
  return `${text}, not among the documented ${known}`
}
