import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Creation, openJournal, openJournalFile, readJournals } from './index.ts'
import { type Appendable, createJournal } from './journal.ts'

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'assay-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

const creation = (name: string): Creation => ({
  target: 't',
  baseUrl: 'http://h',
  state: 's',
  name,
  key: name,
  params: { name },
  at: 1,
  within: 2,
})

async function openIn(place: string): Promise<readonly Creation[]> {
  return (await readJournals(place)).journals.flatMap((each) => each.open)
}

test('a journal lists what was made and not released, with what was answered', async () => {
  const place = path.join(folder(), 'deep', 'er')
  const journal = openJournal(place, 'run1')
  await Promise.all(['a', 'b', 'c'].map((name) => journal.creating(creation(name))))
  await journal.created('b', { id: '1' }, true)
  await journal.released('a')
  await journal.close()
  const { journals, unread } = await readJournals(place)
  expect(unread).toEqual([])
  expect(journals).toEqual([
    {
      file: path.join(place, 'run1.jsonl'),
      run: 'run1',
      pid: process.pid,
      life: 'lives',
      open: [
        { ...creation('b'), values: { id: '1' }, known: 'complete' },
        { ...creation('c'), values: {}, known: 'sent' },
      ],
    },
  ])
})

test('a journal is a file that only its owner reads, made with the first creation', async () => {
  const place = folder()
  const journal = openJournal(place, 'run1')
  expect(readdirSync(place)).toEqual([])
  await journal.creating(creation('a'))
  await journal.close()
  expect(statSync(path.join(place, 'run1.jsonl')).mode & 0o777).toBe(0o600)
})

test('a line is on disk when its write resolves, however many are written at once', async () => {
  const place = folder()
  const journal = openJournal(place, 'run1')
  const read = () => readFileSync(path.join(place, 'run1.jsonl'), 'utf8')
  const names = Array.from({ length: 200 }, (_, index) => `n${index}-`)
  await Promise.all(
    names.map(async (name, index) => {
      await new Promise((resolve) => setTimeout(resolve, index % 7))
      await journal.creating(creation(name))
      expect(read()).toContain(`"name":"${name}"`)
      await journal.released(name)
      expect(read()).toContain(`"event":"released","key":"${name}"`)
    }),
  )
  await journal.close()
  expect(await openIn(place)).toEqual([])
})

/** A journal on a file that takes its time, notes what it is told and fails when it is to. */
function slowJournal(failsAt = Number.POSITIVE_INFINITY) {
  const told: string[] = []
  const tell = async (what: string) => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (told.push(what) === failsAt) throw new Error('EIO')
  }
  const file: Appendable = {
    appendFile: (text) => tell(String(text)),
    datasync: () => tell('sync'),
    close: () => tell('close'),
  }
  return { told, journal: createJournal('here', async () => file) }
}

