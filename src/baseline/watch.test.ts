import { describe, expect, it } from 'vitest'
import type { Disagreement, Verdict } from '../verdict/index.ts'
import { baselineOf, entry, error, fail, finding, pass, skip, today } from './fixtures/verdicts.ts'
import { type Entry, type WatchOptions, watchBaseline } from './index.ts'

function watch(
  entries: readonly Entry[],
  verdicts: readonly Verdict[],
  rest?: Partial<WatchOptions>,
) {
  const watching = watchBaseline({
    baseline: baselineOf(...entries),
    strict: false,
    today,
    isPromised: () => true,
    isTarget: () => true,
    ...rest,
  })
  const taken = verdicts.map((verdict) => watching.take(verdict))
  const targets = [...new Set(verdicts.map(({ target }) => target))]
  return { taken, outcome: watching.end(targets) }
}

const said = ({ outcome: { known, expired, unseen } }: ReturnType<typeof watch>) => ({
  known,
  expired: expired.map(({ fingerprint, target }) => `${fingerprint[0]} ${target}`),
  unseen: unseen.map(({ fingerprint, target }) => `${fingerprint[0]} ${target}`),
})

const isKnown = (verdict: Verdict | undefined) => verdict?.kind === 'fail' && verdict.known === true
const other = finding({ fingerprint: 'bbbbbbbbbbbb' })
const nothing = { known: 0, expired: [], unseen: [] }

describe('a finding', () => {
  it('is known with an owner, a reason and an expiry, and stays a failure', () => {
    const { taken, outcome } = watch([entry()], [fail([finding()])])
    expect(taken).toMatchObject([
      {
        kind: 'fail',
        known: true,
        findings: [
          {
            known: {
              owner: 'team-a',
              reason: 'mended with the next release',
              expires: '2030-12-31',
            },
          },
        ],
      },
    ])
    expect(outcome).toEqual({ file: 'known.yaml', ...nothing, known: 1 })
  })

  it('is new in a further region, and says where it is known', () => {
    const run = watch([entry()], [fail([finding()]), fail([finding()], { target: 'two' })])
    expect(run.taken.map(isKnown)).toEqual([true, false])
    expect(run.taken[1]?.findings[0]?.notKnown).toBe('it is known in one alone')
    expect(said(run)).toEqual({ ...nothing, known: 1 })
  })

  it('beside a known one of the same cell keeps the cell red', () => {
    const run = watch([entry()], [fail([finding(), other])])
    expect(run.taken.map(isKnown)).toEqual([false])
    expect(run.taken[0]?.findings.map(({ known }) => known?.owner)).toEqual(['team-a', undefined])
  })

  it('is new at a step that is not listed; without a list every step is', () => {
    const ways = ['401/none: a', '401/basic: a']
    const met = fail([finding({ ways })])
    const listing = (listed?: string[]) => watch([entry(listed && { ways: listed })], [met])
    expect(
      [listing(), listing([...ways, '401/b: c']), listing(ways.slice(1))].map(({ taken }) =>
        isKnown(taken[0]),
      ),
    ).toEqual([true, true, false])
    expect(listing(ways.slice(1)).taken[0]?.findings[0]?.notKnown).toBe(
      'it is known elsewhere, not at 401/none: a',
    )
  })

  it('that is only practice needs no entry, unless practice is red', () => {
    const practice = finding({ level: 'should' })
    const lax = watch([entry()], [pass({ findings: [practice] })])
    expect(lax.taken[0]?.findings).toEqual([practice])
    expect(said(lax)).toEqual(nothing)
    const strict = watch([entry()], [fail([practice])], { strict: true })
    expect([isKnown(strict.taken[0]), said(strict).known]).toEqual([true, 1])
  })

  it.each<Partial<Entry>>([{ owner: null }, { reason: null }, { expires: null }])(
    'is not known while nobody answers for it: %j',
    (rest) => {
      const { taken } = watch([entry(rest)], [fail([finding()])], { update: true })
      expect(isKnown(taken[0])).toBe(false)
      expect(taken[0]?.findings[0]?.notKnown).toContain('says not yet')
    },
  )
})

