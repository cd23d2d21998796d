import { describe, expect, it } from 'vitest'
import { existing, type Given, planOne } from './fixtures/plan.ts'

const family = (status: string, ...members: string[]) =>
  members.map((member) => `${status}: ${status}/${member}`)

/** The members that fit a bearer token, in order. */
const bearer = (status = '401') =>
  family(
    status,
    'none',
    'empty',
    'prefix-only',
    'no-prefix',
    'wrong-prefix',
    'basic',
    'space-inside',
    'truncated',
    'altered',
    'unknown',
  )

const noWay = (status: string) =>
  `${status}: gap nothing is known that provokes ${status}; the suite can name a provider state for it`

const unsure = 'no value of the path parameter "id" is sure to name nothing'
const open = 'the document lets a request without credential in'
const noState = 'the suite names no "existing" state for it'
const noSingle =
  'the security scheme is none that a single header, query parameter or cookie satisfies'
const page = { name: 'page', in: 'query', required: true }
const body = (content: object) => ({ requestBody: { required: true, content } })

const ofLaw = (probe: string) => `${probe.split('/')[0]}: ${probe}`
const awkward = [
  ...['words', 'numbers', 'percent-encoded', 'unicode', 'short', 'long', 'encoded-twice'],
  ...['bytes', 'malformed', 'quoting', 'paths'],
].map((family) => ofLaw(`any-id-is-answered/${family}`))

