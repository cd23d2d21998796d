import { caught, type Fault } from '../fault.ts'

/** A status, what its body is instead, and that in words. */
type Shape = readonly [name: string, status: number, body: unknown, statement: string]

const error = 'something went wrong'

const shapes: readonly Shape[] = [
  ['success-has-no-data', 200, { success: true }, 'a 200 lacks data'],
  ['success-data-is-null', 200, { success: true, data: null }, 'the data of a 200 is null'],
  ['success-data-is-text', 200, { success: true, data: 'deleted' }, 'the data of a 200 is text'],
  ['success-data-is-list', 200, { success: true, data: [] }, 'the data of a 200 is a list'],
  [
    'success-message-is-number',
    200,
    { success: true, data: { message: 1 } },
    'the message of a 200 is a number',
  ],
  [
    'success-says-true-as-text',
    200,
    { success: 'true', data: {} },
    'the success of a 200 is the text "true"',
  ],
  [
    'success-is-wrapped',
    200,
    { response: { success: true, data: {} } },
    'the envelope of a 200 is wrapped in another object',
  ],
  ['unauthorized-has-no-success', 401, { error }, 'a 401 lacks success'],
  [
    'unauthorized-error-is-null',
    401,
    { success: false, error: null },
    'the error of a 401 is null',
  ],
  [
    'unauthorized-says-message',
    401,
    { success: false, message: error },
    'a 401 says message where error is promised',
  ],
  ['unauthorized-success-is-number', 401, { success: 0, error }, 'the success of a 401 is 0'],
  [
    'not-found-says-false-as-text',
    404,
    { success: 'false', error },
    'the success of a 404 is the text "false"',
  ],
  [
    'not-found-error-is-object',
    404,
    { success: false, error: { message: error } },
    'the error of a 404 is an object',
  ],
  ['not-found-is-list', 404, [{ success: false, error }], 'the body of a 404 is a list'],
  [
    'not-found-looks-like-problem',
    404,
    { type: 'about:blank', title: 'Not Found', status: 404 },
    'the body of a 404 is problem details (RFC 9457) and no envelope',
  ],
  ['internal-error-has-no-error', 500, { success: false }, 'a 500 lacks error'],
  [
    'internal-error-error-is-list',
    500,
    { success: false, error: [error] },
    'the error of a 500 is a list',
  ],
  ['internal-error-is-null', 500, null, 'the body of a 500 is null'],
]

/** Each breaks the schema of the document; a truth told in the wrong type is no lie, so the envelope is silent. */
export const schemaFaults: readonly Fault[] = [
  ...shapes.map(hasShape),
  {
    ...hasShape([
      'not-found-wears-success',
      404,
      { success: true, data: { message: 'API token deleted' } },
      'the body of a 404 is that of a 200',
    ]),
    caughtBy: [...caught('body-schema', 404), ...caught('envelope', 404)],
  },
]

function hasShape([name, status, body, statement]: Shape): Fault {
  return {
    name,
    statement,
    caughtBy: caught('body-schema', status),
    answer: (answer) => (answer.status === status ? { ...answer, body } : answer),
  }
}
