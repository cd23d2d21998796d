import { describe, expect, it } from 'vitest'
import { emptyTally, exitCode, isOurInput, type Tally, tallyKey, type Verdict } from './index.ts'

type Ending = Parameters<typeof exitCode>[0]

const ending = (tally: Partial<Tally>, rest: Partial<Ending> = {}): Ending => ({
  tally: { ...emptyTally, ...tally },
  badInput: false,
  leftovers: 0,
  stopped: undefined,
  ...rest,
})

describe('the exit code', () => {
  it.each<[name: string, code: number, Ending]>([
    ['all pass', 0, ending({ pass: 2 })],
    ['a declared skip beside a pass', 0, ending({ pass: 1, declared: 1 })],
    ['nothing at all', 1, ending({})],
    ['nothing but declared skips', 1, ending({ declared: 2 })],
    ['a failure', 1, ending({ pass: 1, fail: 1 })],
    ['an undeclared skip', 1, ending({ pass: 1, undeclared: 1 })],
    ['an unproven skip', 1, ending({ pass: 1, unproven: 1 })],
    ['a stopped skip', 1, ending({ pass: 1, stopped: 1 })],
    ['something left behind', 1, ending({ pass: 1 }, { leftovers: 1 })],
    ['a known failure beside a pass', 0, ending({ pass: 1, known: 1 })],
    ['nothing but a known failure', 0, ending({ known: 1 })],
    ['a known failure beside another', 1, ending({ known: 1, fail: 1 })],
    ['a baseline out of date', 1, ending({ pass: 1 }, { stale: 1 })],
    ['a baseline out of date before an error', 1, ending({ error: 1 }, { stale: 1 })],
    ['an error', 3, ending({ pass: 1, error: 1 })],
    ['nothing but errors', 3, ending({ error: 1 })],
    ['an error beside a declared skip', 3, ending({ error: 1, declared: 1 })],
    ['a failure before an error', 1, ending({ fail: 1, error: 1 })],
    ['a skip before an error', 1, ending({ undeclared: 1, error: 1 })],
    ['a leftover before an error', 1, ending({ error: 1 }, { leftovers: 1 })],
    ['bad input', 2, ending({ pass: 1, error: 1 }, { badInput: true })],
    ['bad input before a failure', 2, ending({ fail: 1, error: 1 }, { badInput: true })],
    ['interrupted', 130, ending({ pass: 1 }, { stopped: 'SIGINT' })],
    ['terminated', 143, ending({ pass: 1 }, { stopped: 'SIGTERM' })],
    [
      'interrupted before everything',
      130,
      ending({ fail: 1 }, { stopped: 'SIGINT', badInput: true, leftovers: 1 }),
    ],
  ])('%s: %i', (_, code, each) => {
    expect(exitCode(each)).toBe(code)
  })

  it('is 0 for no combination without something seen as expected, nor beside anything that is not declared', () => {
    const counts = Object.keys(emptyTally) as (keyof Tally)[]
    for (let set = 0; set < 2 ** counts.length; set += 1) {
      const tally = Object.fromEntries(counts.map((key, bit) => [key, (set >> bit) & 1]))
      const { pass = 0, known = 0, declared = 0, ...rest } = tally
      const isFine = pass + known > 0 && Object.values(rest).every((count) => count === 0)
      expect([declared, tally, exitCode(ending(tally)) === 0]).toEqual([declared, tally, isFine])
    }
  })
})

it('a verdict counts by its kind, a skip by its reason', () => {
  const keys = [
    { kind: 'pass' },
    { kind: 'fail' },
    { kind: 'fail', known: true },
    { kind: 'error' },
    { kind: 'skip', why: 'unproven' },
  ]
  expect(keys.map((each) => tallyKey(each as Verdict))).toEqual([
    'pass',
    'fail',
    'known',
    'error',
    'unproven',
  ])
})

it.each<[kind: string, codes: string[], ours: boolean]>([
  ['error', ['SCHEMA_NOT_COMPILED'], true],
  ['error', ['STATE_FAILED', 'SCHEMA_NOT_COMPILED'], true],
  ['error', ['STATE_FAILED'], false],
  ['error', ['toString'], false],
  ['error', [], false],
  ['fail', ['SCHEMA_NOT_COMPILED'], false],
])(
  'an %s with %j is one that the suite or the document must answer for: %s',
  (kind, codes, ours) => {
    expect(isOurInput({ kind, codes } as unknown as Verdict)).toBe(ours)
  },
)
