import { STATUS_CODES } from 'node:http'
import { statusNamed } from '../../plan/index.ts'
import type { Check, Evidence } from '../evidence.ts'

/** The answer has the status that the request was made to provoke. */
export const statusCode: Check = {
  id: 'status-code',
  level: 'must',
  source: 'the responses of the operation (OpenAPI 3.1, section 4.8.16)',

  run(evidence) {
    if (evidence.expected) return []
    const { step } = evidence
    const named = step.expect.map((pattern) => statusNamed(step.operation, pattern) ?? pattern)
    return [
      {
        expected: `${[...new Set(named)].join(' or ')}, because ${step.because}`,
        received: received(evidence),
      },
    ]
  },
}

function received({ step, response, documented }: Evidence): string {
  const { status } = response
  const reason = STATUS_CODES[status]
  const text = reason === undefined ? String(status) : `${status} ${reason}`
  if (documented !== undefined) return text
  const known = step.operation.responses.map((each) => each.status).join(', ')
  return `${text}, not among the documented ${known}`
}
