import { refuse, succeed } from '../answer.ts'
import { caught, type Fault } from '../fault.ts'

const nothing = caught('status-code', 'undocumented-method-does-nothing')

/** Each does something for a method that is not documented, or does not refuse it as one. */
export const methodFaults: readonly Fault[] = [
  ...['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH'].map(
    (method): Fault => ({
      name: `${method.toLowerCase()}-deletes`,
      statement: `a ${method} is answered 405 and deletes the token`,
      caughtBy: nothing,
      refused(answer, { request, store, id }) {
        const token = request.method === method ? store.find(id) : undefined
        if (token !== undefined) store.remove(token, 'deleted')
        return answer
      },
    }),
  ),
  {
    name: 'get-shows-the-token',
    statement: 'a GET, which is not documented, shows the token',
    caughtBy: nothing,
    refused: (answer, { request, store, id }) =>
      request.method === 'GET' && store.find(id) !== undefined ? succeed({ id }) : answer,
  },
  {
    name: 'patch-is-accepted',
    statement: 'a PATCH, which is not documented, is answered 200',
    caughtBy: nothing,
    refused: (answer, { request }) => (request.method === 'PATCH' ? succeed({}) : answer),
  },
  {
    name: 'other-methods-are-not-found',
    statement: 'methods that are not documented are answered 404',
    caughtBy: nothing,
    refused: (answer) => (answer.status === 405 ? refuse(404, 'no such path') : answer),
  },
  {
    name: 'other-methods-fail-inside',
    statement: 'methods that are not documented fail inside',
    caughtBy: nothing,
    refused: (answer) => (answer.status === 405 ? refuse(500, 'no handler') : answer),
  },
  {
    name: 'other-methods-lack-allow',
    statement: 'a 405 does not list the methods that are allowed',
    caughtBy: caught('protocol', 405),
    refused: (answer) => (answer.status === 405 ? { ...answer, headers: [] } : answer),
  },
]
