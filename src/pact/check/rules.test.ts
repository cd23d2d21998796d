import { expect, it } from 'vitest'
import { pactRules } from '../index.ts'
import { wrong } from './fixtures/wrong.ts'

it('every rule is earned by a wrong pact, and no wrong pact names a rule that is none', () => {
  const ids = pactRules.map(({ id }) => id)
  const earned = new Set(wrong.flatMap(({ found }) => found.map((each) => each.split(' ')[0])))
  expect([...earned].sort()).toEqual([...ids].sort())
})

it('every case has a name of its own', () => {
  const names = wrong.map(({ it: name }) => name)
  expect(new Set(names).size).toBe(names.length)
})
