import { caught, type Fault } from '../fault.ts'

type Lie = {
  readonly name: string
  readonly status: number
  readonly statement: string
  /** Members that are added to the sound body, or replace its own. */
  readonly members: Readonly<Record<string, unknown>>
}

/** Each keeps the schema of the document and breaks the envelope that its prose promises. */
export const envelopeFaults: readonly Fault[] = [
  {
    name: 'success-says-false',
    status: 200,
    statement: 'a 200 says success: false',
    members: { success: false },
  },
  {
    name: 'success-carries-error',
    status: 200,
    statement: 'a 200 carries an error beside its data',
    members: { error: 'something went wrong' },
  },
  {
    name: 'success-carries-empty-error',
    status: 200,
    statement: 'a 200 carries an empty error, which is still an error',
    members: { error: '' },
  },
  {
    name: 'unauthorized-lies-success',
    status: 401,
    statement: 'a 401 says success: true',
    members: { success: true },
  },
  {
    name: 'unauthorized-carries-data',
    status: 401,
    statement: 'a 401 carries data beside its error',
    members: { data: { account: 'unknown' } },
  },
  {
    name: 'unauthorized-error-is-blank',
    status: 401,
    statement: 'the error of a 401 is white space',
    members: { error: ' \t' },
  },
  {
    name: 'not-found-lies-success',
    status: 404,
    statement: 'a 404 says success: true',
    members: { success: true },
  },
  {
    name: 'not-found-carries-data',
    status: 404,
    statement: 'a 404 carries data beside its error',
    members: { data: { message: 'API token deleted' } },
  },
  {
    name: 'not-found-error-is-empty',
    status: 404,
    statement: 'the error of a 404 is empty',
    members: { error: '' },
  },
  {
    name: 'internal-error-lies-success',
    status: 500,
    statement: 'a 500 says success: true',
    members: { success: true },
  },
  {
    name: 'internal-error-carries-data',
    status: 500,
    statement: 'a 500 carries empty data beside its error',
    members: { data: {} },
  },
  {
    name: 'internal-error-error-is-blank',
    status: 500,
    statement: 'the error of a 500 is a line break',
    members: { error: '\n' },
  },
].map(lies)

function lies({ name, status, statement, members }: Lie): Fault {
  return {
    name,
    statement,
    caughtBy: caught('envelope', status),
    answer: (answer) =>
      answer.status === status
        ? { ...answer, body: { ...(answer.body as object), ...members } }
        : answer,
  }
}
