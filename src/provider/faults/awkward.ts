import { refuse } from '../answer.ts'
import { caught, type Fault, type Visit } from '../fault.ts'
import { sendMessage } from '../message.ts'
import type { Token } from '../store.ts'

const anyId = caught('status-code', 'any-id-is-answered')
const records: Readonly<Record<string, unknown>> = {}

/** Each stumbles over ids that are odd. */
export const awkwardFaults: readonly Fault[] = [
  failsInside('id-null', 'null as an id', (id) => id === 'null'),
  failsInside('id-undefined', 'undefined as an id', (id) => id === 'undefined'),
  failsInside('id-true', 'true as an id', (id) => id === 'true'),
  failsInside('id-of-prototype', 'the name of a built-in member as an id', (id) => id in records),
  failsInside('negative-id', 'a negative number as an id', (id) => /^-\d/.test(id)),
  failsInside('huge-number-as-id', 'a number over 64 bits as an id', (id) => /^\d{19,}$/.test(id)),
  failsInside(
    'infinite-id',
    'a number beyond all as an id',
    (id) => id.length < 9 && Number(id) > 1e99,
  ),
  failsInside('encoded-letter-in-id', 'an encoded letter in an id', (_, wire) => /%6\d/.test(wire)),
  failsInside('lower-case-escape-in-id', 'an escape in small letters in an id', (_, wire) =>
    /%2d/.test(wire),
  ),
  failsInside('plus-in-id', 'a plus sign in an id', (id) => id.includes('+')),
  failsInside('space-within-id', 'a space within an id', (id) => /\w \w/.test(id)),
  failsInside('accent-in-id', 'a letter with an accent in an id', (id) => id.includes('é')),
  failsInside('combining-mark-in-id', 'a combining mark in an id', (id) => /\p{M}/u.test(id)),
  failsInside('right-to-left-id', 'an id that is written from right to left', (id) =>
    /\p{Script=Arabic}\p{L}|\u202e/u.test(id),
  ),
  failsInside('emoji-in-id', 'four bytes of UTF-8 in an id', (id) =>
    /[\u{10000}-\u{10ffff}]/u.test(id),
  ),
  failsInside('byte-order-mark-in-id', 'a byte order mark in an id', (id) => id.includes('\ufeff')),
  failsInside('short-id', 'an id of less than three characters', (id) => /^[~\w]{1,2}$/.test(id)),
  failsInside('id-over-64', 'an id of more than 64 characters', (id) => /^[\w-]{65,}$/.test(id)),
  failsInside('id-over-4000', 'an id of more than 4000 characters', (id) => id.length > 4000),
  failsInside('twice-encoded-id', 'a percent sign that is decoded', (_, wire) =>
    /%25[^2]/.test(wire),
  ),
  failsInside('nul-in-id', 'a NUL in an id', (id) => /^\0|t\0/.test(id)),
  failsInside('malformed-utf-8-in-id', 'malformed UTF-8 in an id', (_, wire) =>
    /%ff|%c0|%ed/.test(wire),
  ),
  failsInside('line-break-in-id', 'a line break in an id', (id) => /[\r\n]/.test(id)),
  failsInside('escape-character-in-id', 'an escape character in an id', (id) =>
    id.includes('\x1b'),
  ),
  failsInside('malformed-escape-in-id', 'a percent sign without digits', (_, wire) =>
    /%(?![0-9a-f]{2})/i.test(wire),
  ),
  failsInside('quote-in-id', 'a quote in an id', (id) => id.includes("'")),
  failsInside('double-quote-in-id', 'a double quote in an id', (id) => id.includes('"')),
  failsInside('json-in-id', 'a JSON text as an id', (id) => /^[[{].*[\]}]$/.test(id)),
  failsInside('shell-text-in-id', 'shell text in an id', (id) => /\$\(|^;/.test(id)),
  failsInside('template-in-id', 'a template in an id', (id) => id.includes('{{')),
  failsInside('backslash-in-id', 'a backslash in an id', (id) => id.includes('\\')),
  failsInside('slash-in-id', 'an encoded slash in an id', (id) => id.includes('/')),
  failsInside('dots-as-id', 'two dots as an id', (id) => id === '..'),
  succeeds('injection-deletes', 'an id that is SQL deletes some token', (id) =>
    id.includes("' OR '1'='1"),
  ),
  succeeds('wildcard-deletes', 'a star as an id deletes some token', (id) => id === '*'),
  {
    ...succeeds(
      'percent-deletes-behind-404',
      'a percent sign as an id deletes some token, behind a 404',
      () => false,
    ),
    answer(answer, visit) {
      if (visit.id === '%') takeSome(visit)
      return answer
    },
  },
  {
    name: 'empty-id-deletes',
    statement: 'an empty id deletes every token that was made, behind a 404',
    caughtBy: anyId,
    alone: true,
    refused(answer, visit) {
      if (visit.request.method === 'DELETE' && visit.id === '') takeSome(visit)
      return answer
    },
  },
  {
    name: 'two-segments-fail-inside',
    statement: 'an id with a slash makes the request fail inside',
    caughtBy: anyId,
    refused: (answer, { id }) => (id.includes('/') ? refuse(500, 'no route') : answer),
  },
  answers('odd-ids-are-bad-requests', 400, 'ids with odd characters', (id) => /[^\w-]/.test(id)),
  answers('long-ids-are-bad-requests', 400, 'long ids', (id) => id.length > 200),
  answers('odd-ids-are-forbidden', 403, 'ids that look like an attack', (id) => /['<;]/.test(id)),
  answers('odd-ids-are-redirected', 302, 'ids in other letters', (id) => /\p{Lt}/u.test(id)),
  {
    name: 'nul-in-id-hangs-up',
    statement: 'a NUL in an id closes the connection in place of an answer',
    caughtBy: anyId,
    send(response, message, { id }) {
      if (/^\0|t\0/.test(id)) response.socket?.destroy()
      else sendMessage(response, message)
    },
  },
]

type Trips = (id: string, wire: string) => boolean

function failsInside(what: string, words: string, trips: Trips): Fault {
  return {
    name: `${what}-fails-inside`,
    statement: `${words} makes the request fail inside`,
    caughtBy: anyId,
    find(token, visit) {
      if (token === undefined && trips(visit.id, wireOf(visit)))
        throw new Error(`cannot read ${what}`)
      return token
    },
  }
}

/** It takes a token of ours that somebody made, if there is one. */
function succeeds(name: string, statement: string, trips: Trips): Fault {
  return {
    name,
    statement,
    caughtBy: anyId,
    alone: true,
    find: (token, visit) =>
      token ?? (trips(visit.id, wireOf(visit)) ? madeIn(visit)[0] : undefined),
  }
}

function answers(name: string, status: number, words: string, trips: Trips): Fault {
  return {
    name,
    statement: `${words} are answered ${status}`,
    caughtBy: anyId,
    answer: (answer, visit) =>
      answer.status === 404 && trips(visit.id, wireOf(visit))
        ? refuse(status, 'not an id', status === 302 ? [['Location', '/elsewhere']] : [])
        : answer,
  }
}

function takeSome(visit: Visit): void {
  for (const token of madeIn(visit)) visit.store.remove(token, 'deleted')
}

function madeIn({ store, owner }: Visit): readonly Token[] {
  return [...store.tokens()].filter(
    ({ createdBy, account }) => createdBy !== 'seed' && account === owner.account,
  )
}

/** The id as it stood on the wire. */
function wireOf({ request }: Visit): string {
  return request.url?.split('?')[0]?.split('/').slice(3).join('/') ?? ''
}
