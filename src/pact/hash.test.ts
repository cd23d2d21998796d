import { expect, test } from 'vitest'
import { hashPact } from './hash.ts'
import type { Interaction, Pact } from './pact.ts'

function pactOf(raw: unknown, changes: Partial<Pact> = {}): Pact {
  const content = { headers: [], body: { kind: 'none' }, rules: {}, generators: {} } as const
  const interaction: Interaction = {
    description: 'd',
    states: [],
    request: { ...content, method: 'GET', path: '/', query: [] },
    response: { ...content, status: 200 },
    pointer: '/interactions/0',
    raw,
  }
  return {
    name: 'a.json',
    consumer: 'c',
    provider: 'p',
    version: 4,
    interactions: [interaction],
    ...changes,
  }
}

test('the order of members does not count, nor where the pact was read from', () => {
  const one = hashPact(pactOf({ a: 1, b: { 10: 'x', 9: [1, { d: 1, c: 2 }] } }))
  const same = { b: { 9: [1, { c: 2, d: 1 }], 10: 'x' }, a: 1 }
  expect(hashPact(pactOf(same, { name: 'b.json' }))).toBe(one)
  expect(one).toMatch(/^[0-9a-f]{64}$/)
})

test('every part of what a pact says counts', () => {
  const raw = { a: [1, 2] }
  const hashes = [
    pactOf(raw),
    pactOf({ a: [2, 1] }),
    pactOf({ a: ['1', 2] }),
    pactOf(raw, { consumer: 'd' }),
    pactOf(raw, { provider: 'q' }),
    pactOf(raw, { version: 3 }),
  ].map(hashPact)
  expect(new Set(hashes).size).toBe(hashes.length)
})
