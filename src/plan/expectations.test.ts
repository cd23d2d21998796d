import { describe, expect, it } from 'vitest'
import { type Document, parseSource, readDocument } from '../document/index.ts'
import { type AssayError, formatPosition } from '../errors.ts'
import { bareSuite, type Roles, type Suite } from '../target/index.ts'
import { type Filter, planExpectations } from './index.ts'

/** The paths begin in line 4. */
const read = async (paths: string): Promise<Document> => {
  const text = `openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n${paths}\ncomponents: {securitySchemes: {key: {type: http, scheme: bearer}}}`
  return readDocument(await parseSource(text, 'api.yaml'))
}

const suiteOf = (operations: Record<string, Roles> = {}): Suite => ({
  ...bareSuite('api.yaml'),
  operations,
})

const responses = (...statuses: string[]) =>
  `{${statuses.map((status) => `'${status}': {description: d}`).join(', ')}}`

/** One DELETE with a path parameter, called \`drop\`. */
const drop = (statuses: string[], rest = 'security: [{key: []}]') =>
  `  /a/{id}: {delete: {operationId: drop, ${rest}, parameters: [{name: id, in: path, required: true}], responses: ${responses(...statuses)}}}`

const two = `${drop(['200', '404'])}
  /b: {get: {operationId: list, responses: ${responses('default', '2XX')}}}`

const ids = (document: Document, suite = suiteOf(), filter: Filter = {}) =>
  planExpectations(document, suite, filter).map(({ id }) => id)

const told = async (paths: string, suite = suiteOf(), filter: Filter = {}) => {
  const document = await read(paths)
  try {
    return planExpectations(document, suite, filter)
  } catch (error) {
    const { code, message, at, hint } = error as AssayError
    return [code, message, at && formatPosition(at), hint]
  }
}

