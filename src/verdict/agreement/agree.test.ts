import { describe, expect, it } from 'vitest'
import { agree } from './agree.ts'
import { type Answers, gatherAnswers, joinAnswers } from './answers.ts'
import type { Portrait } from './portrait.ts'
import type { Judged } from './standing.ts'

const usual: Portrait = {
  cell: 'op/404',
  status: 404,
  mediaType: 'application/json',
  body: { '': 'object', '/error': 'string', '/more': 'object', '/more/at': 'string' },
  headers: { etag: 'there', 'cache-control': 'no-store' },
}

type Look = Partial<Portrait>

/** What targets `a`, `b`, … answered to one step, each in one way or several. */
function gather(
  looks: readonly (Look | readonly Look[])[],
  { several = false, steps = ['s'] } = {},
): Answers {
  const names = looks.map((_, index) => String.fromCharCode(97 + index))
  const gathering = gatherAnswers(names)
  looks.forEach((look, index) => {
    const ways = Array.isArray(look) ? (look as readonly Look[]) : [look as Look]
    const drawn = steps.flatMap((step) =>
      ways.map((each) => ({
        step,
        several,
        portrait: { ...usual, ...each },
        reproduce: () => [],
      })),
    )
    gathering.note(names[index] ?? '', { id: 'op/404/p', expectation: { id: 'op/404' } }, drawn)
  })
  return gathering.answers()
}

const tell = (answers: Answers, verdicts: readonly Judged[] = []) =>
  agree(answers, verdicts).map(
    ({ aspect, level, odd, answers: heard }) =>
      `${aspect} ${level} ${odd.join('')}: ${heard.map(({ received, targets }) => `${received} in ${targets.join('')}`).join('; ')}`,
  )

const without = (place: string) => ({
  body: Object.fromEntries(Object.entries(usual.body ?? {}).filter(([key]) => key !== place)),
})
const and = (place: string, type: string) => ({ body: { ...usual.body, [place]: type } })

describe('who stands alone', () => {
  it.each<[string, readonly Look[], readonly string[]]>([
    [
      'one of four',
      [{}, { status: 410 }, {}, {}],
      ['status must b: 404 Not Found in acd; 410 Gone in b'],
    ],
    [
      'two of five, alike',
      [{}, { status: 410 }, {}, {}, { status: 410 }],
      ['status must be: 404 Not Found in acd; 410 Gone in be'],
    ],
    [
      'two of five, each otherwise',
      [{}, { status: 410 }, {}, {}, { status: 409 }],
      ['status must be: 404 Not Found in acd; 410 Gone in b; 409 Conflict in e'],
    ],
    [
      'one of two: nobody',
      [{}, { status: 410 }],
      ['status must : 404 Not Found in a; 410 Gone in b'],
    ],
    [
      'two of four: nobody',
      [{}, { status: 410 }, {}, { status: 410 }],
      ['status must : 404 Not Found in ac; 410 Gone in bd'],
    ],
    ['none of four', [{}, {}, {}, {}], []],
    ['a single one', [{ status: 410 }], []],
  ])('%s', (_, looks, told) => expect(tell(gather(looks))).toEqual(told))
})

