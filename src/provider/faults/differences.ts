import { refuse } from '../answer.ts'
import { caught, type Difference, tunable } from '../fault.ts'
import { sendMessage } from '../message.ts'
import { withHeaders } from './answering.ts'

type Body = Readonly<Record<string, unknown>>

/** Each keeps every promise by itself and is odd beside regions that do not have it. */
export const differences: readonly Difference[] = [
  {
    name: 'odd-ids-are-unauthorized',
    statement: 'ids that hold a percent sign are answered 401 in place of 404',
    differsIn: 'status',
    caughtBy: caught('region-agreement', 'any-id-is-answered'),
    answer: (answer, { request }) =>
      answer.status === 404 && request.url?.includes('%') === true
        ? refuse(401, 'no such key', [['WWW-Authenticate', 'ApiKey']])
        : answer,
  },
  ...[200, 401, 404].map(
    (status): Difference => ({
      name: `${status}-has-one-more-member`,
      statement: `the body of a ${status} has one member more`,
      differsIn: 'shape',
      caughtBy: caught('region-agreement', status),
      answer: (answer) =>
        answer.status === status
          ? { ...answer, body: { ...(answer.body as Body), requestId: 'f3b1' } }
          : answer,
    }),
  ),
  {
    name: 'deleted-data-is-empty',
    statement: 'the data of a 200 lacks its message, which is optional',
    differsIn: 'shape',
    caughtBy: caught('region-agreement', 200),
    answer: (answer) =>
      answer.status === 200 ? { ...answer, body: { success: true, data: {} } } : answer,
  },
  {
    name: 'refusals-may-be-kept',
    statement: 'a 404 says that it may be kept for a minute',
    differsIn: 'header',
    caughtBy: caught('region-agreement', 404),
    message: (message) =>
      message.status === 404 ? withHeaders(message, [['Cache-Control', 'max-age=60']]) : message,
  },
  {
    name: 'another-scheme-is-asked-for',
    statement: 'a 401 names another way to authenticate',
    differsIn: 'header',
    caughtBy: caught('region-agreement', 401),
    message: (message) =>
      message.status === 401 ? withHeaders(message, [['WWW-Authenticate', 'Bearer']]) : message,
  },
  tunable(
    { usual: 400, unit: 'milliseconds' },
    (ms): Difference => ({
      name: 'deletions-take-longer',
      statement: 'a 200 takes longer than elsewhere',
      differsIn: 'latency',
      caughtBy: caught('region-agreement', 200),
      send(response, message) {
        setTimeout(() => sendMessage(response, message), message.status === 200 ? ms : 0)
      },
    }),
  ),
]
