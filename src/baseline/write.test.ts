import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { baselineOf, entry, fail, finding, pass, skip, today } from './fixtures/verdicts.ts'
import { type Entry, loadBaseline, watchBaseline, writeBaseline } from './index.ts'
import { renewEntries } from './renew.ts'

const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
let files = 0

async function write(text: string, change: (entries: readonly Entry[]) => readonly Entry[]) {
  files += 1
  const file = path.join(folder, `known-${files}.yaml`)
  await writeFile(file, text)
  const baseline = await loadBaseline(file, { today, update: true })
  const next = change(baseline.entries)
  const written = await writeBaseline(baseline, next)
  const { entries } = await loadBaseline(file, { today, update: true })
  expect(entries).toEqual(next)
  return { written, text: await readFile(file, 'utf8') }
}

const commented = `# Known to the team of tokens.
baseline: 1

entries:
  # The oldest of all.
  - fingerprint: aaaaaaaaaaaa # since the beginning
    expectation: op/404
    check: envelope
    what: 'quoted'
    targets: [one, two] # both
    owner: team-a
    reason: >
      mended with
      the next release
    expires: 2030-12-31

  # A younger one.
  - { fingerprint: cccccccccccc, expectation: op/404, check: format, targets: [one], owner: team-b, reason: so, expires: 2030-12-31 }
# The end.
`

const fresh = entry({ fingerprint: 'bbbbbbbbbbbb', owner: null, reason: null })

