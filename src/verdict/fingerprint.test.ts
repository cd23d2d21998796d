import { expect, it } from 'vitest'
import { wayOf } from './fingerprint.ts'
import { fingerprintOf, steady } from './index.ts'

it('a fingerprint is twelve digits, and each part of what it is about changes it', () => {
  const about = { cell: 'op/404', check: 'envelope', rule: 'a' }
  const others = [{ cell: 'op/401' }, { check: 'format' }, { rule: 'b' }].map((other) =>
    fingerprintOf({ ...about, ...other }),
  )
  const all = [fingerprintOf(about), ...others]
  expect(all.filter((each) => /^[0-9a-f]{12}$/.test(each))).toHaveLength(4)
  expect(new Set(all).size).toBe(4)
})

it('a fingerprint is what it was: files of people hold it', () => {
  expect(fingerprintOf({ cell: 'op/404', check: 'envelope', rule: 'a' })).toBe('2a4e08353ff1')
})

it.each<[text: string, steadied: string]>([
  ['/data/0/name', '/data/#/name'],
  ['/data/12/name', '/data/#/name'],
  ['/ipv4', '/ipv#'],
  ['/sha256', '/sha#'],
  ['/by-id/9f86d081884c7d65', '/by-id/*'],
  ['/by-id/0b5d1c7e-4a7f-4e55-9d55-1f0c3c1f7a01', '/by-id/*'],
  ['2 bytes behind the end', '# bytes behind the end'],
  ['/success', '/success'],
])('%s without what differs from answer to answer: %s', (text, steadied) => {
  expect(steady(text)).toBe(steadied)
})

it('a way names the probe and its step, and no word twice', () => {
  const named = (probe: string, step: string) => wayOf('op', probe, step)
  expect(named('op/401/none', 'none: on a resource of our own')).toBe(
    '401/none: on a resource of our own',
  )
  expect(named('op/200/valid', 'a valid request')).toBe('200/valid: a valid request')
  expect(named('other', 'a step')).toBe('other: a step')
})
