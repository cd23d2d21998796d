import { hasContent, judgeBody, tellViolation } from '../body.ts'
import { undocumented } from '../media.ts'
import { isMeant } from '../refusal.ts'
import type { Rule } from '../rule.ts'

/** The request has the body that the operation takes: whole, for nothing is added to it. */
export const requestBody: Rule = {
  id: 'pact-request-body',
  level: 'must',
  proves:
    'a request has the body that its operation takes, with every required member but `readOnly` ones',
  source: 'the request body of the operation (OpenAPI 3.1, section 4.8.13)',
  example: { expected: 'property "name" (string, required)', received: '{"nick":"a"}' },

  run({ operation, interaction: { request, response }, promises }) {
    const { requestBody } = operation
    const at = `${request.pointer}/body`
    if (!hasContent(request)) {
      if (requestBody?.required !== true || isMeant('absence', response.status)) return []
      const received = request.body.kind === 'none' ? 'none' : 'an empty one'
      return [
        { expected: 'a body, which is required', received, promised: requestBody.pointer, at },
      ]
    }
    if (isMeant('body', response.status)) return []
    if (requestBody === undefined) {
      const received = `${request.body.bytes.length} bytes`
      return [
        { expected: 'no body, as none is documented', received, promised: operation.pointer, at },
      ]
    }
    if (undocumented(request, requestBody.content) !== undefined) return []
    const violations = judgeBody(request, requestBody.content, promises.request)
    return violations.map((violation) => tellViolation(request, violation))
  },
}
