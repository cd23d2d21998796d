import { expect, test } from 'vitest'
import type { Trial } from '../selftest.ts'
import { concludeTrials, tellTrial } from './selftest.ts'

const lie = { check: 'envelope', cell: 'op/404' }
const other = { check: 'status-code', cell: 'op/200' }
const caught: Trial = {
  fault: 'lies',
  statement: 'it lies',
  harmless: false,
  red: ['op/404'],
  declared: [lie],
  found: [lie],
  missed: [],
  accused: [],
}
const missed: Trial = { ...caught, found: [], missed: [lie] }
const accused: Trial = { ...caught, found: [lie, other], accused: [other] }
const spared: Trial = { ...caught, fault: 'slow', harmless: true, declared: [], found: [] }
const wronged: Trial = { ...spared, found: [other], accused: [other] }
const checks = ['envelope']

test('a trial is told with what was found, what was missed and what was accused', () => {
  expect([caught, missed, accused, spared, wronged].map(tellTrial).join('\n')).toBe(
    [
      'caught  lies                                    envelope at op/404',
      'WRONG   lies',
      '        missed   envelope at op/404',
      'WRONG   lies                                    envelope at op/404, status-code at op/200',
      '        accused  status-code at op/200',
      'spared  slow',
      'ACCUSED slow                                    status-code at op/200',
      '        accused  status-code at op/200',
    ].join('\n'),
  )
})

test.each<[what: string, trials: readonly Trial[], exitCode: number, said: string]>([
  ['all well', [caught, spared], 0, '1 of 1 faults caught where they are, 1 of 1 harmless'],
  ['a fault missed', [caught, missed, spared], 1, '1 of 2 faults caught where they are'],
  ['a fault caught where it is not', [caught, accused], 1, '1 of 2 faults'],
  ['a harmless variant accused', [caught, wronged], 1, '0 of 1 harmless variants spared'],
  ['no check at work', [{ ...caught, declared: [other], found: [other] }], 1, 'IDLE    envelope'],
  ['nothing tried', [], 1, '0 of 0 faults'],
  ['nothing tried but what is harmless', [spared], 1, '0 of 0 faults'],
])('what selftest says of %s', (_, trials, exitCode, said) => {
  const concluded = concludeTrials(trials, checks)
  expect(concluded.exitCode).toBe(exitCode)
  expect(concluded.text).toContain(said)
})