describe('an entry', () => {
  it.each([
    ['the day before', '2030-06-14', false],
    ['today', '2030-06-15', true],
    ['tomorrow', '2030-06-16', true],
  ])('that expires %s (%s) holds: %s', (_, expires, holds) => {
    const run = watch([entry({ expires })], [fail([finding()])])
    expect(run.taken.map(isKnown)).toEqual([holds])
    expect(said(run)).toEqual(holds ? { ...nothing, known: 1 } : { ...nothing, expired: ['a one'] })
    if (!holds)
      expect([run.outcome.expired[0]?.reason, run.outcome.expired[0]?.at]).toEqual([
        'its entry in the baseline expired on 2030-06-14 (team-a): mend it, or renew the entry',
        'known.yaml:3:5',
      ])
  })

  it('is no longer seen where its cell passed or failed without it', () => {
    for (const verdict of [pass(), fail([other])]) {
      const run = watch([entry()], [verdict])
      expect(said(run)).toEqual({ ...nothing, unseen: ['a one'] })
      expect(run.outcome.unseen[0]?.reason).toBe('no longer seen: remove it (--baseline-update)')
    }
  })

  it('is told region by region', () => {
    const both = entry({ targets: ['one', 'two'] })
    const run = watch([both], [fail([finding()]), pass({ target: 'two' })])
    expect(said(run)).toEqual({ known: 1, expired: [], unseen: ['a two'] })
  })

  it.each<[name: string, Verdict[]]>([
    ['filtered out', [pass({ cell: 'op/200' })]],
    ['on another target', [pass({ target: 'two' })]],
    ['an error', [error()]],
    ['skipped', [skip()]],
    ['declared', [skip({ why: 'declared' })]],
    ['stopped', [skip({ why: 'stopped' })]],
    ['where a probe of the operation was in trouble', [pass({ troubled: true })]],
    [
      'where a probe ended at something new',
      [pass({ endedBy: [{ fingerprint: 'cccccccccccc' }] })],
    ],
  ])('is left alone where its cell was %s', (_, verdicts) => {
    expect(said(watch([entry()], verdicts))).toEqual(nothing)
  })

  it('is no longer seen where a probe ended at what is listed, expired or not', () => {
    const surprise = entry({ fingerprint: 'cccccccccccc', expectation: 'op/401', expires: today })
    const endedBy = [{ fingerprint: 'cccccccccccc' }]
    expect(said(watch([entry(), surprise], [pass({ endedBy })])).unseen).toEqual(['a one'])
    expect(
      said(watch([entry(), { ...surprise, expires: '2030-01-01' }], [pass({ endedBy })])).unseen,
    ).toEqual(['a one'])
  })

  it('that expired is red wherever its cell was looked at, and nowhere else', () => {
    const over = entry({ expires: '2030-01-01' })
    expect(said(watch([over], [error()])).expired).toEqual(['a one'])
    expect(said(watch([over], [pass({ cell: 'op/200' })]))).toEqual(nothing)
  })

  it('of what nobody promises any more, or of no target of the suite, is to be removed', () => {
    const gone = watch([entry()], [pass({ cell: 'op/200' })], { isPromised: () => false })
    expect(gone.outcome.unseen.map(({ reason }) => reason)).toEqual([
      'nothing promises op/404 any more: remove it (--baseline-update)',
    ])
    const away = watch([entry({ targets: ['eu'] })], [pass()], {
      isTarget: (name) => name === 'one',
    })
    expect(away.outcome.unseen.map(({ reason }) => reason)).toEqual([
      'the suite has no target "eu": remove it (--baseline-update)',
    ])
  })

  it('of another shard, whose targets are elsewhere, is left alone', () => {
    const elsewhere = entry({ targets: ['two'] })
    expect(said(watch([elsewhere], [pass()], { isPromised: () => false }))).toEqual(nothing)
  })
})

describe('what could not be shown', () => {
  it('beside what is known is an error all the same', () => {
    const unseen = { kind: 'error', reasons: ['no answer came'], codes: [] } as const
    const broken: Verdict = { ...fail([finding()]), kind: 'fail', unseen }
    const [verdict] = watch([entry()], [broken]).taken
    expect(verdict).toMatchObject(unseen)
    expect(verdict?.findings).toMatchObject([{ known: { owner: 'team-a' } }])
    const [other] = watch([entry({ targets: ['two'] })], [broken]).taken
    expect(other).toMatchObject({ kind: 'fail', unseen })
  })

  const cause = { fingerprint: 'aaaaaaaaaaaa', way: '404/absent: a' }
  const unproven = (...causes: (typeof cause)[]) =>
    skip({ why: 'unproven', reason: 'a probe of it ended early', causes }, { cell: 'op/law' })

  it('because of known findings alone counts as declared with them', () => {
    const { taken } = watch([entry()], [unproven(cause)])
    expect(taken).toMatchObject([
      {
        kind: 'skip',
        why: 'declared',
        reason:
          'a probe of it ended early, known until 2030-12-31: mended with the next release (team-a)',
      },
    ])
  })

  it.each<[name: string, Entry[], Verdict]>([
    [
      'because of something new',
      [entry()],
      unproven(cause, { ...cause, fingerprint: 'dddddddddddd' }),
    ],
    ['at a step that is not listed', [entry({ ways: ['another'] })], unproven(cause)],
    ['because of what is known elsewhere', [entry({ targets: ['two'] })], unproven(cause)],
    ['because of what has expired', [entry({ expires: '2030-01-01' })], unproven(cause)],
    ['for no reason that is a finding', [entry()], unproven()],
    ['for want of means', [entry()], skip({ why: 'undeclared', causes: [cause] })],
    ['because it was stopped', [entry()], skip({ why: 'stopped', causes: [cause] })],
  ])('%s stays red', (_, entries, verdict) => {
    expect(watch(entries, [verdict]).taken).toMatchObject([
      { why: (verdict as Verdict & { kind: 'skip' }).why },
    ])
  })
})

