import { mkdtemp, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { collectReport } from './collect.ts'
import { type Region as Server, serve } from './fixtures/region-server.ts'
import { type Report, renderReport, reportSchema } from './report/index.ts'
import { type RunOptions, run } from './run.ts'
import { compileSchema } from './schema/index.ts'
import { agree, joinAnswers } from './verdict/index.ts'

const document = `openapi: 3.1.0
info: {title: Things, version: '1'}
paths:
  /things/{id}:
    get:
      operationId: readThing
      parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
      responses:
        4XX:
          description: No.
          headers: {X-Shard: {schema: {type: string}}}
          content:
            application/json: {schema: {$ref: '#/components/schemas/Problem'}}
            application/problem+json: {schema: {$ref: '#/components/schemas/Problem'}}
  /quick/{id}:
    get:
      operationId: readQuick
      parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
      responses: {'404': {description: No.}}
components:
  schemas:
    Problem:
      type: object
      required: [title]
      properties:
        title: {type: string}
        detail: {type: [string, 'null']}
        code: {type: [integer, string]}
        at: {type: string, format: date-time}
        causes: {type: array, items: {type: object, properties: {of: {type: string}}}}
        labels: {type: object, additionalProperties: {type: string}}
`

type Answer = {
  readonly status?: number
  readonly type?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly delay?: number
}

const body = {
  title: 'not found',
  detail: 'there is no such thing',
  code: 7,
  at: '2026-11-25T01:02:03Z',
  causes: [{ of: 'a' }, { of: 'b' }],
  labels: { one: 'x' },
}
const headers = { 'cache-control': 'max-age=60', etag: '"a"' }

const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
await writeFile(path.join(folder, 'things.yaml'), document)
const open: Server[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})

function reply(response: ServerResponse, answer: Answer): void {
  const { status = 404, type = 'application/json', delay = 0 } = answer
  const given = { 'content-type': type, ...headers, ...answer.headers }
  const sent = Object.entries(given).filter(([, value]) => value !== '')
  const text = 'body' in answer ? answer.body : body
  setTimeout(() => {
    response.writeHead(status, Object.fromEntries(sent))
    response.end(typeof text === 'string' ? text : JSON.stringify(text))
  }, delay)
}

type Region = Answer | ((url: string, count: number) => Answer)

/** Looks at regions `a`, `b`, …, each of which answers in its way. */
async function look(regions: readonly Region[], options: RunOptions = {}, settings = '') {
  const servers = await Promise.all(
    regions.map((region) => {
      let count = 0
      return serve((response, { url }) => {
        count += 1
        reply(response, typeof region === 'function' ? region(url, count) : region)
      })
    }),
  )
  open.push(...servers)
  const targets = servers.map(
    ({ url }, index) => `  ${String.fromCharCode(97 + index)}: {url: '${url}'}\n`,
  )
  const suite = path.join(folder, `${servers[0]?.url.split(':').at(-1)}.yaml`)
  await writeFile(suite, `document: things.yaml\n${settings}targets:\n${targets.join('')}`)
  const { strict = false } = options
  const filter = { includeOperations: ['readThing'] }
  const report = await collectReport(run({ suite, seed: 1, journal: folder, filter, ...options }), {
    strict,
  })
  return { report, servers }
}

const told = ({ disagreements }: Report) =>
  disagreements.map(
    ({ aspect, level, odd, answers }) =>
      `${aspect} ${level} ${odd.join(',')}: ${answers.map(({ received }) => received).join(' | ')}`,
  )

const changed = (rest: object) => ({ body: { ...body, ...rest } })
const { detail: _detail, ...lacking } = body

/** Ways to answer otherwise that are told, and in which words. */
const otherwise: readonly [odd: Answer, said: string][] = [
  [{ status: 410 }, 'status must: 404 Not Found | 410 Gone'],
  [
    { type: 'application/problem+json' },
    'media-type must: Content-Type: application/json | Content-Type: application/problem+json',
  ],
  [{ body: lacking }, 'shape must: /detail: string | no /detail'],
  [changed({ code: '7' }), 'shape should: /code: number | /code: string'],
  [changed({ trace: { id: 'x' } }), 'shape should: no /trace | /trace: object'],
  [
    {
      headers: { etag: '', 'cache-control': 'no-store', sunset: 'Wed, 25 Nov 2026 01:02:03 GMT' },
    },
    'header should: cache-control: max-age=n, etag, no sunset | cache-control: no-store, no etag, sunset',
  ],
  [{ headers: { 'X-Shard': '1' } }, 'header should: no x-shard | x-shard'],
]

