import type { Header } from '../answer.ts'
import { caught, type Fault } from '../fault.ts'
import { sendMessage } from '../message.ts'
import { onStatus, withHeaders } from './answering.ts'

type Row = readonly [
  check: string,
  name: string,
  status: number,
  statement: string,
  ...headers: (Header | readonly [string])[],
]

const rows: readonly Row[] = [
  [
    'header-schema',
    'success-lacks-rate-limit',
    200,
    'a 200 lacks a required header',
    ['RateLimit-Limit'],
  ],
  [
    'header-schema',
    'unauthorized-limits-nothing',
    401,
    'the limit of a 401 is 0, below its minimum',
    ['RateLimit-Limit', '0'],
  ],
  [
    'header-schema',
    'unauthorized-throttles-perhaps',
    401,
    'a header of a 401 is no boolean',
    ['X-Throttled', 'perhaps'],
  ],
  [
    'header-schema',
    'not-found-limit-is-word',
    404,
    'the limit of a 404 is a word',
    ['RateLimit-Limit', 'many'],
  ],
  [
    'header-schema',
    'not-found-limit-comes-twice',
    404,
    'the limit of a 404 stands in two lines',
    ['RateLimit-Limit', '100'],
    ['RateLimit-Limit', '200'],
  ],
  [
    'header-schema',
    'not-found-shard-is-word',
    404,
    'an item in a list header of a 404 is no number',
    ['X-Shards', '1, two'],
  ],
  [
    'header-schema',
    'success-has-four-shards',
    200,
    'a list header of a 200 is too long',
    ['X-Shards', '1,2,3'],
    ['X-Shards', '4'],
  ],
  [
    'header-schema',
    'internal-error-quota-lacks-member',
    500,
    'an object header of a 500 lacks a member',
    ['X-Quota', 'left=1'],
  ],
  [
    'header-schema',
    'internal-error-notice-is-no-json',
    500,
    'a JSON header of a 500 is none',
    ['X-Notice', 'id=1'],
  ],
  [
    'header-schema',
    'not-found-notice-lacks-member',
    404,
    'a JSON header of a 404 lacks a member',
    ['X-Notice', '{}'],
  ],
  [
    'header-schema',
    'success-second-cookie-is-odd',
    200,
    'the second cookie of a 200 has no name',
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', '=2'],
  ],
  [
    'format',
    'not-found-request-id-is-no-uuid',
    404,
    'a header of a 404 is not in its format',
    ['X-Request-Id', 'r-17'],
  ],
  [
    'protocol',
    'not-found-date-is-iso',
    404,
    'the date of a 404 is written as ISO 8601',
    ['Date', '2026-11-25T01:02:03Z'],
  ],
  [
    'protocol',
    'success-date-is-obsolete',
    200,
    'the date of a 200 is in an obsolete form',
    ['Date', 'Wednesday, 25-Nov-26 01:02:03 GMT'],
  ],
  [
    'protocol',
    'unauthorized-names-no-scheme',
    401,
    'a 401 does not say how to authenticate',
    ['WWW-Authenticate'],
  ],
  [
    'protocol',
    'internal-error-retry-after-is-words',
    500,
    'a 500 says in words when to try again',
    ['Retry-After', 'in a minute'],
  ],
  [
    'protocol',
    'not-found-retry-after-is-negative',
    404,
    'a 404 says to try again before now',
    ['Retry-After', '-5'],
  ],
  [
    'protocol',
    'success-tag-has-no-quotes',
    200,
    'the entity tag of a 200 has no quotes',
    ['ETag', 'abc'],
  ],
  [
    'protocol',
    'success-modified-when',
    200,
    'a 200 was modified at no date',
    ['Last-Modified', 'yesterday'],
  ],
  [
    'protocol',
    'unauthorized-media-type-is-cut',
    401,
    'the media type of a 401 has half a parameter',
    ['Content-Type', 'application/json; charset'],
  ],
  [
    'protocol',
    'not-found-has-two-media-types-alike',
    404,
    'a 404 names its media type in two lines',
    ['Content-Type', 'application/json'],
    ['Content-Type', 'application/json; charset=utf-8'],
  ],
  [
    'protocol',
    'internal-error-has-two-tags',
    500,
    'a 500 has two entity tags',
    ['ETag', '"a"'],
    ['ETag', '"b"'],
  ],
  [
    'protocol',
    'success-location-has-spaces',
    200,
    'the location of a 200 is no URI',
    ['Location', '/a b'],
  ],
  ['protocol', 'unauthorized-age-is-date', 401, 'the age of a 401 is no number', ['Age', 'old']],
]

/** Each sends headers other than the document, or HTTP, asks for. */
export const headerFaults: readonly Fault[] = [
  {
    name: 'unauthorized-has-no-date',
    statement: 'a 401 has no date',
    caughtBy: caught('protocol', 401),
    send(response, message) {
      response.sendDate = message.status !== 401
      sendMessage(response, message)
    },
  },
  ...rows.map(([check, name, status, statement, ...headers]) =>
    onStatus(status, { name, statement, check }, (message) => withHeaders(message, headers)),
  ),
  onStatus(
    404,
    {
      name: 'not-found-answers-405-without-allow',
      statement: 'answers 405 where 404 is promised, and lists no method',
      caughtBy: [...caught('status-code', 404), ...caught('protocol', 405)],
    },
    (message) => ({ ...message, status: 405 }),
  ),
  onStatus(
    401,
    {
      name: 'unauthorized-redirects-nowhere',
      statement: 'answers 308 where 401 is promised, and does not say where to',
      caughtBy: [...caught('status-code', 401), ...caught('protocol', 308)],
    },
    (message) => ({ ...message, status: 308 }),
  ),
]
