import { describe, expect, it } from 'vitest'
import { type Operation, parseSource, readDocument } from '../document/index.ts'
import {
  isProtected,
  matchesStatus,
  pathFromGiven,
  pathToNothing,
  type Step,
  statusesNamed,
  statusNamed,
  weigh,
} from './index.ts'

const read = async (operation: object): Promise<Operation> => {
  const root = {
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths: operation,
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
  }
  const [found] = readDocument(await parseSource(JSON.stringify(root), 'api.json')).operations
  if (found === undefined) throw new Error('no operation')
  return found
}

const withStatuses = (...statuses: string[]) =>
  read({
    '/a': {
      get: { responses: Object.fromEntries(statuses.map((each) => [each, { description: 'd' }])) },
    },
  })

describe('a status pattern', () => {
  it.each<[documented: string[], pattern: string, status: number, matches: boolean]>([
    [['200'], '200', 200, true],
    [['200'], '200', 201, false],
    [['200'], '2XX', 204, true],
    [['200'], '2XX', 300, false],
    [['200', '4XX'], '4XX', 404, true],
    [['200', '4XX'], '404', 404, true],
    [['200', 'default'], 'default', 418, true],
    [['200', 'default'], 'default', 200, false],
    [['4XX', 'default'], 'default', 404, false],
    [['200'], 'default', 404, false],
  ])('where %j is documented: %s and %i', async (documented, pattern, status, matches) => {
    expect(matchesStatus(await withStatuses(...documented), pattern, status)).toBe(matches)
  })

  it.each<[documented: string[], pattern: string, named: string | undefined, shown: string[]]>([
    [['200', '404'], '404', '404', ['404']],
    [['200', '4XX'], '404', '4XX', ['404']],
    [['200', '202', '404'], '2XX', '200', ['200', '202']],
    [['200', '2XX'], '2XX', '2XX', ['2XX']],
    [['409', 'default'], '404', 'default', ['404']],
    [['409', 'default'], '5XX', 'default', ['5XX']],
    [['default'], 'default', 'default', ['default']],
    [['200', '409'], '404', undefined, ['404']],
    [['200'], '4XX', undefined, ['4XX']],
  ])('where %j is documented, %s names %s', async (documented, pattern, named, shown) => {
    const operation = await withStatuses(...documented)
    expect(statusNamed(operation, pattern)).toBe(named)
    expect(statusesNamed(operation, pattern)).toEqual(shown)
  })

  it('weighs what a step says of it: refuted, expected, allowed, frowned on, in this order', async () => {
    const operation = await withStatuses('200', '404')
    const step = {
      operation,
      expect: ['404', '410'],
      refutes: { statuses: ['2XX', '410'], because: 'b' },
      allows: ['414', '404'],
      frownsOn: { statuses: ['4XX'], because: 'b' },
    } as unknown as Step
    expect([200, 410, 404, 414, 400, 500].map((status) => weigh(step, status))).toEqual([
      ...['refutes', 'refutes', 'expected', 'allowed', 'frowned-on', 'surprises'],
    ])
    expect(weigh({ operation, expect: ['404'] } as unknown as Step, 200)).toBe('surprises')
  })
})

describe('a path', () => {
  const at = (method: string, examples: Record<string, unknown>) =>
    read({
      '/orgs/{org}/a/{id}': {
        [method]: {
          parameters: ['org', 'id'].map((name) => ({
            name,
            in: 'path',
            required: true,
            ...(name in examples ? { example: examples[name] } : {}),
          })),
          responses: {},
        },
      },
    })
  const given = { kind: 'given', given: 'existing', value: 'key' }
  const text = (value: string) => ({ kind: 'text', text: value })
  const absent = (parameter: string) => ({ kind: 'absent', parameter })

  it.each<[name: string, method: string, examples: object, mapping: object, path: object]>([
    ['from the state', 'delete', {}, { org: 'key', id: 'key' }, { org: given, id: given }],
    [
      'the parent by its example',
      'delete',
      { org: 'acme' },
      { id: 'key' },
      { org: text('acme'), id: given },
    ],
    [
      'nothing by an example alone, for it is not ours',
      'delete',
      { org: 'acme', id: 7 },
      {},
      { org: absent('org'), id: absent('id') },
    ],
    [
      'all by examples, to read',
      'get',
      { org: 'acme', id: 7 },
      {},
      { org: text('acme'), id: text('7') },
    ],
    [
      'no example that is no text',
      'get',
      { org: '', id: ['a'] },
      {},
      { org: absent('org'), id: absent('id') },
    ],
  ])('is filled: %s', async (_, method, examples, mapping, path) => {
    const operation = await at(method, examples as Record<string, unknown>)
    expect(pathFromGiven(operation, 'existing', mapping as Record<string, string>)).toEqual(path)
  })

  it('to nothing is filled with the names of nothing', async () => {
    const operation = await at('get', { org: 'acme' })
    expect(pathToNothing(operation)).toEqual({ org: absent('org'), id: absent('id') })
  })
})

it('a request must show a credential where no alternative does without', async () => {
  const securities = [[], [{ key: [] }], [{ key: [] }, {}], [{}]]
  const found = await Promise.all(
    securities.map(async (security) => isProtected(await read({ '/a': { get: { security } } }))),
  )
  expect(found).toEqual([false, true, false, false])
})