describe('a plan', () => {
  it.each<[name: string, Given, lines: string[]]>([
    [
      'a GET whose path has an example',
      {
        id: {
          schema: { type: 'string', format: 'uuid' },
          example: '00000000-0000-4000-a000-000000000001',
        },
      },
      ['200: 200/valid', ...bearer(), '404: 404/absent'],
    ],
    [
      'a GET whose path is one of a list',
      { id: { schema: { enum: ['eu', 'us'] }, example: 'eu' } },
      ['200: 200/valid', `401: gap ${unsure}`, `404: gap ${unsure}`],
    ],
    [
      'a GET whose path only fits a pattern',
      { id: { schema: { type: 'string', pattern: '^t_[a-z]{9}$' } } },
      [
        '200: gap nothing says what the path parameter "id" of a valid request is',
        `401: gap ${unsure}`,
        `404: gap ${unsure}`,
      ],
    ],
    [
      'a GET whose path fits random text only now and then',
      { id: { schema: { type: 'string', pattern: '^[0-9a-f-]*[0-4]$' } }, statuses: ['404'] },
      ['404: 404/absent'],
    ],
    [
      'a GET by a number that may be any',
      { id: { schema: { type: 'integer', minimum: 1 }, example: 7 }, statuses: ['200', '404'] },
      ['200: 200/valid', '404: 404/absent'],
    ],
    [
      'a GET without a path parameter',
      { path: '/a' },
      [
        '200: 200/valid',
        ...bearer(),
        '404: gap the path has no parameter, so nothing can be absent',
      ],
    ],
    [
      'a DELETE with a state',
      { method: 'delete', roles: { existing } },
      [
        '200: 200/valid',
        ...bearer(),
        '404: 404/absent',
        'deleted-stays-deleted: deleted-stays-deleted',
        ...[
          ...['only-the-named-is-deleted/neighbours', 'only-the-named-is-deleted/look-alikes'],
          'only-the-named-is-deleted/wild-look-alikes',
          ...['one-of-two-deletions-wins', 'deleted-credential-stops-working'],
          ...['deleted-credential-stops-working/2', 'deleted-credential-stops-working/3'],
          ...['authentication-before-existence', 'credential-form-is-enforced/elsewhere'],
          ...['credential-form-is-enforced/in-query', 'credential-form-is-enforced/other-case'],
        ].map(ofLaw),
        ...awkward,
        ...['reading', 'writing'].map((name) => ofLaw(`undocumented-method-does-nothing/${name}`)),
      ],
    ],
    [
      'a DELETE without a state, whose example is not ours to delete',
      { method: 'delete', id: { example: 'somebody-elses-thing' } },
      [
        `200: gap ${noState}`,
        ...bearer(),
        '404: 404/absent',
        `deleted-stays-deleted: gap ${noState}`,
      ],
    ],
    [
      'a DELETE whose state fills no path',
      { method: 'delete', statuses: ['200', '404'], roles: { existing: { state: 's' } } },
      [
        '200: gap nothing says what the path parameter "id" of a valid request is',
        '404: 404/absent',
        'deleted-stays-deleted: gap nothing says what the path parameter "id" of a valid request is',
        ...awkward,
      ],
    ],
    [
      'a POST without a path parameter',
      { path: '/a', method: 'post', statuses: ['201', '401', '500'] },
      [
        `201: gap ${noState}`,
        '401: gap without a path parameter, a request let in by mistake would act on what is not ours',
        '500: gap without a fault, the request would act on what is not ours',
      ],
    ],
    [
      'a revoked key',
      { path: '/a', statuses: ['401'], roles: { refused: { state: 'revoked', credential: 'k' } } },
      [...bearer(), '401: 401/revoked'],
    ],
    [
      'the bare form in a header',
      { path: '/a', security: [['header']], statuses: ['401'] },
      family(
        '401',
        'none',
        'empty',
        'bearer',
        'basic',
        'space-inside',
        'truncated',
        'altered',
        'unknown',
      ),
    ],
    ['no security', { path: '/a', security: [], statuses: ['401'] }, [`401: gap ${open}`]],
    [
      'optional security',
      { path: '/a', security: [['bearer'], []], statuses: ['200', '401'] },
      ['200: 200/valid', `401: gap ${open}`],
    ],
    [
      'two credentials together',
      { path: '/a', security: [['bearer', 'app']], statuses: ['401'] },
      [`401: gap ${noSingle}`],
    ],
    [
      'two credentials together, or one alone',
      { path: '/a', security: [['bearer', 'app'], ['oauth']], statuses: ['401'] },
      bearer(),
    ],
    [
      'schemes that are no key',
      { path: '/a', security: [['certificate'], ['digest']], statuses: ['401'] },
      [`401: gap ${noSingle}`],
    ],
    [
      'only 4XX is documented',
      { id: { example: 'abc' }, statuses: ['200', '4XX'] },
      ['200: 200/valid', ...bearer('4XX'), '4XX: 4XX/absent'],
    ],
    [
      'only default is documented',
      { id: { example: 'abc' }, statuses: ['default'] },
      [
        'default: default/valid',
        ...bearer('default'),
        'default: default/absent',
        'default: default/fault-header',
      ],
    ],
    [
      '404 and default are documented',
      { path: '/a', statuses: ['200', '404', 'default'] },
      [
        '200: 200/valid',
        '404: gap the path has no parameter, so nothing can be absent',
        ...bearer('default'),
        'default: default/fault-header',
      ],
    ],
    [
      'two successes are documented',
      { path: '/a', statuses: ['200', '202'] },
      [
        '200: 200/valid',
        '202: gap a valid request gives one success, and another is documented before it',
      ],
    ],
    [
      'a fault state',
      { path: '/a', statuses: ['5XX'], roles: { fault: { state: 'broken' } } },
      ['5XX: 5XX/fault-header', '5XX: 5XX/fault-state'],
    ],
    [
      'what nothing provokes',
      { path: '/a', statuses: ['302', '403', '429'] },
      [noWay('302'), noWay('403'), noWay('429')],
    ],
    [
      'a state that the suite names for a status',
      { statuses: ['200', '409'], id: { example: 'abc' }, roles: { '409': { state: 'busy' } } },
      ['200: 200/valid', '409: 409/state'],
    ],
    [
      'states for a range, beside what is known to provoke it',
      {
        statuses: ['4XX'],
        security: [],
        roles: { '409': { state: 'busy' }, '412': { state: 'old' } },
      },
      ['4XX: 4XX/state-409', '4XX: 4XX/state-412', '4XX: 4XX/absent'],
    ],
    [
      'a state for a success that is documented second',
      { path: '/a', statuses: ['200', '202'], roles: { '202': { state: 'slow' } } },
      ['200: 200/valid', '202: 202/state'],
    ],
    [
      'a required query parameter without example',
      { parameters: [page], id: { example: 'abc' }, statuses: ['200', '401', '404', '500'] },
      ['200', '401', '404', '500'].map(
        (status) =>
          `${status}: gap nothing says what the query parameter "page" of a valid request is`,
      ),
    ],
    [
      'a required query parameter with an example, and an optional one without',
      {
        path: '/a',
        parameters: [
          { ...page, example: 2 },
          { name: 'q', in: 'query' },
        ],
        statuses: ['200'],
      },
      ['200: 200/valid'],
    ],
    [
      'a required body with a JSON example',
      {
        path: '/a',
        statuses: ['200'],
        operation: body({ 'text/csv': {}, 'application/v1+json': { example: {} } }),
      },
      ['200: 200/valid'],
    ],
    [
      'a required body whose only example is no JSON',
      {
        path: '/a',
        statuses: ['200'],
        operation: body({ 'application/xml': { example: '<a/>' }, 'application/json': {} }),
      },
      ['200: gap the document has no example of the JSON body that a valid request needs'],
    ],
  ])('for %s', async (_, given, lines) => {
    expect((await planOne(given)).lines).toEqual(lines)
  })

  it('is the same for every target and time, and holds neither secret nor target', async () => {
    const given: Given = {
      method: 'delete',
      statuses: ['200', '401', '404', '409', '500'],
      form: 'key-{API_KEY}',
      roles: {
        existing,
        refused: { state: 'revoked', credential: 'k' },
        fault: { state: 'broken' },
        '409': { state: 'busy', path: { id: 'id' } },
      },
    }
    const [one, other] = await Promise.all([planOne(given), planOne(given)])
    expect(one.planned).toEqual(other.planned)
    expect(one.probes).toHaveLength(45)
    expect(new Set(one.probes.map(({ id }) => id)).size).toBe(one.probes.length)
    expect(structuredClone(one.probes.map(({ script }) => script))).toEqual(
      one.probes.map(({ script }) => script),
    )
    expect(JSON.stringify(one.probes.map(({ script }) => script))).not.toMatch(
      /https?:|configured-key/,
    )
  })
})