describe('expectations', () => {
  it('are one per documented status, then the laws, in the order of the document', async () => {
    const expectations = planExpectations(await read(two), suiteOf())
    expect(expectations.map(({ id, kind, promised }) => [id, kind, promised])).toEqual([
      ['drop/200', 'response', '/paths/~1a~1{id}/delete/responses/200'],
      ['drop/404', 'response', '/paths/~1a~1{id}/delete/responses/404'],
      ['drop/deleted-stays-deleted', 'law', '/paths/~1a~1{id}/delete'],
      ['list/default', 'response', '/paths/~1b/get/responses/default'],
      ['list/2XX', 'response', '/paths/~1b/get/responses/2XX'],
    ])
  })

  it('of an operation without operationId are called by method and path', async () => {
    const document = await read(`  /b: {get: {responses: ${responses('200')}}}`)
    expect(ids(document)).toEqual(['GET /b/200'])
  })

  const law = 'drop/deleted-stays-deleted'
  const lists = ['list/default', 'list/2XX']

  it.each<[name: string, Filter, left: string[]]>([
    ['an empty filter', { includeOperations: [] }, ['drop/200', 'drop/404', law, ...lists]],
    ['included operations', { includeOperations: ['list'] }, lists],
    ['excluded operations', { excludeOperations: ['drop'] }, lists],
    ['included statuses, without the laws', { includeStatuses: ['404'] }, ['drop/404']],
    ['a law by its id', { includeStatuses: ['deleted-stays-deleted'] }, [law]],
    [
      'excluded statuses',
      { excludeStatuses: ['200', 'deleted-stays-deleted'] },
      ['drop/404', ...lists],
    ],
    [
      'exclusion beats inclusion',
      { includeStatuses: ['200', '404'], excludeStatuses: ['200'] },
      ['drop/404'],
    ],
    [
      'both kinds together',
      { includeOperations: ['list'], includeStatuses: ['2XX'] },
      ['list/2XX'],
    ],
  ])('are filtered: %s', async (_, filter, left) => {
    expect(ids(await read(two), suiteOf(), filter)).toEqual(left)
  })

  it.each<[name: string, paths: string, Suite, Filter, error: unknown[]]>([
    [
      'nothing is left',
      two,
      suiteOf(),
      { includeOperations: ['list'], includeStatuses: ['404'] },
      [
        'PLAN_EMPTY',
        'nothing is left to expect, and an empty run proves nothing',
        undefined,
        'loosen --include-… and --exclude-…; `assay plan` lists what the document promises',
      ],
    ],
    [
      'an operation that promises nothing',
      '  /b: {get: {operationId: list}}',
      suiteOf(),
      {},
      [
        'PLAN_NO_RESPONSES',
        'list documents no response',
        'api.yaml:4:8',
        'document at least one, or leave it out with --exclude-operation "list"',
      ],
    ],
    [
      'a suite that speaks of another operation',
      two,
      suiteOf({ dropp: {} }),
      {},
      [
        'SUITE_OPERATION_UNKNOWN',
        'the document has no operation "dropp"',
        undefined,
        'did you mean "drop"?',
      ],
    ],
    [
      'a suite that names a state for a status that nothing documents',
      two,
      suiteOf({ drop: { existing: { state: 's' }, '409': { state: 's' } } }),
      {},
      [
        'SUITE_INVALID',
        'the suite names a state for "409" of drop, which does not document it',
        undefined,
        'drop documents 200, 404',
      ],
    ],
    [
      'a filter with an unknown operation',
      two,
      suiteOf(),
      { excludeOperations: ['something-else'] },
      [
        'FILTER_UNKNOWN',
        'the document has no operation "something-else"',
        undefined,
        'it has drop, list',
      ],
    ],
    [
      'a filter with an unknown status',
      two,
      suiteOf(),
      { includeStatuses: ['405'] },
      [
        'FILTER_UNKNOWN',
        'the document has no status or law "405"',
        undefined,
        'did you mean "404"?',
      ],
    ],
    [
      'a filter with an unknown law',
      two,
      suiteOf(),
      { excludeStatuses: ['deleted-stays-delete'] },
      [
        'FILTER_UNKNOWN',
        'the document has no status or law "deleted-stays-delete"',
        undefined,
        'did you mean "deleted-stays-deleted"?',
      ],
    ],
  ])('are refused: %s', async (_, paths, suite, filter, error) => {
    expect(await told(paths, suite, filter)).toEqual(error)
  })

  it('leave out an operation that promises nothing where it is excluded', async () => {
    const document = await read(`${two}\n  /c: {get: {operationId: idle}}`)
    expect(ids(document, suiteOf(), { excludeOperations: ['idle'] })).toContain('drop/200')
  })

  it('accept a state for a status that a range or default stands for', async () => {
    for (const statuses of [
      ['200', '4XX'],
      ['200', 'default'],
    ]) {
      const suite = suiteOf({ drop: { '409': { state: 's' } } })
      expect(ids(await read(drop(statuses)), suite)).toContain('drop/200')
    }
  })
})

