import { expect, it } from 'vitest'
import { describeAnswer } from './describe-answer.ts'

const answer = (body: string, type = 'application/json; charset=utf-8') => ({
  status: 404,
  headers: [['Content-Type', type] as const],
  body: Buffer.from(body),
  disclosed: [],
})

it.each<[body: string, said: string]>([
  ['{"b":"x","a":1}', '404 application/json {a: number, b: string}'],
  ['{"a":2,"b":"other"}', '404 application/json {a: number, b: string}'],
  ['{"a":null,"b":[1,"x",2]}', '404 application/json {a: null, b: [number, string]}'],
  ['{"a":{"c":true}}', '404 application/json {a: {c: boolean}}'],
  ['"x"', '404 application/json string'],
  ['<p>', '404 application/json text'],
  ['', '404 application/json'],
])('%s is said by status, media type and members, not by texts', (body, said) => {
  expect(describeAnswer(answer(body))).toBe(said)
})