it('errors are never known', () => {
  expect(watch([entry()], [error({ findings: [finding()] })]).taken).toMatchObject([
    { kind: 'error' },
  ])
})

it('two parts of a run add up to the whole', () => {
  const entries = [
    entry({ targets: ['one', 'two'] }),
    entry({ fingerprint: 'bbbbbbbbbbbb', targets: ['one', 'two'], expires: '2030-01-01' }),
    entry({ fingerprint: 'eeeeeeeeeeee', targets: ['one', 'two'] }),
  ]
  const on = (target: string) => [fail([finding(), other], { target })]
  const [whole, one, two] = [[...on('one'), ...on('two')], on('one'), on('two')].map((verdicts) =>
    said(watch(entries, verdicts)),
  )
  const sorted = (rows: readonly string[] = []) => [...rows].sort()
  expect(whole?.known).toBe((one?.known ?? 0) + (two?.known ?? 0))
  for (const list of ['expired', 'unseen'] as const) {
    expect(sorted(whole?.[list])).toEqual(sorted([...(one?.[list] ?? []), ...(two?.[list] ?? [])]))
    expect(whole?.[list]).toHaveLength(2)
  }
})

describe('a way in which targets differ', () => {
  const aspect = 'status'
  const expectation = pass().expectation.id
  const differs: Disagreement = {
    aspect,
    level: 'must',
    fingerprints: ['dddddddddddd'],
    expectations: [expectation],
    odd: ['one'],
    answers: [
      { received: '404 Not Found', targets: ['two', 'three'] },
      { received: '410 Gone', targets: ['one'] },
    ],
    reproduce: [],
    times: 1,
  }
  const listed = entry({ fingerprint: 'dddddddddddd', check: 'region-agreement', targets: ['one'] })
  const all = ['one', 'two', 'three']
  const passes = all.map((target) => pass({ target }))

  function compare(found: readonly Disagreement[], rest?: Partial<WatchOptions>) {
    const watching = watchBaseline({
      baseline: baselineOf(listed),
      strict: false,
      today,
      isPromised: () => true,
      isTarget: () => true,
      ...rest,
    })
    for (const verdict of passes) watching.take(verdict)
    return { told: found.map(watching.takeDisagreement), outcome: watching.end(all) }
  }

  it('is known by every target that it is held against', () => {
    const { told, outcome } = compare([differs])
    expect(told).toMatchObject([{ known: { owner: 'team-a' } }])
    expect(outcome).toMatchObject({ known: 1, unseen: [] })
  })

  it('is new where a further target stands alone', () => {
    const odd = ['one', 'three']
    expect(compare([{ ...differs, odd }]).told).toMatchObject([
      { notKnown: 'it is known in one alone' },
    ])
  })

  it('is new where it shows at a further expectation, and where it stands for many', () => {
    const expectations = [expectation, 'other/200']
    const fingerprints = ['dddddddddddd', 'eeeeeeeeeeee']
    expect(compare([{ ...differs, expectations, fingerprints }]).told).toMatchObject([
      { notKnown: 'it is not known at other/200' },
    ])
    const [rest] = compare([{ ...differs, fingerprints: [] }]).told
    expect(rest?.known).toBe(undefined)
  })

  it('is no longer seen once they agree, but not where a shard cannot compare them', () => {
    expect(compare([]).outcome.unseen).toMatchObject([{ target: 'one' }])
    expect(compare([], { isPart: true }).outcome.unseen).toEqual([])
  })

  it('goes into a baseline that is updated', () => {
    const { outcome } = compare([{ ...differs, fingerprints: ['eeeeeeeeeeee'] }], { update: true })
    expect(outcome.renewal?.entries).toMatchObject([
      {
        fingerprint: 'eeeeeeeeeeee',
        check: 'region-agreement',
        expectation,
        targets: ['one'],
        what: 'expected 404 Not Found, received 410 Gone',
      },
    ])
  })

  it('is left alone where it is mere practice', () => {
    expect(compare([{ ...differs, level: 'should' }]).told).toEqual([
      { ...differs, level: 'should' },
    ])
  })
})
