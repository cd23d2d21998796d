import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { AssayError, formatPosition } from '../errors.ts'
import { compileSchema } from '../schema/index.ts'
import { today } from './fixtures/verdicts.ts'
import { baselineSchema, type LoadBaselineOptions, loadBaseline } from './index.ts'

const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))

async function load(text: string | Buffer, options: LoadBaselineOptions = {}) {
  await writeFile(path.join(folder, 'known.yaml'), text)
  return loadBaseline('known.yaml', { base: folder, today, ...options })
}

/** How a text is refused: code, line and column, message, hint. */
async function refusal(text: string | Buffer, options?: LoadBaselineOptions) {
  try {
    await load(text, options)
    return 'read'
  } catch (error) {
    if (!(error instanceof AssayError)) throw error
    const { code, message, hint } = error
    const at = error.at && formatPosition(error.at).replace(/^.*known\.yaml:/, '')
    return [code, at, message, hint].filter((each) => each !== undefined).join(' | ')
  }
}

const lines = {
  fingerprint: 'aaaaaaaaaaaa',
  expectation: 'op/404',
  check: 'envelope',
  targets: '[one]',
  owner: 'team-a',
  reason: 'mended soon',
  expires: '2030-12-31',
}

/** A baseline of one entry whose lines are replaced by others; `undefined` takes one away. */
function file(rest: Readonly<Record<string, string | undefined>> = {}): string {
  const members = Object.entries({ ...lines, ...rest }).filter(([, value]) => value !== undefined)
  const [first, ...others] = members.map(([name, value]) => `${name}: ${value}`)
  return [
    'baseline: 1',
    'entries:',
    `  - ${first}`,
    ...others.map((line) => `    ${line}`),
    '',
  ].join('\n')
}

