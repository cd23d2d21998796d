import { expect, test } from 'vitest'
import { readRetryAfter } from './retry-after.ts'

const now = Date.UTC(2026, 10, 25, 12, 0, 0)

test.each<[string, number | string]>([
  ['0', 0],
  ['120', 120_000],
  [' 7 ', 7000],
  ['999999999999', 999_999_999_999_000],
  ['9'.repeat(400), Number.POSITIVE_INFINITY],
  ['Wed, 25 Nov 2026 12:00:30 GMT', 30_000],
  ['Wednesday, 25-Nov-26 12:00:30 GMT', 30_000],
  ['Wed Nov 25 12:00:30 2026', 30_000],
  ['Wed, 25 Nov 2026 11:00:00 GMT', 0],
  ['-5', 'unreadable'],
  ['1.5', 'unreadable'],
  ['1e9', 'unreadable'],
  ['soon', 'unreadable'],
  ['', 'unreadable'],
  ['2026-11-25T12:00:30Z', 'unreadable'],
  ['Wed, 99 Nov 2026 12:00:30 GMT', 'unreadable'],
])('Retry-After: %s', (value, ms) => {
  expect(readRetryAfter([['Retry-After', value]], now)).toBe(ms)
})

test('an answer that does not say asks for no time', () => {
  expect(readRetryAfter([['X-Retry-After', '5']], now)).toBe('none')
})

test('a date counts from the clock of the server', () => {
  const headers = [
    ['date', 'Wed, 25 Nov 2026 09:00:00 GMT'],
    ['retry-after', 'Wed, 25 Nov 2026 09:00:02 GMT'],
  ] as const
  expect(readRetryAfter(headers, now)).toBe(2000)
})

test('of several values the longest holds, if all can be read', () => {
  const sent = (...values: string[]) => values.map((value) => ['Retry-After', value] as const)
  expect(readRetryAfter(sent('1', '3', '2'), now)).toBe(3000)
  expect(readRetryAfter(sent('1', 'later'), now)).toBe('unreadable')
})