describe('in what', () => {
  it.each<[string, Look, readonly string[]]>([
    [
      'a type',
      and('/error', 'number'),
      ['shape must b: /error: string in acd; /error: number in b'],
    ],
    [
      'a member that is missing',
      without('/error'),
      ['shape must b: /error: string in acd; no /error in b'],
    ],
    [
      'a member that nobody documented',
      and('/x', 'string, undocumented'),
      ['shape should b: no /x in acd; /x: string in b'],
    ],
    [
      'a type where several may stand',
      and('/error', 'number, open'),
      ['shape should b: /error: string in acd; /error: number in b'],
    ],
    ['all of a part', without('/more'), ['shape must b: /more: object in acd; no /more in b']],
    [
      'the media type',
      { mediaType: 'text/html' },
      ['media-type must b: Content-Type: application/json in acd; Content-Type: text/html in b'],
    ],
    [
      'a media type that nobody documented',
      { mediaType: 'text/html, undocumented' },
      ['media-type should b: Content-Type: application/json in acd; Content-Type: text/html in b'],
    ],
    [
      'headers',
      { headers: { 'cache-control': 'private', location: 'there' } },
      [
        'header should b: cache-control: no-store, etag, no location in acd; cache-control: private, no etag, location in b',
      ],
    ],
    [
      'the status, which makes all else moot',
      { status: 410, mediaType: 'text/html', headers: {}, ...without('/error') },
      ['status must b: 404 Not Found in acd; 410 Gone in b'],
    ],
    ['null, which may be anything', and('/error', 'null'), []],
    ['a list of both types', and('/error', 'number or string'), []],
    ['a header that it cannot show', { headers: { ...usual.headers, etag: 'unsaid' } }, []],
    ['members of what others made', { ...without('/error'), partly: 'data' }, []],
    ['the end of what is too large', { ...without('/error'), partly: 'large' }, []],
  ])('%s', (_, look, told) => expect(tell(gather([{}, look, {}, {}]))).toEqual(told))

  it('lists that are empty, members of maps, and members of some items say nothing', () => {
    const list = { ...usual.body, '/l': 'array', '/l/[]': 'object', '/l/[]/a': 'string' }
    const looks: Look[] = [
      { body: { ...list, '/m': 'object', '/m/{}': 'string' } },
      { body: { ...usual.body, '/l': 'array', '/m': 'object' } },
      {
        body: {
          ...list,
          '/l/[]/a': 'string, sometimes',
          '/l/[]/b': 'string, sometimes',
          '/m': 'object',
        },
      },
    ]
    expect(tell(gather(looks))).toEqual([])
  })

  it('a step that takes several statuses is only frowned on', () => {
    const looks = [{}, { status: 410 }, {}]
    expect(tell(gather(looks, { several: true }))[0]).toMatch(/^status should b/)
  })

  it('a region that answers now this, now that, says nothing', () => {
    const both = [{ headers: {} }, {}]
    expect(tell(gather([{}, {}, both]))).toEqual([])
    expect(tell(gather([{}, {}, [{}, without('/error')]]))).toEqual([])
    expect(tell(gather([{}, {}, [{}, { status: 410 }], without('/error')]))).toHaveLength(1)
  })

  it('is said once, however many steps meet it', () => {
    const steps = Array.from({ length: 40 }, (_, index) => `s${index}`)
    const found = agree(gather([{}, {}, without('/error')], { steps }), [])
    expect(found.map(({ times, step }) => [times, step])).toEqual([[40, 's0']])
  })
})

describe('beside verdicts', () => {
  const odd = { ...without('/error'), headers: {} }
  const judged = (target: string, rest: Partial<Judged>): Judged => ({
    expectation: 'op/404',
    target,
    verdict: 'pass',
    findings: [],
    ...rest,
  })
  const broken = { verdict: 'fail', findings: [{ check: 'envelope', level: 'must' }] } as const

  it('what is broken is not told twice, and outvotes nobody', () => {
    expect(tell(gather([{}, odd, {}]), [judged('b', broken)])).toEqual([])
    expect(
      tell(
        gather([odd, odd, odd, {}]),
        ['a', 'b', 'c'].map((each) => judged(each, broken)),
      ),
    ).toEqual([])
  })

  it('a skip and an error are no answers', () => {
    for (const verdict of ['skip', 'error'] as const)
      expect(tell(gather([{}, odd, {}]), [judged('b', { verdict })])).toEqual([])
  })

  it('what is only practice does not excuse the rest, but is not told twice', () => {
    const practice = { findings: [{ check: 'protocol', level: 'should' }] } as const
    const strict = { ...practice, verdict: 'fail' } as const
    const headers = gather([{}, { headers: {} }, {}])
    expect(tell(gather([{}, odd, {}]), [judged('b', practice)])).toHaveLength(1)
    expect(tell(headers)).toHaveLength(1)
    expect(tell(headers, [judged('b', practice)])).toEqual([])
    expect(tell(headers, [judged('b', strict)])).toEqual([])
  })
})