describe('one region that answers otherwise', () => {
  it.each([0, 2, 6])('is named, with what it answers, and said once: %i', async (which) => {
    const [odd = {}, said = ''] = otherwise[which] ?? []
    const { report, servers } = await look([{}, {}, odd, {}])
    expect(told(report)).toEqual([said.replace(':', ' c:')])
    const isRed = said.includes(' must:')
    expect([report.exitCode, report.conclusion]).toEqual(isRed ? [1, 'broken'] : [0, 'conforming'])
    expect(report.verdicts.every(({ verdict }) => verdict === 'pass')).toBe(true)
    expect(report.disagreements[0]?.reproduce.join('\n')).toContain(`'${servers[2]?.url}/things/`)
    expect((await compileSchema(reportSchema))(report)).toEqual([])
  })

  it('is told from others that do so in other ways', async () => {
    const usual = otherwise.map((): Answer => ({}))
    const { report } = await look([...otherwise.map(([odd]) => odd), ...usual, {}, {}])
    const named = otherwise.map(([, said], index) => said.replace(':', ` ${'abcdefg'[index]}:`))
    expect(told(report).sort()).toEqual(named.sort())
  })

  it('what is only practice is red with strict', async () => {
    const { report } = await look([{}, {}, { headers: { etag: '' } }], { strict: true })
    expect([report.exitCode, report.conclusion]).toEqual([1, 'broken'])
  })

  it('a slow operation is told, a region that is far away is not', async () => {
    const slow: Region = (url) => ({ delay: url.startsWith('/things') ? 400 : 0 })
    const { report } = await look([{}, () => ({ delay: 60 }), {}, slow], { filter: {} })
    expect(told(report)).toEqual([
      expect.stringMatching(/^latency should d: within \d+ ms .* \| [34]\d\d ms and more beyond/),
    ])
    expect(report.disagreements[0]?.expectations).toEqual(['readThing/4XX'])
    expect(report.exitCode).toBe(0)
  })
})

describe('regions that differ and agree', () => {
  it('do so in ids, dates, texts, null, order, length, maps, and what no client acts by', async () => {
    const { report } = await look([
      {},
      changed({ title: 'nope', code: 8, at: '2027-01-01T00:00:00Z' }),
      changed({ detail: null }),
      { body: Object.fromEntries(Object.entries(body).reverse()) },
      changed({ causes: [{ of: 'c' }] }),
      changed({ causes: [] }),
      changed({ causes: [{ of: 'a' }, {}] }),
      changed({ labels: { other: 'x', more: 'y' } }),
      changed({ '9f86d081884c7d65': { a: 1 }, 'a@b.example': 'x' }),
      { type: 'Application/JSON; charset=utf-8' },
      { headers: { etag: 'W/"b"', 'cache-control': 'Max-Age=5' } },
      { headers: { server: 'b', 'x-served-by': 'edge', via: '1.1 b', vary: 'Origin' } },
    ])
    expect([told(report), report.exitCode]).toEqual([[], 0])
    expect(report.tally).toMatchObject({ pass: 12 })
  })

  it('one region alone has nothing to be compared with, and can be joined later', async () => {
    const alone = await look([{}])
    expect(told(alone.report)).toEqual([])
    const other = await look([{}, { status: 410 }])
    const renamed = { ...alone.report.answers, targets: ['z'] } as NonNullable<Report['answers']>
    const all = joinAnswers([renamed, other.report.answers as typeof renamed])
    const found = agree(all, [...alone.report.verdicts, ...other.report.verdicts])
    expect(found).toMatchObject([{ aspect: 'status', odd: ['b'] }])
  })
})

describe('who is accused', () => {
  it('of two regions nobody, and both are named', async () => {
    const { report } = await look([{}, { status: 410 }])
    expect(report.disagreements).toMatchObject([
      {
        odd: [],
        answers: [
          { received: '404 Not Found', targets: ['a'] },
          { received: '410 Gone', targets: ['b'] },
        ],
      },
    ])
    expect(report.exitCode).toBe(1)
  })

  it('of five the two that are alike', async () => {
    const { report } = await look([{}, { status: 410 }, {}, { status: 410 }, {}])
    expect(told(report)).toEqual(['status must b,d: 404 Not Found | 410 Gone'])
  })

  it('of four halves nobody', async () => {
    const { report } = await look([{}, { status: 410 }, { status: 410 }, {}])
    expect(report.disagreements.map(({ odd }) => odd)).toEqual([[]])
  })

  it('nobody who is told anyway, and what is broken is no majority', async () => {
    const wrong: Answer = { body: { detail: 'no title' } }
    const { report } = await look([wrong, {}, wrong, wrong])
    expect(told(report)).toEqual([])
    expect(report.tally).toMatchObject({ pass: 1, fail: 3 })
  })

  it('nobody who gave no answer', async () => {
    const { report } = await look([{}, { status: 429 }, {}], { targets: { patience: 0 } })
    expect(told(report)).toEqual([])
  })
})

