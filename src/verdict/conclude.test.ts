import { describe, expect, it } from 'vitest'
import { openWorld } from './fixtures/trace.ts'
import { type Case, conclude, type Outcome, type Sighting, type Verdict } from './index.ts'

const world = await openWorld(`  /a/{id}:
    delete:
      operationId: op
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: d}, '404': {description: d}}`)

const promised = { file: 'api.yaml', line: 1, column: 1 }

const finding = (rest: Partial<Sighting> = {}): Sighting => ({
  check: 'status-code',
  level: 'must',
  cell: 'op/404',
  expected: '404',
  because: ['it is gone'],
  received: '200 OK',
  promised,
  probe: 'op/404/absent',
  reproduce: () => ['curl'],
  fingerprint: '3fa9c104be12',
  ...rest,
})

const outcome = (
  name: string,
  judgement: Partial<Outcome['judgement']> = {},
  trouble?: Outcome['trouble'],
): Outcome => ({
  probe: `op/${name}`,
  cell: `op/${name.split('/')[0]}`,
  judgement: { findings: [], observed: [], ...judgement },
  ...(trouble === undefined ? {} : { trouble }),
})

const seen = (name: string) => outcome(name, { observed: ['op/404'] })
const failed = (reason: string, code?: string) =>
  outcome('404/b', {}, { kind: 'error', reason, ...(code === undefined ? {} : { code }) })
const halted = outcome('404/c', {}, { kind: 'stopped', reason: 'the run was stopped' })
const astray = outcome('404/d', { surprise: { cell: 'op/200', received: '500', fingerprint: 'a' } })
const surprised = outcome('404/e', {
  surprise: { cell: 'op/404', received: '200 OK', fingerprint: '3fa9c104be12' },
  findings: [finding()],
})
const elsewhere = (rest: Partial<Sighting>) => outcome('200/valid', { findings: [finding(rest)] })

const concluded = (rest: Partial<Case>, name = '404'): Verdict =>
  conclude({
    expectation: world.expectation(name),
    target: 'one',
    region: 'eu',
    obstacle: undefined,
    declared: undefined,
    broken: undefined,
    omitted: [],
    outcomes: [],
    strict: false,
    ...rest,
  })

/** The verdict in short: kind, why, how many were observed of how many. */
const short = (verdict: Verdict) =>
  `${verdict.kind === 'skip' ? verdict.why : verdict.kind} ${verdict.observed}/${verdict.planned}`

