import type { IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { createSeenLog } from './seen.ts'

const request = (url: string, ...rawHeaders: string[]) =>
  ({ method: 'GET', url, rawHeaders }) as IncomingMessage

it('only the latest requests are remembered, oldest first', () => {
  const log = createSeenLog(3)
  const urls = [1, 2, 3, 4, 5, 6, 7].map((index) => {
    log.record(request(String(index)))
    return log.list().map(({ url }) => url)
  })
  expect(urls.map((list) => list.join(''))).toEqual(['1', '12', '123', '234', '345', '456', '567'])
})

it('each request keeps its own headers, in the order of the wire', () => {
  const log = createSeenLog()
  for (const value of ['b', 'b', 'c']) log.record(request('/', 'A', value, 'a', 'd'))
  log.record(request('/'))
  expect(log.list().map(({ headers }) => headers.join())).toEqual([
    'A,b,a,d',
    'A,b,a,d',
    'A,c,a,d',
    '',
  ])
})