describe('what a hostile region sends', () => {
  it('is looked at only so far, and no name of a member is told that may be a credential', async () => {
    const secret = 'sk-live-0123456789abcdef0123456789abcdef'
    const wide = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`m${index}`, index]),
    )
    let deep: object = {}
    for (let level = 0; level < 500; level += 1) deep = { inner: deep }
    const { report } = await look([{}, changed({ [secret]: 1, wide, deep }), {}, {}])
    expect(JSON.stringify(report)).not.toContain(secret)
    expect(JSON.stringify(report.answers).length).toBeLessThan(20_000)
    expect(told(report).every((each) => / should b: /.test(each))).toBe(true)
  })

  it('a new look with each answer says nothing', async () => {
    const restless: Region = (_, count) =>
      changed({ [`x${'abcdefghijklmnopqrstuvwxyz'[count] ?? ''}`]: 1 })
    const { report } = await look([{}, restless, {}, {}])
    expect(told(report)).toEqual([])
    expect(report.answers?.portraits).toHaveLength(1)
  })
})

describe('what each region runs', () => {
  const runsOf = ({ targets }: Report) => targets.map(({ runs }) => runs)
  const byHeader = 'defaults: {version: {header: X-Version}}\n'
  const byPath = "defaults: {version: {path: '/version?full', pointer: /build/version}}\n"

  it('is read from the header of any answer, and stands beside a disagreement', async () => {
    const newer: Region = { headers: { 'x-version': '1.5.0' } }
    const older: Region = { headers: { 'X-Version': '1.4.2' }, body: lacking }
    const { report } = await look([newer, older, newer, newer], {}, byHeader)
    expect(runsOf(report)).toEqual([['1.5.0'], ['1.4.2'], ['1.5.0'], ['1.5.0']])
    const text = await renderReport('console', report, { color: false })
    expect(text).toContain('\nruns 1.5.0 in a, c, d (3 of 4)\nruns 1.4.2 in b (1 of 4)\n')
    expect(text).toContain('runs      1.5.0 in a, c, d\n                1.4.2 in b\n')
    for (const format of ['markdown', 'junit', 'github', 'json'] as const)
      expect(await renderReport(format, report, { color: false }), format).toContain('1.4.2')
  })

  it('may be several versions during a rollout', async () => {
    const rolling: Region = (_, count) => ({ headers: { 'x-version': count % 2 ? '1' : '2' } })
    const { report } = await look([rolling], {}, byHeader)
    expect(runsOf(report)).toEqual([['1', '2']])
    expect(report.remarks).toEqual([
      { target: 'a', text: 'it ran several versions meanwhile: 1, 2' },
    ])
    expect(report.exitCode).toBe(0)
  })

  it('is asked for once at the path that the suite names, in production too', async () => {
    const region: Region = (url) =>
      url.startsWith('/version') ? { status: 200, body: { build: { version: 7 } } } : {}
    const settings = byPath.replace('{version', '{safety: production, version')
    const { report, servers } = await look([region, region], {}, settings)
    expect(runsOf(report)).toEqual([['7'], ['7']])
    for (const { heard } of servers) {
      const asked = heard.filter(({ url }) => url === '/version?full')
      expect(asked.map(({ method }) => method)).toEqual(['GET'])
      expect(report.requests).toBe(heard.length * 2)
    }
    const text = await renderReport('console', report, { color: false })
    expect(text).toContain('\nruns 7 in every region\n')
  })

  it.each<[why: string, answer: Answer, remark: RegExp]>([
    ['it answers otherwise', { status: 503 }, /unknown: GET \/version\?full: it answered 503$/],
    [
      'it has no such member',
      { status: 200, body: {} },
      /nothing stands at \/build\/version of it$/,
    ],
    ['it is no JSON', { status: 200, body: 'v7' }, /nothing stands at \/build\/version of it$/],
  ])('is unknown where %s, which is a remark', async (_, answer, remark) => {
    const region: Region = (url) => (url.startsWith('/version') ? answer : {})
    const { report } = await look([region], {}, byPath)
    expect([runsOf(report), report.exitCode]).toEqual([[[]], 0])
    expect(report.remarks).toMatchObject([{ target: 'a', text: expect.stringMatching(remark) }])
  })

  it('is not told where nobody asked, and unknown where no answer has the header', async () => {
    const silent = await look([{}])
    expect([runsOf(silent.report), silent.report.remarks]).toEqual([[undefined], []])
    const { report } = await look([{}], {}, byHeader)
    expect(report.remarks[0]?.text).toBe(
      'what it runs is unknown: none of its answers has the header X-Version',
    )
  })
})