describe('what a probe expects', () => {
  const expectOf = async (given: Given, name: string) =>
    (await planOne(given))
      .probe(name)
      .script.steps.map(({ expect, refutes }) => [expect, refutes?.statuses])

  it.each<[name: string, Given, probe: string, expected: unknown[]]>([
    ['the status itself', {}, '404/absent', [[['404'], undefined]]],
    [
      'any documented success, its own first',
      { path: '/a', statuses: ['200', '202', '2XX'] },
      '200/valid',
      [[['200', '202', '2XX'], undefined]],
    ],
    [
      'of a range none that is listed by itself',
      { statuses: ['4XX', '404', '409'] },
      '4XX/none',
      [[['4XX'], ['404', '409']]],
    ],
    [
      'of default any of the class that is not listed',
      { statuses: ['200', '404', 'default'] },
      'default/none',
      [[['4XX'], ['404']]],
    ],
    [
      'of default alone, a success of a valid request',
      { path: '/a', statuses: ['default'] },
      'default/valid',
      [[['2XX'], undefined]],
    ],
    [
      'of default alone, a failure',
      { statuses: ['default'] },
      'default/fault-header',
      [[['5XX'], undefined]],
    ],
    [
      'of a range, the very code that a state is named for',
      { statuses: ['4XX'], roles: { '409': { state: 's' } } },
      '4XX/state-409',
      [[['409'], undefined]],
    ],
    [
      'that a resource of our own survives a refused request',
      { method: 'delete', roles: { existing } },
      '401/none',
      [
        [['401'], undefined],
        [['401'], undefined],
        [['2XX'], ['404', '410']],
      ],
    ],
  ])('is %s', async (_, given, probe, expected) => {
    expect(await expectOf(given, probe)).toEqual(expected)
  })

  it('of a named state: its resource, its credential, and its name as the reason', async () => {
    const busy = { state: 'the thing is busy', path: { id: 'thing' }, credential: 'key' }
    const { script } = (await planOne({ statuses: ['409'], roles: { '409': busy } })).probe(
      '409/state',
    )
    expect(script.given.map(({ name, role }) => [name, role])).toEqual([['409', '409']])
    expect(script.steps.map(({ path, use, because }) => [path, use, because])).toEqual([
      [
        { id: { kind: 'given', given: '409', value: 'thing' } },
        { kind: 'given', given: '409', value: 'key' },
        'the thing is busy',
      ],
    ])
  })

  it('a refused credential is tried first on nothing, then on a resource of our own only', async () => {
    const { probes } = await planOne({
      method: 'delete',
      roles: { existing, refused: { state: 'revoked', credential: 'k' } },
    })
    const refused = probes.filter(({ expectation }) => expectation.id === 'op/401')
    expect(refused).toHaveLength(11)
    for (const { script } of refused) {
      const kinds = script.steps.map(({ path, use }) => [path.id?.kind, use.kind !== 'configured'])
      expect(kinds).toEqual([
        ['absent', true],
        ['given', true],
        ['given', false],
      ])
    }
  })

  it('what only an example names is no resource of our own', async () => {
    const roles = { existing: { state: 's', credential: 'token' } }
    const { probe } = await planOne({ id: { example: 'abc' }, roles })
    const { given, steps } = probe('401/no-prefix').script
    expect(given.map(({ name }) => name)).toEqual(['existing'])
    expect(steps.map(({ path }) => path.id?.kind)).toEqual(['absent'])
  })

  it('the member "unknown" is made of random text, the others of a throwaway key', async () => {
    const { probes } = await planOne({ method: 'delete', roles: { existing } })
    const family = probes.filter(({ expectation }) => expectation.id === 'op/401')
    const uses = family.flatMap(({ id, script }) => {
      const use = script.steps[0]?.use
      return use?.kind === 'altered' ? [[id.split('/')[2], use.of]] : []
    })
    const random = uses.filter(([, of]) => of === undefined).map(([member]) => member)
    expect(random).toEqual(['unknown'])
    expect(uses[0]?.[1]).toEqual({ given: 'existing', value: 'token' })
  })
})