describe('laws', () => {
  const withKey = suiteOf({ drop: { existing: { state: 's', credential: 'token' } } })
  const stays = 'drop/deleted-stays-deleted'
  const stops = 'drop/deleted-credential-stops-working'
  const form = 'drop/credential-form-is-enforced'
  const any = 'drop/any-id-is-answered'
  const withPath = { existing: { state: 's', path: { id: 'id' } } }
  const onOwn = [
    ...[stays, 'drop/only-the-named-is-deleted', 'drop/one-of-two-deletions-wins'],
    ...['drop/authentication-before-existence', any, 'drop/undocumented-method-does-nothing'],
  ]

  it.each<[name: string, paths: string, Suite, laws: string[]]>([
    ['a key', drop(['200', '401', '404']), withKey, [stays, stops, form, any]],
    ['a resource', drop(['200', '401', '404']), suiteOf({ drop: withPath }), onOwn],
    [
      'a resource that may fail inside',
      drop(['200', '404', '500'], 'security: []'),
      suiteOf({ drop: withPath }),
      [...[...onOwn.slice(0, 3), 'drop/failed-request-can-be-repeated'], ...onOwn.slice(4)],
    ],
    [
      'a resource of another account',
      drop(['200', '404'], 'security: []'),
      suiteOf({ drop: { foreign: { state: 's', path: { id: 'id' } } } }),
      [stays, 'drop/accounts-stay-apart'],
    ],
    [
      'another account whose resource has no id',
      drop(['200', '404'], 'security: []'),
      suiteOf({ drop: { foreign: { state: 's' } } }),
      [stays],
    ],
    [
      'a state that answers no credential',
      drop(['200', '401', '404']),
      suiteOf({ drop: { existing: { state: 's' } } }),
      [stays, any],
    ],
    ['no state', drop(['204', '404']), suiteOf(), [stays]],
    ['ranges', drop(['2XX', '4XX']), withKey, [stays, form, any]],
    ['404 is not documented', drop(['200', '401', '409']), withKey, [any]],
    ['404 is default', drop(['200', '401', 'default']), withKey, [any]],
    ['no success is documented', drop(['401', '404']), withKey, [form, any]],
    ['no security', drop(['200', '401', '404'], 'security: []'), withKey, [stays, any]],
    [
      'optional security',
      drop(['200', '401', '404'], 'security: [{key: []}, {}]'),
      withKey,
      [stays, any],
    ],
    [
      'another method',
      drop(['200', '401', '404']).replace('delete:', 'get:'),
      withKey,
      [form, any],
    ],
    [
      'no path parameter',
      `  /a: {delete: {operationId: drop, security: [{key: []}], responses: ${responses('200', '401', '404')}}}`,
      withKey,
      [],
    ],
  ])('apply exactly when the facts call for them: %s', async (_, paths, suite, laws) => {
    const found = planExpectations(await read(paths), suite)
    expect(found.filter(({ kind }) => kind === 'law').map(({ id }) => id)).toEqual(laws)
  })

  it('show first that a credential works and an unknown one does not, then delete it, then use it, at last on another resource', async () => {
    const [law] = planExpectations(await read(drop(['200', '401', '404'])), withKey, {
      includeStatuses: ['deleted-credential-stops-working'],
    })
    if (law?.kind !== 'law') throw new Error('no law')
    const existing = { state: 's', credential: 'token', path: { id: 'key' } }
    const [script] = law.law.scripts({ ...law.facts, roles: { existing } })
    const { given = [], steps = [] } = script ?? {}
    const key = { kind: 'given', given: 'existing', value: 'token' }
    const nothing = { id: { kind: 'absent', parameter: 'id' } }
    const at = (name: string) => ({ id: { kind: 'given', given: name, value: 'key' } })
    expect(given.map(({ name, role }) => [name, role])).toEqual([
      ['existing', 'existing'],
      ['witness', 'existing'],
    ])
    expect(
      steps.map(({ path, use, expect, refutes }) => [path, use, expect, refutes?.statuses]),
    ).toEqual([
      [nothing, key, ['404'], undefined],
      [nothing, { kind: 'altered', alteration: 'unknown' }, ['401'], undefined],
      [at('existing'), { kind: 'configured' }, ['2XX'], undefined],
      [nothing, key, ['401'], ['2XX', '404', '410']],
      [at('witness'), key, ['401'], ['2XX']],
    ])
  })

  it('delete twice, and expect the second time what stands for 404', async () => {
    for (const [statuses, second] of [
      [['200', '404'], '404'],
      [['200', '4XX'], '4XX'],
    ] as const) {
      const [law] = planExpectations(await read(drop([...statuses])), suiteOf(), {
        includeStatuses: ['deleted-stays-deleted'],
      })
      if (law?.kind !== 'law') throw new Error('no law')
      const roles = { existing: { state: 's', path: { id: 'id' } } }
      const [script] = law.law.scripts({ ...law.facts, roles })
      expect(script?.steps.map((step) => [step.expect, step.refutes?.statuses])).toEqual([
        [['2XX'], undefined],
        [[second], ['2XX']],
      ])
    }
  })
})