describe('one expectation on one target', () => {
  const broken = { reason: 'no schema', code: 'SCHEMA_NOT_COMPILED' }

  it.each<[name: string, Partial<Case>, verdict: string]>([
    [
      'passes when all its probes were observed',
      { outcomes: [seen('404/a'), seen('404/b')] },
      'pass 2/2',
    ],
    ['fails by a finding', { outcomes: [seen('404/a'), surprised] }, 'fail 2/2'],
    [
      'fails by a finding of another probe',
      { outcomes: [seen('404/a'), elsewhere({})] },
      'fail 1/1',
    ],
    [
      'passes whatever is filed elsewhere',
      { outcomes: [seen('404/a'), elsewhere({ cell: 'op/200' })] },
      'pass 1/1',
    ],
    [
      'passes beside what is only practice',
      { outcomes: [seen('404/a'), elsewhere({ level: 'should' })] },
      'pass 1/1',
    ],
    [
      'fails by that when strict',
      { strict: true, outcomes: [seen('404/a'), elsewhere({ level: 'should' })] },
      'fail 1/1',
    ],
    [
      'is an error when a probe could not be carried out',
      { outcomes: [seen('404/a'), failed('reset')] },
      'error 1/2',
    ],
    ['fails rather than errs', { outcomes: [surprised, failed('reset')] }, 'fail 1/2'],
    ['errs rather than was stopped', { outcomes: [halted, failed('reset')] }, 'error 0/2'],
    ['errs although nothing of it was planned, by a schema of ours', { broken }, 'error 0/0'],
    [
      'errs by a schema of ours before it fails',
      { broken, outcomes: [elsewhere({})] },
      'error 0/0',
    ],
    ['was stopped', { outcomes: [seen('404/a'), halted] }, 'stopped 1/2'],
    [
      'is unproven when a probe ended at another cell',
      { outcomes: [seen('404/a'), astray] },
      'unproven 1/2',
    ],
    [
      'is unproven when another documented status always came',
      { outcomes: [outcome('404/a', { observed: ['op/200'] })] },
      'unproven 1/1',
    ],
    [
      'passes when another probe met it instead',
      {
        outcomes: [
          outcome('404/a', { observed: ['op/200'] }),
          outcome('200/valid', { observed: ['op/404'] }),
        ],
      },
      'pass 1/1',
    ],
    ['is skipped as declared', { declared: 'no seam' }, 'declared 0/0'],
    [
      'is skipped as declared even where it was met',
      { declared: 'no seam', outcomes: [outcome('200/valid', { observed: ['op/404'] })] },
      'declared 0/0',
    ],
    ['fails in what was declared', { declared: 'no seam', outcomes: [elsewhere({})] }, 'fail 0/0'],
    [
      'passes when it was met although nothing provokes it',
      { obstacle: 'no seam', outcomes: [outcome('200/valid', { observed: ['op/404'] })] },
      'pass 1/1',
    ],
    [
      'is skipped undeclared when nothing provokes it',
      { obstacle: 'no seam', outcomes: [outcome('200/valid', { observed: ['op/200'] })] },
      'undeclared 0/0',
    ],
    ['is skipped undeclared when nothing was planned', {}, 'undeclared 0/0'],
  ])('%s', (_, rest, verdict) => {
    expect(short(concluded(rest))).toBe(verdict)
  })

  it('says of a skip that nobody declares any more until when somebody did', () => {
    const lapsed = { until: '2030-01-01', reason: 'no seam yet' }
    const reason = 'no seam; that it need not be shown was declared until 2030-01-01 (no seam yet)'
    expect(concluded({ obstacle: 'no seam', lapsed })).toMatchObject({ why: 'undeclared', reason })
    expect(short(concluded({ lapsed, outcomes: [seen('404/a')] }))).toBe('pass 1/1')
  })

  it('names the findings at which probes ended, and those that kept it from being shown', () => {
    const mark = { fingerprint: 'a' }
    const { endedBy, troubled } = concluded({ outcomes: [seen('404/a'), astray, astray] })
    expect([endedBy, troubled]).toEqual([[mark], false])
    expect(concluded({ outcomes: [astray] })).toMatchObject({ why: 'unproven', causes: [mark] })
    expect(concluded({ outcomes: [seen('404/a'), failed('a')] }).troubled).toBe(true)
  })

  it('that is broken says what else was not seen', () => {
    const found = outcome('404/x', { observed: ['op/404'], findings: [finding()] })
    const whole = concluded({ outcomes: [found, seen('404/a')] })
    expect(whole).toMatchObject({ kind: 'fail' })
    expect('unseen' in whole).toBe(false)
    expect(concluded({ outcomes: [found, failed('reset')] })).toMatchObject({
      kind: 'fail',
      unseen: { kind: 'error', reasons: ['reset'] },
    })
    expect(concluded({ outcomes: [found, halted] })).toMatchObject({ unseen: { why: 'stopped' } })
    expect(concluded({ outcomes: [found, astray] })).toMatchObject({ unseen: { why: 'unproven' } })
  })

  it('gathers the steps at which a status came that nobody asked for', () => {
    const way = (name: string) => outcome(`404/${name}`, { findings: [finding({ way: name })] })
    const { findings } = concluded({ outcomes: [way('b'), way('a'), way('b')] })
    expect(findings.map(({ ways, times }) => [ways, times])).toEqual([[['a', 'b'], 3]])
  })

  it('as a law passes by its own probe alone', () => {
    const law = 'deleted-stays-deleted'
    const observed = ['op/200', 'op/404']
    expect(short(concluded({ outcomes: [outcome(law, { observed })] }, law))).toBe('pass 1/1')
    expect(short(concluded({ outcomes: [outcome('200/valid', { observed })] }, law))).toBe(
      'undeclared 0/0',
    )
  })

  it('is not skipped silently: it says why', () => {
    const reasons = [
      { declared: 'no seam' },
      { obstacle: 'no fault header' },
      {},
      { outcomes: [astray] },
      { outcomes: [halted] },
      { outcomes: [outcome('404/a')] },
    ].map((rest) => {
      const verdict = concluded(rest)
      return verdict.kind === 'skip' ? verdict.reason : verdict.kind
    })
    expect(reasons).toEqual([
      'no seam',
      'no fault header',
      'no probe of it was planned',
      'a probe of it ended early: 500, which is filed at op/200',
      'the run was stopped before it was shown',
      'the status was never answered, another documented one came instead',
    ])
  })

  it('says each error once, with its codes', () => {
    const outcomes = [failed('reset'), failed('reset'), failed('no state', 'STATE_FAILED')]
    expect(concluded({ outcomes })).toMatchObject({
      reasons: ['reset', 'no state'],
      codes: ['STATE_FAILED'],
    })
  })

  it('carries target, region, and what the target does not get', () => {
    const omitted = [{ probe: 'op/404/x', reason: 'no state' }]
    const verdict = concluded({ omitted, outcomes: [seen('404/a')] })
    expect(verdict).toMatchObject({ target: 'one', region: 'eu', omitted, kind: 'pass' })
  })
})

