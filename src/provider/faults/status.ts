import { type Answer, deleted, refuse, unauthorized } from '../answer.ts'
import { caught, type Fault } from '../fault.ts'

type Change = {
  readonly name: string
  readonly sound: number
  readonly instead: number
  /** Laws that it refutes as well. */
  readonly laws?: readonly string[]
}

/** Each answers with another status code than the one that is documented for what happened. */
export const statusFaults: readonly Fault[] = [
  { name: 'deleted-answers-201', sound: 200, instead: 201 },
  { name: 'deleted-answers-202', sound: 200, instead: 202 },
  { name: 'deleted-answers-204', sound: 200, instead: 204 },
  { name: 'deleted-answers-302', sound: 200, instead: 302 },
  { name: 'deleted-answers-500', sound: 200, instead: 500 },
  { name: 'not-found-answers-200', sound: 404, instead: 200, laws: ['deleted-stays-deleted'] },
  { name: 'not-found-answers-204', sound: 404, instead: 204, laws: ['deleted-stays-deleted'] },
  { name: 'not-found-answers-400', sound: 404, instead: 400 },
  { name: 'not-found-answers-401', sound: 404, instead: 401 },
  { name: 'not-found-answers-403', sound: 404, instead: 403 },
  { name: 'not-found-answers-410', sound: 404, instead: 410 },
  { name: 'not-found-answers-500', sound: 404, instead: 500 },
  { name: 'unauthorized-answers-200', sound: 401, instead: 200 },
  { name: 'unauthorized-answers-302', sound: 401, instead: 302 },
  { name: 'unauthorized-answers-400', sound: 401, instead: 400 },
  { name: 'unauthorized-answers-403', sound: 401, instead: 403 },
  { name: 'unauthorized-answers-404', sound: 401, instead: 404 },
  { name: 'unauthorized-answers-500', sound: 401, instead: 500 },
  { name: 'internal-error-answers-200', sound: 500, instead: 200 },
  { name: 'internal-error-answers-404', sound: 500, instead: 404 },
  { name: 'internal-error-answers-502', sound: 500, instead: 502 },
  { name: 'internal-error-answers-503', sound: 500, instead: 503 },
].map(answersAnother)

const page = '<html><body><h1>502 Bad Gateway</h1></body></html>'

/** Nothing behind a proxy answers: one cause, whatever was asked. */
export const proxyFaults: readonly Fault[] = [
  {
    name: 'proxy-answers-for-all',
    statement: 'a proxy answers everything with a page that says 502',
    caughtBy: caught('status-code', 200, 401, 404, 500),
    message: () => ({
      status: 502,
      headers: [['Content-Type', 'text/html']],
      body: Buffer.from(page),
    }),
  },
]

/** The envelope is always that of the status that is sent, so the status alone is wrong. */
function answersAnother({ name, sound, instead, laws = [] }: Change): Fault {
  return {
    name,
    statement: `answers ${instead} where ${sound} is promised`,
    caughtBy: caught('status-code', sound, ...laws),
    answer: (answer) => (answer.status === sound ? dress(instead) : answer),
  }
}

function dress(status: number): Answer {
  if (status === 204) return { status, body: undefined }
  if (status < 300) return { ...deleted, status }
  if (status < 400) return { ...deleted, status, headers: [['Location', '/elsewhere']] }
  const { headers = [] } = status === 401 ? unauthorized : {}
  return refuse(status, 'something else happened', headers)
}
