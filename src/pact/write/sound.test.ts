import { beforeAll, expect, test } from 'vitest'
import { areKept, type Question, shapeOf } from './fixtures/say.ts'
import { shapes } from './fixtures/shapes.ts'

type Answer = { readonly name: string; readonly body: unknown; readonly isKept: boolean }

const answers: Answer[] = []

beforeAll(async () => {
  const asked: (Question & { readonly name: string })[] = []
  for (const [name, { schema, good, bad }] of Object.entries(shapes)) {
    const shape = await shapeOf(schema)
    if (shape === undefined) throw new Error(`nothing is promised of ${name}`)
    for (const body of [shape.example, ...good, ...bad]) asked.push({ name, shape, body })
  }
  const kept = await areKept(asked)
  for (const [index, { name, body }] of asked.entries())
    answers.push({ name, body, isKept: kept[index] ?? false })
}, 120_000)

test.each(Object.keys(shapes))('a pact of %s takes every answer that conforms', (name) => {
  const own = answers.filter((answer) => answer.name === name)
  const bad = shapes[name]?.bad ?? []
  const refused = own.filter(({ body, isKept }) => !isKept && !bad.includes(body))
  expect(own.length).toBeGreaterThan(bad.length)
  expect(refused.map(({ body }) => body)).toEqual([])
})

test.each(Object.keys(shapes))('a pact of %s refuses what it is not', (name) => {
  const bad = shapes[name]?.bad ?? []
  const own = answers.filter((answer) => answer.name === name && bad.includes(answer.body))
  expect(own.length).toBeGreaterThan(0)
  expect(own.filter(({ isKept }) => isKept).map(({ body }) => body)).toEqual([])
})
