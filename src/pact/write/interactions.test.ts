import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { prepare } from '../../prepare.ts'
import { loadSuite, parseForm, type Suite } from '../../target/index.ts'
import type { WrittenInteraction } from './interactions.ts'
import { planInteractions } from './interactions.ts'

const file = fileURLToPath(new URL('fixtures/library-suite.yaml', import.meta.url))

let interactions: readonly WrittenInteraction[]
let unwritten: readonly string[]

async function plan(change: (suite: Suite) => Suite = (suite) => suite) {
  const { promises, planned } = await prepare({ suite: file })
  const suite = change(await loadSuite(file))
  return planInteractions(planned, { suite, promises })
}

beforeAll(async () => {
  const planned = await plan()
  interactions = planned.interactions
  unwritten = planned.unwritten.map(({ expectation, reason }) => `${expectation.id}: ${reason}`)
})

function named(id: string): WrittenInteraction {
  const found = interactions.find(({ description }) => description.startsWith(`${id}:`))
  if (found === undefined) throw new Error(`no interaction is called ${id}`)
  return found
}

test('each documented status is an interaction, or told with its reason', () => {
  expect(interactions.map(({ description }) => description.split(':')[0])).toEqual([
    'listBooks/200/valid',
    'listBooks/4XX/none',
    'addBook/201/valid',
    'addBook/409/state',
    'readBook/200/valid',
    'readBook/404/absent',
    'dropBook/204/valid',
    'dropBook/404/absent',
    'dropBook/503/state',
  ])
  expect(unwritten).toEqual([
    'listBooks/default: only a fault header provokes it, which is a matter of each target',
  ])
})

test('a request holds what the document asks of every request, as its examples give it', () => {
  const { request } = named('listBooks/200/valid')
  expect(request.query).toEqual([
    ['limit', { example: '2' }],
    ['tag', { example: 'new' }],
    ['tag', { example: 'red' }],
  ])
  expect(request.headers).toEqual([
    ['Accept', { example: 'application/vnd.library+json, application/problem+json' }],
    ['X-Trace', { example: 't-1' }],
    ['Authorization', { example: 'Bearer example-api-key', expression: 'Bearer ${apiKey}' }],
  ])
  expect(named('addBook/201/valid').request.body).toEqual({
    value: { title: 'Emma', isbn: '9780141439587' },
    mediaType: 'application/json',
  })
})

test('a path is filled with what a state answers, and its example conforms to its schema', () => {
  const { states, request } = named('readBook/200/valid')
  expect(states).toEqual([{ name: 'a book exists', params: { name: 'assay-contract' } }])
  expect(request.path.expression).toBe('/books/${bookId}')
  expect(request.path.example).toMatch(/^\/books\/[0-9a-f]{32}$/)
})

test('the name of nothing comes from its state, where the suite has one, else from the schema alone', () => {
  expect(named('readBook/404/absent').states).toEqual([{ name: 'no book has this id', params: {} }])
  expect(named('readBook/404/absent').request.path.expression).toBe('/books/${bookId}')
  const { states, request } = named('dropBook/404/absent')
  expect(states).toEqual([])
  expect(request.path).toEqual({ example: expect.stringMatching(/^\/books\/[0-9a-f]{32}$/) })
})

test('under a range any code of its class will do, and its example is the one that is aimed at', () => {
  const { response } = named('listBooks/4XX/none')
  expect(response.status).toBe(401)
  expect(response.rules.status).toEqual([
    ['$', { combine: 'AND', matchers: [{ match: 'statusCode', status: 'clientError' }] }],
  ])
  expect(named('readBook/404/absent').response.rules.status).toBeUndefined()
})

test('a request without credential is written without one', () => {
  const names = named('listBooks/4XX/none').request.headers.map(([name]) => name)
  expect(names).toEqual(['Accept', 'X-Trace'])
})

test('required headers of an answer are written with what their schemas say, others are not', () => {
  const { headers, rules } = named('addBook/201/valid').response
  expect(headers[1]).toEqual(['Location', expect.stringMatching(/^\/books\/[0-9]+$/)])
  expect(rules.header[1]).toEqual([
    'Location',
    { combine: 'AND', matchers: [{ match: 'type' }, { match: 'regex', regex: '^/books/[0-9]+$' }] },
  ])
  expect(named('listBooks/200/valid').response.headers.map(([name]) => name)).toEqual([
    'Content-Type',
    'X-Total',
  ])
})

test('of several media types the one that is JSON is written, and an answer without content has none', () => {
  expect(named('listBooks/200/valid').response.body?.mediaType).toBe('application/vnd.library+json')
  expect(named('dropBook/204/valid').response).toEqual({
    status: 204,
    headers: [],
    rules: { header: [], body: [] },
  })
})

test('what the provider answers only when it fails inside stands apart', () => {
  expect(interactions.filter(({ needsFault }) => needsFault)).toEqual([named('dropBook/503/state')])
})

test('no two interactions have the same description', () => {
  const descriptions = interactions.map(({ description }) => description)
  expect(new Set(descriptions).size).toBe(descriptions.length)
})

test('a credential that a state answers is taken from there, and the configured one has another name then', async () => {
  const planned = await plan((suite) => ({
    ...suite,
    form: parseForm('lib-{KEY}'),
    operations: {
      ...suite.operations,
      readBook: {
        existing: { state: 'a book exists', path: { id: 'bookId' }, credential: 'apiKey' },
      },
    },
  }))
  const request = planned.interactions.find(({ description }) =>
    description.startsWith('readBook/200'),
  )?.request
  expect(request?.headers).toContainEqual([
    'Authorization',
    { example: 'lib-example-configured-api-key', expression: 'lib-${configuredApiKey}' },
  ])
})