describe('a baseline is read', () => {
  it.each<[name: string, text: string | Buffer]>([
    ['as YAML', file()],
    ['with lines ended as on Windows', file().replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\uFEFF${file()}`],
    [
      'as JSON',
      JSON.stringify({ baseline: 1, entries: [{ ...lines, targets: ['one'] }], $schema: 'x' }),
    ],
    [
      'with anchors and merge keys',
      file({ owner: '&who team-a' }).replace('  - ', '  - <<: &shared { check: format }\n    '),
    ],
  ])('%s', async (_, text) => {
    const { entries } = await load(text)
    expect(entries.map(({ owner, check, targets }) => ({ owner, check, targets }))).toEqual([
      { owner: 'team-a', check: 'envelope', targets: ['one'] },
    ])
  })

  it('with no entry', async () => {
    expect((await load('baseline: 1\nentries: []')).entries).toEqual([])
  })

  it('up to a year ahead', async () => {
    expect(await refusal(file({ expires: '2031-06-16' }))).toBe('read')
    expect(await refusal(file({ expires: '2031-06-17' }))).toBe(
      'BASELINE_INVALID | 9:5 | the entry aaaaaaaaaaaa expires on 2031-06-17, more than a year ahead | name a day up to 2031-06-16; what is meant to stay is a matter of the document',
    )
  })

  it('with ten thousand entries, each found where it stands', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      JSON.stringify({
        ...lines,
        fingerprint: index.toString(16).padStart(12, '0'),
        targets: ['a'],
      }),
    )
    const text = `{"baseline": 1, "entries": [\n${many.join(',\n')}\n]}`
    const { entries, positionOf } = await load(text)
    const last = entries.at(-1)
    expect([entries.length, last && positionOf(last).line]).toEqual([10_000, 10_001])
  })
})

describe('a baseline is refused', () => {
  const shape = 'an editor that knows schemas/baseline.schema.json shows what may stand here'

  it.each<[name: string, text: string, said: string]>([
    [
      'owner: nothing',
      file({ owner: 'null' }),
      'BASELINE_INVALID | 7:5 | the entry aaaaaaaaaaaa has no owner | say who sees to it',
    ],
    [
      'owner: blank',
      file({ owner: '" "' }),
      'BASELINE_INVALID | 7:5 | the entry aaaaaaaaaaaa has no owner | say who sees to it',
    ],
    [
      'owner: absent',
      file({ owner: undefined }),
      'BASELINE_INVALID | 3:5 | the entry aaaaaaaaaaaa has no owner | say who sees to it',
    ],
    [
      'reason: nothing',
      file({ reason: '~' }),
      'BASELINE_INVALID | 8:5 | the entry aaaaaaaaaaaa has no reason | say why it is left as it is',
    ],
    [
      'expires: nothing',
      file({ expires: '' }),
      'BASELINE_INVALID | 9:5 | the entry aaaaaaaaaaaa has no expires | say until which day, such as 2030-12-31',
    ],
    [
      'expires: no day',
      file({ expires: '2030-02-30' }),
      `BASELINE_INVALID | 9:5 | expected a value in the format "date", received "2030-02-30" | ${shape}`,
    ],
    [
      'expires: in words',
      file({ expires: 'soon' }),
      `BASELINE_INVALID | 9:5 | expected a value in the format "date", received "soon" | ${shape}`,
    ],
    [
      'a misspelt key',
      file({ owner: undefined, ownr: 'a' }),
      'BASELINE_UNKNOWN_KEY | 9:5 | "ownr" is no key of "entries.0" | did you mean "owner"?',
    ],
    [
      'another key',
      `${file()}entrie: 1\n`,
      'BASELINE_UNKNOWN_KEY | 10:1 | "entrie" is no key of a baseline | did you mean "entries"?',
    ],
    [
      'no target',
      file({ targets: '[]' }),
      `BASELINE_INVALID | 6:5 | expected at least 1 item, received a list | ${shape}`,
    ],
    [
      'a short fingerprint',
      file({ fingerprint: 'aaa' }),
      `BASELINE_INVALID | 3:5 | expected text that matches ^[0-9a-f]{12}$, received "aaa" | ${shape}`,
    ],
    [
      'a fingerprint that YAML reads as a number',
      file({ fingerprint: '123456789012' }),
      `BASELINE_INVALID | 3:5 | expected string, received 123456789012 | ${shape}`,
    ],
    [
      'no version',
      file().replace('baseline: 1\n', ''),
      `BASELINE_INVALID | 1:1 | expected property "baseline" (required), received a mapping | ${shape}`,
    ],
    ['a list', '- a', `BASELINE_INVALID | 1:1 | expected object, received a list | ${shape}`],
    [
      'one key twice',
      `${file()}    owner: b\n`,
      'SOURCE_DUPLICATE_KEY | 10:5 | the key "owner" stands twice in one mapping | keep one of them; the first stands at',
    ],
    ['no YAML', 'a: [', 'SOURCE_SYNTAX'],
    ['nothing', '# no entries\n', 'SOURCE_EMPTY'],
    [
      'one fingerprint twice',
      file() + file().replace(/^.*\n.*\n/, ''),
      'BASELINE_INVALID | 10:5 | the entry aaaaaaaaaaaa stands twice | keep one of them, with the targets of both; the first stands in line 3',
    ],
    [
      'aliases that expand without end',
      `a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 9 }, (_, index) => `a${index + 1}: &a${index + 1} [${Array(10).fill(`*a${index}`).join(', ')}]`).join('\n')}\n`,
      'SOURCE_ALIAS_BOMB',
    ],
  ])('%s', async (_, text, said) => {
    expect(await refusal(text)).toContain(said)
  })

  it('when it does not exist, with a way to get one', async () => {
    await expect(loadBaseline('none.json', { base: folder })).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      hint: '--baseline-update writes one',
    })
    await expect(loadBaseline('knwon.yaml', { base: folder })).rejects.toMatchObject({
      hint: expect.stringContaining('known.yaml'),
    })
  })
})

describe('a baseline that is to be written', () => {
  const update = true

  it('need not exist, nor hold anything', async () => {
    const absent = await loadBaseline('none.json', { base: folder, update })
    expect([absent.entries, absent.isNew]).toEqual([[], true])
    expect((await load('# nothing yet\n', { update })).entries).toEqual([])
  })

  it('may lack what people fill in, and nothing else', async () => {
    const blank = { owner: 'null', reason: '""', expires: undefined }
    expect((await load(file(blank), { update })).entries).toMatchObject([
      { owner: null, reason: null, expires: null },
    ])
    expect(await refusal(file({ ...blank, check: undefined }), { update })).toContain('"check"')
  })
})

it('the published schema asks for what is asked for here', async () => {
  const conforms = await compileSchema(baselineSchema)
  const whole = (rest: object) => ({
    baseline: 1,
    entries: [{ ...lines, targets: ['one'], ...rest }],
  })
  const bad = [{ owner: null }, { owner: ' ' }, { reason: '' }, { expires: null }, { extra: 1 }]
  expect(conforms(whole({ ways: ['a'], what: 'b' }))).toEqual([])
  expect(bad.map((rest) => conforms(whole(rest)).length)).toEqual(bad.map(() => 1))
})
