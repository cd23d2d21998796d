import { expect, test } from 'vitest'
import { parseSource } from '../document/index.ts'
import { hashPact } from './hash.ts'
import { readPact } from './read.ts'

async function hashOf(text: string): Promise<string> {
  return hashPact(readPact(await parseSource(text, 'a.json')))
}

function pact(parts: Readonly<Record<string, string>> = {}): string {
  const {
    consumer = '"c"',
    provider = '"p"',
    version = '"3.0.0"',
    body = '{ "a": [1, 2] }',
    metadata = '{}',
    rest = '',
  } = parts
  return `{ "consumer": { "name": ${consumer} }, "provider": { "name": ${provider} }, ${rest}
    "interactions": [{ "description": "d", "request": { "method": "GET", "path": "/" },
      "response": { "status": 200, "body": ${body} } }],
    "metadata": { "pactSpecification": { "version": ${version} }, "library": ${metadata} } }`
}

test('the order of members does not count, nor who wrote the pact, nor what a broker adds', async () => {
  const one = await hashOf(
    pact({ body: '{ "a": 1, "b": { "10": "x", "9": [1, { "d": 1, "c": 2 }] } }' }),
  )
  const body = '{ "b": { "9": [1, { "c": 2, "d": 1 }], "10": "x" }, "a": 1 }'
  expect(await hashOf(pact({ body, metadata: '"2.0"', rest: '"_links": {},' }))).toBe(one)
  expect(one).toMatch(/^[0-9a-f]{64}$/)
})

test('every part of what a pact says counts', async () => {
  const messages = '"messages": [{ "description": "m" }],'
  const parts = [
    {},
    { body: '{ "a": [2, 1] }' },
    { body: '{ "a": ["1", 2] }' },
    { consumer: '"d"' },
    { provider: '"q"' },
    { version: '"4.0"' },
    { rest: messages },
  ]
  const hashes = await Promise.all(parts.map((each) => hashOf(pact(each))))
  expect(new Set(hashes).size).toBe(hashes.length)
})