describe('answers of several runs', () => {
  const looks = [{}, { status: 410 }, without('/error'), {}]

  it('joined, they are what one run would have seen', () => {
    const whole = gather(looks)
    const parts = looks.map((look, index) => {
      const { targets, ...rest } = gather([look])
      return { ...rest, targets: targets.map(() => String.fromCharCode(97 + index)) }
    })
    expect(joinAnswers(parts)).toEqual(whole)
    expect(joinAnswers([whole])).toEqual(whole)
    expect(agree(JSON.parse(JSON.stringify(joinAnswers(parts))), [])).toEqual(agree(whole, []))
  })

  it('do not depend on who came first', () => {
    const names = ['a', 'b', 'c']
    const inOrder = (order: readonly string[]) => {
      const gathering = gatherAnswers(names)
      for (const name of order)
        gathering.note(name, { id: 'p', expectation: { id: 'op/404' } }, [
          {
            step: 's',
            several: false,
            portrait: { ...usual, status: 404 + names.indexOf(name) },
            reproduce: () => [],
          },
        ])
      return gathering.answers()
    }
    expect(inOrder(['c', 'a', 'b'])).toEqual(inOrder(names))
  })
})

it('what differs has a name at each expectation, whichever target is odd and whoever else is asked', () => {
  const names = (looks: readonly Look[]) =>
    agree(gather(looks), []).map(({ fingerprints }) => fingerprints)
  const one = names([{}, { status: 410 }, {}, {}])
  expect(one).toEqual([[expect.stringMatching(/^[0-9a-f]{12}$/)]])
  expect(names([{}, {}, { status: 410 }])).toEqual(one)
  expect(names([{ status: 410 }, {}])).toEqual(one)
  expect(names([{}, { status: 409 }, {}])).not.toEqual(one)
})

describe('a hostile region', () => {
  it('fills no memory with new looks, and says nothing by them', () => {
    const ways = Array.from({ length: 1000 }, (_, index) => and(`/x${index}`, 'string'))
    const answers = gather([{}, ways, {}, {}])
    expect(answers.portraits).toHaveLength(1)
    expect(answers.seen[0]?.by).toEqual([{ portrait: 0, targets: '0,2-3' }])
    expect(tell(answers)).toEqual([])
  })

  it('is told in ten ways, and of the rest that there is more', () => {
    const gathering = gatherAnswers(['a', 'b', 'c'])
    for (let index = 0; index < 1000; index += 1)
      for (const name of ['a', 'b', 'c'])
        gathering.note(name, { id: `op/404/${index}`, expectation: { id: 'op/404' } }, [
          {
            step: 's',
            several: false,
            portrait: { ...usual, ...(name === 'b' ? and(`/x${index}`, 'string') : {}) },
            reproduce: () => ['curl'],
          },
        ])
    const found = agree(gathering.answers(), [], gathering.reproduce)
    expect(found).toHaveLength(11)
    expect(found.at(-1)).toMatchObject({ odd: ['b'], times: 990, fingerprints: [] })
    expect(new Set(found.flatMap(({ fingerprints }) => fingerprints)).size).toBe(10)
  })

  it('of a hundred regions that look alike, one portrait is kept', () => {
    const answers = gather(Array.from({ length: 100 }, () => ({})))
    expect(answers.portraits).toHaveLength(1)
    expect(answers.seen).toEqual([
      {
        expectation: 'op/404',
        probe: 'op/404/p',
        step: 's',
        by: [{ portrait: 0, targets: '0-99' }],
      },
    ])
  })
})
