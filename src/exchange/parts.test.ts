import { expect, test } from 'vitest'
import { Secret } from '../target/index.ts'
import type { Response } from './exchange.ts'
import { coverParts } from './parts.ts'

const key = 'abcdefghijklmnopqrstuvwxyz0123456789'
const secrets = [new Secret('$KEY', `key-${key}`)]

function cover(body: string, address = 'http://h/a') {
  const response: Response = {
    status: 200,
    headers: [['X-A', body]],
    body: Buffer.from(body),
    disclosed: [],
  }
  const covered = coverParts(response, secrets, address)
  return {
    text: Buffer.from(covered.body).toString(),
    header: covered.headers[0]?.[1],
    disclosed: covered.disclosed,
  }
}

test.each([
  ['its beginning', `for ${key.slice(0, 14)}…`, 'for ***…'],
  ['its middle', `<${key.slice(9, 22)}>`, '<***>'],
  ['its end', `…${key.slice(-12)}`, '…***'],
  ['two of them', `${key.slice(0, 12)} ${key.slice(20)}`, '*** ***'],
])('a run of twelve characters is a part of a credential: %s', (_, body, text) => {
  const covered = cover(body)
  expect([covered.text, covered.header]).toEqual([text, text])
  expect(new Set(covered.disclosed.map(({ where, extent }) => `${extent} ${where}`))).toEqual(
    new Set(['part body', 'part header X-A']),
  )
})

test('fewer characters are chance, and what the address names is known already', () => {
  expect(cover(`ends in ${key.slice(-8)}`)).toMatchObject({ disclosed: [] })
  expect(cover(`no ${key.slice(0, 14)}`, `http://h/a/${key.slice(0, 14)}`)).toMatchObject({
    disclosed: [],
  })
})
