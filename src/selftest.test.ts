import { expect, test } from 'vitest'
import { faults, harmless } from './provider/index.ts'
import { selftest, type Trial } from './selftest.ts'
import { checks } from './verdict/index.ts'

const trials: Trial[] = []
for await (const trial of selftest()) trials.push(trial)

test.each(trials)(
  '$fault: caught where it says, and nothing else accused',
  ({ missed, accused }) => {
    expect({ missed, accused }).toEqual({ missed: [], accused: [] })
  },
)

test('every fault names where it is caught, and every check catches one', () => {
  expect(faults.filter(({ caughtBy }) => caughtBy.length === 0)).toEqual([])
  const earned = new Set(faults.flatMap(({ caughtBy }) => caughtBy.map(({ check }) => check)))
  expect(checks.map(({ id }) => id).filter((id) => !earned.has(id))).toEqual([])
})

test('there are harmless variants, and they name no check', () => {
  expect(harmless.length).toBeGreaterThanOrEqual(12)
  expect(harmless.flatMap(({ caughtBy }) => caughtBy)).toEqual([])
})
