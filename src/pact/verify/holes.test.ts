import { expect, test } from 'vitest'
import { Secret } from '../../target/index.ts'
import { fillJson, fillText, makeHole, withoutValues } from './holes.ts'

const id = makeHole('id', 'a/b')
const token = makeHole('token', new Secret('{existing.token}', 'tok-1'))
const other = makeHole('apiKey', new Secret('$KEY', 'key-2'))

test('a value goes into a text as that text wants it', () => {
  expect(fillText(`/x/${id.placeholder}/y`, [id], encodeURIComponent)).toBe('/x/a%2Fb/y')
  expect(fillText('/x', [id])).toBe('/x')
})

test('a text that holds a secret is one, and is called by the names of what it holds', () => {
  const filled = fillText(`${id.placeholder} ${token.placeholder} ${other.placeholder}`, [
    id,
    token,
    other,
  ])
  if (!(filled instanceof Secret)) throw new Error('it is no secret')
  expect(filled.name).toBe('a/b {existing.token} $KEY')
  const texts: string[] = []
  filled.derive('', (text) => {
    texts.push(text)
    return text
  })
  expect(texts).toEqual(['a/b tok-1 key-2'])
})

test('JSON is filled in its texts, and in the numbers that stand for one', () => {
  const number = makeHole('n', '7')
  const body = {
    a: [`${id.placeholder}!`],
    n: Number(number.placeholder),
    m: 1,
    t: token.placeholder,
  }
  const filled = fillJson(body, [id, number, token]) as Record<string, unknown>
  expect([filled.a, filled.n, filled.m]).toEqual([['a/b!'], 7, 1])
  expect(filled.t).toBeInstanceOf(Secret)
})

test('what people read holds names in the place of values, and short ones only as words', () => {
  const short = makeHole('n', '7')
  const text = `17 and 7, a/b, a%2Fb, ${token.placeholder}`
  expect(withoutValues(text, [id, short, token])).toBe('17 and {n}, {id}, {id}, {token}')
})