describe('findings', () => {
  const gathered = (findings: Partial<Sighting>[]) =>
    concluded({ outcomes: [outcome('404/a', { findings: findings.map(finding) })] }).findings.map(
      ({ because, received, times }) => [times, received, because.join(' + ')],
    )

  it.each<[name: string, Partial<Sighting>[], said: unknown[]]>([
    ['that are the same are said once', [{}, {}, {}], [[3, '200 OK', 'it is gone']]],
    ['keep every reason', [{}, { because: ['b'] }, {}], [[3, '200 OK', 'it is gone + b']]],
    [
      'of another status are others',
      [{}, { received: '500' }],
      [
        [1, '200 OK', 'it is gone'],
        [1, '500', 'it is gone'],
      ],
    ],
    [
      'of another expectation are others',
      [{}, { expected: '401' }],
      [
        [1, '200 OK', 'it is gone'],
        [1, '200 OK', 'it is gone'],
      ],
    ],
    [
      'of another check are others',
      [{ because: [] }, { check: 'media-type', because: [] }],
      [
        [1, '200 OK', ''],
        [1, '200 OK', ''],
      ],
    ],
    [
      'of a body are the same by their rule, whatever the body holds',
      ['{"id":1}', '{"id":2}'].map((received) => ({ check: 'body-schema', received, because: [] })),
      [[2, '{"id":1}', '']],
    ],
    [
      'of a body are others by another line of the document',
      [1, 2].map((line) => ({
        check: 'body-schema',
        promised: { ...promised, line },
        because: [],
      })),
      [
        [1, '200 OK', ''],
        [1, '200 OK', ''],
      ],
    ],
  ])('%s', (_, findings, said) => {
    expect(gathered(findings)).toEqual(said)
  })

  it('that are only practice come last', () => {
    const found = (['should', 'must', 'should', 'must'] as const).map((level, index) =>
      finding({ level, expected: String(index) }),
    )
    const { findings } = concluded({ outcomes: [outcome('404/a', { findings: found })] })
    expect(findings.map(({ expected }) => expected)).toEqual(['1', '3', '0', '2'])
  })

  it('do not depend on which probe ended first; those of its own probes come first', () => {
    const by = (name: string) => outcome(name, { findings: [finding({ probe: `op/${name}` })] })
    const outcomes = [by('200/valid'), by('404/z'), by('404/b')]
    for (const each of [outcomes, outcomes.toReversed()]) {
      const { findings } = concluded({ outcomes: each })
      expect(findings).toMatchObject([{ probe: 'op/404/b', times: 3, reproduce: ['curl'] }])
    }
  })
})
