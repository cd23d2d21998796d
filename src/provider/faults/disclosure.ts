import { refuse } from '../answer.ts'
import { caught, type Fault, type Visit } from '../fault.ts'

/** Each gives back what must stay unseen. */
export const disclosureFaults: readonly Fault[] = [
  {
    name: 'unauthorized-quotes-credential',
    statement: 'a 401 quotes the credential that was refused',
    caughtBy: caught('disclosure', 401),
    answer: (answer, visit) =>
      answer.status === 401 ? refuse(401, `Not accepted: ${keyOf(visit)}`, answer.headers) : answer,
  },
  {
    name: 'not-found-encodes-credential',
    statement: 'a 404 holds the credential in base64',
    caughtBy: caught('disclosure', 404),
    answer: (answer, visit) =>
      answer.status === 404
        ? refuse(404, `Trace ${Buffer.from(keyOf(visit)).toString('base64')}`)
        : answer,
  },
  {
    name: 'success-returns-credential',
    statement: 'a 200 returns the credential in a header',
    caughtBy: caught('disclosure', 200),
    answer: (answer, visit) =>
      answer.status === 200 ? { ...answer, headers: [['X-Caller', keyOf(visit)]] } : answer,
  },
  {
    name: 'not-found-shows-part-of-credential',
    statement: 'a 404 shows the beginning of the credential',
    caughtBy: caught('disclosure', 404),
    answer: (answer, visit) =>
      answer.status === 404 ? refuse(404, `Nothing for ${keyOf(visit).slice(4, 24)}…`) : answer,
  },
  {
    name: 'undocumented-answer-quotes-credential',
    statement: 'answers 403 where 404 is promised, and quotes the credential',
    caughtBy: [...caught('disclosure', 404), ...caught('status-code', 404)],
    answer: (answer, visit) =>
      answer.status === 404 ? refuse(403, `Not for ${keyOf(visit)}`) : answer,
  },
  {
    name: 'internal-error-dumps-request',
    statement: 'a 500 holds the headers of the request',
    caughtBy: caught('disclosure', 500),
    answer: (answer, visit) =>
      answer.status === 500 ? refuse(500, `Failed for ${keyOf(visit)}`) : answer,
  },
]

function keyOf({ authorization = 'nobody' }: Visit): string {
  return authorization
}
