import { format, inspect } from 'node:util'
import { expect, test } from 'vitest'
import { bareKey, formed, parseForm, reveal, revealAll, Secret } from './index.ts'

const text = 'aKxq7TT0mZ'
const secret = new Secret('$API_KEY', text)

test.each<[string, () => string]>([
  ['String', () => String(secret)],
  ['a template', () => `${secret}`],
  ['JSON', () => JSON.stringify({ secret, list: [secret] })],
  ['inspect', () => inspect({ deep: { secret } }, { depth: 9, showHidden: true })],
  ['inspect in the raw', () => inspect(secret, { customInspect: false, showHidden: true })],
  ['format', () => format('%s %o %j', secret, secret, secret)],
  ['an error message', () => new Error(`no ${secret}`, { cause: secret }).message],
  [
    'its own members',
    () => JSON.stringify(Object.entries(Object.getOwnPropertyDescriptors(secret))),
  ],
  ['a copy', () => inspect(structuredClone(secret), { showHidden: true })],
])('the text of a secret is not in %s', (_, print) => {
  expect(print()).not.toContain(text)
})

test('a secret prints as ***, and its name and its text can be had', () => {
  expect([`${secret}`, secret.name, reveal(secret)]).toEqual(['***', '$API_KEY', text])
})

test('a derived secret has a name and a text of its own', () => {
  const derived = secret.derive('reversed', (each) => [...each].reverse().join(''))
  expect([derived.name, reveal(derived), `${derived}`]).toEqual(['reversed', 'Zm0TT7qxKa', '***'])
})

test('the parts of a secret are revealed with it', () => {
  expect(revealAll(new Secret('Bearer $KEY', 'Bearer abc', ['abc']))).toEqual(['Bearer abc', 'abc'])
})

const forms: [string, string, string, string][] = [
  ['key-{API_KEY}', 'abc', 'abc', 'key-abc'],
  ['key-{API_KEY}', 'key-abc', 'abc', 'key-abc'],
  ['{KEY}', 'abc', 'abc', 'abc'],
  ['<{KEY}>', '<abc>', 'abc', '<abc>'],
  ['<{KEY}>', 'abc', 'abc', '<abc>'],
]

test.each(forms)('the form %s takes a key %s with or without it', (form, key, bare, whole) => {
  const parsed = parseForm(form)
  expect(reveal(bareKey(parsed, new Secret('$K', key)))).toBe(bare)
  const written = formed(parsed, new Secret('$K', key))
  expect([reveal(written), written.name]).toEqual([whole, form.replace(/\{.*\}/, '$$K')])
})
