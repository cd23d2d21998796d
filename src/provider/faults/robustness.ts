import { caught, type Fault } from '../fault.ts'

/** Each fails inside where it should refuse. */
export const robustnessFaults: readonly Fault[] = [
  failsFor('no-credential', 'a request without credential', (header) => header === undefined),
  failsFor('empty-credential', 'an empty credential', (header) => header === ''),
  failsFor('bare-prefix', 'a prefix without key', (header) => header === 'key-'),
  failsFor(
    'space-inside',
    'a space inside the key',
    (header) => header?.startsWith('key-') === true && header.includes(' '),
  ),
  failsFor(
    'other-scheme',
    'a credential of another scheme',
    (header) => header?.startsWith('B') === true,
  ),
]

function failsFor(
  what: string,
  words: string,
  trips: (authorization: string | undefined) => boolean,
): Fault {
  return {
    name: `${what}-fails-inside`,
    statement: `${words} makes the request fail inside`,
    caughtBy: caught('status-code', 401),
    authenticate(caller, { authorization }) {
      if (trips(authorization)) throw new Error(`cannot read ${what}`)
      return caller
    },
  }
}