test('lines that are written at once go to disk together, in one append and one sync', async () => {
  const { told, journal } = slowJournal()
  await Promise.all(Array.from({ length: 100 }, (_, index) => journal.released(`a${index}`)))
  const more = Array.from({ length: 100 }, (_, index) => journal.released(`b${index}`))
  await Promise.all(more)
  await journal.close()
  expect(told.map((each) => each.match(/"key":"[ab]/g)?.length ?? each)).toEqual([
    100,
    'sync',
    100,
    'sync',
    'close',
  ])
})

test('lines that come while others are written wait for the next turn, and resolve with it', async () => {
  const { told, journal } = slowJournal()
  const first = journal.released('a')
  await new Promise((resolve) => setTimeout(resolve, 2))
  const second = journal.released('b')
  await first
  expect(told).toHaveLength(2)
  await second
  expect(told.map((each) => /"key":"(.)"/.exec(each)?.[1] ?? each)).toEqual([
    'a',
    'sync',
    'b',
    'sync',
  ])
})

test.each([1, 2])(
  'after a write that failed at its step %d no line follows, for it may be torn',
  async (step) => {
    const { told, journal } = slowJournal(step)
    const failed = journal.creating(creation('a'))
    await new Promise((resolve) => setTimeout(resolve, 2))
    const waiting = journal.creating(creation('b'))
    for (const write of [failed, waiting, journal.creating(creation('c'))]) {
      await expect(write).rejects.toMatchObject({ code: 'JOURNAL_UNWRITABLE' })
    }
    await journal.close()
    expect(told.filter((each) => /creating/.test(each))).toHaveLength(1)
  },
)

test.each<[string, (file: string) => void]>([
  ['is torn', (file) => appendFileSync(file, '{"event":"creating","key":"to')],
  ['is no JSON', (file) => appendFileSync(file, 'x\n')],
  ['is JSON of another kind', (file) => appendFileSync(file, 'null\n5\n"a"\n[]\n')],
  ['is empty', (file) => appendFileSync(file, '\n\n')],
])('a line that %s is passed over, and those written after it are not', async (_, spoil) => {
  const place = folder()
  const first = openJournal(place, 'run1')
  await first.creating(creation('a'))
  await first.creating(creation('b'))
  await first.close()
  const file = path.join(place, 'run1.jsonl')
  spoil(file)
  expect((await openIn(place)).map(({ name }) => name)).toEqual(['a', 'b'])
  const again = openJournalFile(file)
  await again.released('a')
  await again.close()
  expect((await openIn(place)).map(({ name }) => name)).toEqual(['b'])
})

test('journals are read in order, and what is no journal is not', async () => {
  const place = folder()
  for (const run of ['b', 'a']) {
    const journal = openJournal(place, run)
    await journal.creating(creation(run))
    await journal.close()
  }
  writeFileSync(path.join(place, 'notes.txt'), 'x')
  for (const name of ['c.jsonl', 'other.jsonl', 'empty.jsonl'])
    writeFileSync(
      path.join(place, name),
      name === 'empty.jsonl' ? '' : '{"event":"run","run":"d"}\n',
    )
  const { journals, unread } = await readJournals(place)
  expect(journals.map(({ run }) => run)).toEqual(['a', 'b'])
  expect(unread.map(({ file }) => path.basename(file))).toEqual([
    'c.jsonl',
    'empty.jsonl',
    'other.jsonl',
  ])
  expect(await readJournals(path.join(place, 'none'))).toEqual({ journals: [], unread: [] })
  await expect(readJournals(path.join(place, 'notes.txt'))).rejects.toMatchObject({
    code: 'JOURNAL_UNREADABLE',
  })
})

test('a folder that cannot be made fails every write, and nothing else', async () => {
  const place = path.join(folder(), 'file')
  writeFileSync(place, '')
  const journal = openJournal(place, 'x')
  const writes = [
    journal.creating(creation('a')),
    journal.creating(creation('b')),
    journal.released('a'),
  ]
  const settled = await Promise.allSettled(writes)
  const later = await Promise.allSettled([journal.creating(creation('c'))])
  for (const each of [...settled, ...later]) {
    expect(each).toMatchObject({ status: 'rejected', reason: { code: 'JOURNAL_UNWRITABLE' } })
  }
  await journal.close()
})

test('close waits for what is being written, and without a line closes nothing', async () => {
  const { told, journal } = slowJournal()
  const writing = journal.released('a')
  await journal.close()
  await writing
  expect(told).toEqual([expect.any(String), 'sync', 'close'])
  const unused = slowJournal()
  await unused.journal.close()
  expect(unused.told).toEqual([])
})

test('a full disk lets nothing be created', async () => {
  const journal = createJournal('full', () => open('/dev/full', 'a'))
  await expect(journal.creating(creation('a'))).rejects.toMatchObject({
    code: 'JOURNAL_UNWRITABLE',
  })
  await journal.close()
})

test('two runs of one name do not share a journal', async () => {
  const place = folder()
  const [one, other] = [openJournal(place, 'run1'), openJournal(place, 'run1')]
  await one.creating(creation('a'))
  await one.close()
  expect(await openIn(place)).toHaveLength(1)
  await other.creating(creation('b'))
  await other.close()
})