describe('a baseline is written', () => {
  it('with everything that people wrote around its entries', async () => {
    const { text, written } = await write(commented, ([first, second]) => [
      { ...(first as Entry), targets: ['one'] },
      fresh,
      second as Entry,
    ])
    expect(text).toBe(
      commented
        .replace('[one, two]', '[one]')
        .replace('mended with\n      the', 'mended with the')
        .replace('format, targets', 'format, targets')
        .replaceAll(/\{ (.*) \}/g, '{$1}')
        .replace(
          '\n  # A younger one.',
          `  - fingerprint: bbbbbbbbbbbb
    expectation: op/404
    check: envelope
    what: expected false at /success, received true
    targets:
      - one
    owner: null
    reason: null
    expires: 2030-12-31

  # A younger one.`,
        )
        .replace('# The end', '\n# The end'),
    )
    expect(written).toEqual({ added: 1, removed: 0, changed: 1, toFillIn: 1 })
  })

  it('without those that are gone', async () => {
    const { text, written } = await write(commented, ([, second]) => [second as Entry])
    expect(text).not.toContain('aaaaaaaaaaaa')
    expect(text).toContain('# A younger one.\n  - {fingerprint: cccccccccccc')
    expect(written).toEqual({ added: 0, removed: 1, changed: 0, toFillIn: 0 })
  })

  it('not at all where nothing changes', async () => {
    const odd = commented.replace('check: envelope', 'check:    "envelope"')
    const { text, written } = await write(odd, (entries) => entries)
    expect(text).toBe(odd)
    expect(written).toEqual({ added: 0, removed: 0, changed: 0, toFillIn: 0 })
  })

  it.each<[name: string, text: string, mark: string | RegExp]>([
    ['lines that end as on Windows', commented.replaceAll('\n', '\r\n'), /^([^\n]*\r\n)+$/],
    ['a byte order mark, which goes', `\uFEFF${commented}`, /^# Known/],
    ['comments alone', '# nothing yet\n', '# nothing yet'],
    ['nothing', '', 'baseline: 1'],
    ['a flow list', 'baseline: 1\nentries: [] # none\n', '# none'],
    ['JSON', '{"baseline": 1, "entries": []}', /^\{\n {2}"baseline": 1,/],
    [
      'a merge key',
      commented.replace('entries:', 'entries:').replace('owner: team-a', '<<: { owner: team-a }'),
      '<<:',
    ],
  ])('where there is %s', async (_, text, mark) => {
    const written = await write(text, (entries) => [...entries, fresh])
    expect(written.text).toMatch(mark)
  })

  it('plainly where an alias would lose its anchor', async () => {
    const aliased = commented
      .replace('owner: team-a', 'owner: &who team-a')
      .replace('owner: team-b', 'owner: *who')
    const { text } = await write(aliased, ([, second]) => [second as Entry])
    expect(text).toContain('owner: team-a')
    expect(text).not.toContain('*who')
  })

  it('with texts that YAML would read as something else', async () => {
    const { text } = await write('', () => [
      entry({ fingerprint: '123456789012', what: 'no', targets: ['1e3', ': a', '# b', 'null'] }),
    ])
    expect(text).toContain('"123456789012"')
  })

  it('into a folder that is not there yet, and through a link', async () => {
    const file = path.join(folder, 'deep', 'known.yaml')
    await writeBaseline(await loadBaseline(file, { today, update: true }), [fresh])
    const link = path.join(folder, 'link.yaml')
    await symlink(file, link)
    await writeBaseline(await loadBaseline(link, { today, update: true }), [fresh, entry()])
    expect(await readFile(file, 'utf8')).toMatch(/^# yaml-language-server/)
    expect((await loadBaseline(file, { today, update: true })).entries).toHaveLength(2)
    expect((await readdir(path.dirname(file))).sort()).toEqual(['known.yaml'])
  })

  it('or says that it cannot be, and leaves no draft', async () => {
    const place = path.join(folder, 'taken')
    await mkdir(path.join(place, 'known.yaml', 'full'), { recursive: true })
    const file = path.join(place, 'known.yaml')
    await expect(writeBaseline({ ...baselineOf(), file }, [fresh])).rejects.toMatchObject({
      code: 'BASELINE_UNWRITABLE',
    })
    expect(await readdir(place)).toEqual(['known.yaml'])
  })

  it('with five hundred entries', async () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      entry({ fingerprint: `f${index.toString(16).padStart(11, '0')}` }),
    )
    const first = await write('', () => many)
    const again = await write(first.text, (entries) => [...entries.slice(1), fresh])
    expect(again.written).toMatchObject({ added: 1, removed: 1, changed: 0 })
  })
})

describe('the entries after a run', () => {
  const other = finding({ fingerprint: 'bbbbbbbbbbbb', check: 'a', ways: ['401/none: a'] })

  function renew(
    entries: readonly Entry[],
    verdicts: Parameters<ReturnType<typeof open>['take']>[0][],
  ) {
    const watching = open(entries)
    for (const verdict of verdicts) watching.take(verdict)
    return watching.end(['one', 'two']).renewal?.entries
  }
  function open(entries: readonly Entry[]) {
    return watchBaseline({
      baseline: baselineOf(...entries),
      strict: false,
      today,
      isPromised: () => true,
      isTarget: () => true,
      update: true,
    })
  }

  it('hold what was seen, to be filled in, sorted', () => {
    const verdicts = [
      fail([finding(), other], { target: 'two' }),
      fail([other, finding({ level: 'should', fingerprint: 'dddddddddddd' })], { target: 'one' }),
    ]
    const blank = { owner: null, reason: null, expires: '2030-09-13' }
    const what = 'expected false at /success, received true'
    expect(renew([], verdicts)).toEqual([
      entry({
        ...blank,
        fingerprint: 'bbbbbbbbbbbb',
        check: 'a',
        what,
        ways: ['401/none: a'],
        targets: ['one', 'two'],
      }),
      entry({ ...blank, what, targets: ['two'] }),
    ])
    expect(renew([], [...verdicts].reverse())).toEqual(renew([], verdicts))
  })

  it('keep what people said, and gain and lose the targets that were looked at', () => {
    const old = entry({ what: 'ours', targets: ['two', 'one', 'away'], expires: '2030-01-01' })
    const seen = [fail([finding()], { target: 'three' }), pass({ target: 'two' }), skip()]
    expect(renew([old], seen)).toEqual([{ ...old, targets: ['one', 'away', 'three'] }])
  })

  it('lose what is no longer seen anywhere', () => {
    expect(renew([entry()], [pass()])).toEqual([])
    expect(renew([entry()], [skip()])).toEqual([entry()])
  })

  it('gain the steps that met it, unless people said every step', () => {
    const met = [fail([finding({ ways: ['b', 'a'] })])]
    expect(renew([entry({ ways: ['c', 'b'] })], met)?.[0]?.ways).toEqual(['c', 'b', 'a'])
    expect(renew([entry()], met)?.[0]?.ways).toBe(undefined)
  })

  it('say what they are in one line of bearable length', () => {
    const [made] = renewEntries([], {
      sightings: new Map([
        [
          'a',
          {
            first: { ...entry(), expected: 'a', received: `b\n\u001b[2J ${'c'.repeat(500)}` },
            targets: new Set(['one']),
            ways: new Set(),
          },
        ],
      ]),
      unseen: [],
      today,
    })
    expect(made?.what).toMatch(/^expected a, received b \[2J c+…$/)
    expect(made?.what).toHaveLength(201)
  })
})

it('a file that cannot be read by others stays so', async () => {
  const file = path.join(folder, 'private.yaml')
  await writeFile(file, commented)
  await chmod(file, 0o600)
  await writeBaseline(await loadBaseline(file, { today }), [fresh])
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})
