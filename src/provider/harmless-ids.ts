import { notFound, refuse, unauthorized } from './answer.ts'
import type { Fault } from './fault.ts'
import { sendMessage } from './message.ts'
import type { Store } from './store.ts'

const hungUp = new WeakSet<Store>()
const page = '<!doctype html><title>Error</title>'

/** Each answers odd ids, other methods or other accounts otherwise than usual, and as it may. */
export const harmlessIds: readonly Fault[] = [
  {
    name: 'malformed-escapes-are-bad-requests',
    statement: 'a percent sign without digits is answered 400',
    caughtBy: [],
    answer: (answer, { request }) =>
      answer.status === 404 && /%(?![0-9a-f]{2})/i.test(request.url ?? '')
        ? refuse(400, 'malformed URL')
        : answer,
  },
  ...[414, 431].map(
    (status): Fault => ({
      name: `long-ids-answer-${status}`,
      statement: `ids over 1000 characters are answered ${status}`,
      caughtBy: [],
      answer: (answer, { id }) => (id.length > 1000 ? refuse(status, 'too long') : answer),
    }),
  ),
  {
    name: 'options-is-answered',
    statement: 'an OPTIONS is answered 204',
    caughtBy: [],
    refused: (answer, { request }) =>
      request.method === 'OPTIONS'
        ? { status: 204, body: undefined, headers: [['Allow', 'DELETE, OPTIONS']] }
        : answer,
  },
  {
    name: 'other-methods-are-not-implemented',
    statement: 'methods that are not documented are answered 501',
    caughtBy: [],
    refused: (answer) => (answer.status === 405 ? refuse(501, 'not implemented') : answer),
  },
  {
    name: 'other-paths-are-pages',
    statement: 'what is no path or method of the API is answered with a page',
    caughtBy: [],
    refused: (answer) => ({ ...answer, body: page }),
  },
  {
    name: 'other-paths-are-redirected',
    statement: 'an empty id is redirected to the list',
    caughtBy: [],
    refused: (answer, { id }) =>
      answer.status === 404 && id === ''
        ? { ...refuse(308, 'moved'), headers: [['Location', '/api/tokens']] }
        : answer,
  },
  {
    name: 'hangs-up-once',
    statement: 'the first request with a NUL in its id gets no answer, and the next one does',
    caughtBy: [],
    send(response, message, { store, id }) {
      if (id !== '\0' || hungUp.has(store)) {
        sendMessage(response, message)
        return
      }
      hungUp.add(store)
      response.socket?.destroy()
    },
  },
  {
    name: 'not-found-names-the-id',
    statement: 'the error of a 404 names the id',
    caughtBy: [],
    answer: (answer, { id }) =>
      answer.status === 404
        ? { ...notFound, body: { success: false, error: `no token ${id.slice(0, 40)}` } }
        : answer,
  },
  {
    name: 'unauthorized-counts',
    statement: 'the error of each 401 is another text',
    caughtBy: [],
    answer: (answer) =>
      answer.status === 401
        ? {
            ...unauthorized,
            body: { success: false, error: `refused, incident ${process.hrtime.bigint()}` },
          }
        : answer,
  },
]
