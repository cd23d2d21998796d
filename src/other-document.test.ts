import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { collectReport } from './collect.ts'
import { type Defect, startNotes } from './fixtures/notes-server.ts'
import { run } from './run.ts'

const suite = new URL('fixtures/notes-suite.yaml', import.meta.url).pathname
const yaml = await readFile(new URL('fixtures/notes.yaml', import.meta.url), 'utf8')
const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))

type Situation = {
  readonly defect?: Defect
  readonly safety?: 'shared' | 'disposable'
  /** Whether what is not there can be deleted too, and the document has no 404 for it. */
  readonly forgiving?: boolean
  readonly rewrite?: (text: string) => string
  /** Milliseconds in which the target says that a write may not be read yet. */
  readonly consistencyWindow?: number
}

/** Looks at a server of notes: findings as `operation/cell check level`, and everything that is no pass. */
async function look(situation: Situation) {
  const { defect, safety = 'disposable', forgiving = false, rewrite } = situation
  const { consistencyWindow = 0 } = situation
  const server = await startNotes(defect, { forgiving })
  const document = path.join(folder, `${defect}-${safety}-${forgiving}-${Math.random()}.yaml`)
  await writeFile(document, (rewrite ?? ((text: string) => text))(yaml))
  try {
    const report = await collectReport(
      run({
        suite,
        document,
        targets: {
          names: ['notes'],
          safety,
          consistencyWindow,
          ...(defect === 'drop-drops-the-book' ? { workers: 1 } : {}),
        },
        environment: { NOTES_URL: server.url, NOTES_KEY: server.key },
        journal: folder,
        seed: 1,
      }),
    )
    const findings = report.verdicts.flatMap(({ expectation, findings }) =>
      findings.map(({ check, level }) => `${expectation} ${check} ${level}`),
    )
    const rest = report.verdicts
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ expectation, verdict, why }) => `${expectation} ${why ?? verdict}`)
    return { findings: [...new Set(findings)], rest, left: server.left(), report }
  } finally {
    await server.close()
  }
}

const undeclared = ['readNote', 'writeNote', 'dropNote'].map((id) => `${id}/400 undeclared`)
const apart = ['readNote', 'writeNote', 'dropNote'].map(
  (id) => `${id}/accounts-stay-apart declared`,
)
const withoutNotFound = (text: string) => {
  const at = text.indexOf('dropNote')
  return text.slice(0, at) + text.slice(at).replace(/ +'404': .*\n/, '')
}

it.each<[name: string, Situation]>([
  ['as it is', {}],
  ['shared with others', { safety: 'shared' }],
  ['whose 404 is a range', { rewrite: (text) => text.replaceAll("'404'", "'4XX'") }],
  ['whose 404 is the default', { rewrite: (text) => text.replaceAll("'404'", 'default') }],
  ['that deletes what is not there', { forgiving: true, rewrite: withoutNotFound }],
])('a sound API %s is accused of nothing, and nothing is left on it', async (_, situation) => {
  const { findings, rest, left } = await look(situation)
  expect(findings).toEqual([])
  expect(rest.filter((each) => ![...undeclared, ...apart].includes(each))).toEqual([])
  expect(left).toBe(0)
})

it.each<[Defect, Situation, found: string[]]>([
  ['drop-only-hides-from-drop', {}, ['dropNote/deleted-stays-deleted status-code must']],
  [
    'drop-only-hides-from-drop',
    { forgiving: true, rewrite: withoutNotFound },
    ['dropNote/deleted-stays-deleted status-code must'],
  ],
  [
    'drop-drops-the-book',
    {},
    [
      'dropNote/only-the-named-is-deleted status-code must',
      'dropNote/one-of-two-deletions-wins answers-together should',
    ],
  ],
  [
    'drop-is-seen-late',
    { forgiving: true, rewrite: withoutNotFound },
    ['dropNote/deleted-stays-deleted status-code must'],
  ],
  [
    'drop-is-seen-late',
    { forgiving: true, rewrite: withoutNotFound, consistencyWindow: 50 },
    ['dropNote/deleted-stays-deleted status-code must'],
  ],
  ['refused-write-writes', {}, ['writeNote/refused-request-changes-nothing answers-together must']],
  ['patch-drops', {}, ['dropNote/undocumented-method-does-nothing status-code must']],
  [
    'malformed-id-fails-inside',
    {},
    ['readNote', 'dropNote'].map((id) => `${id}/any-id-is-answered status-code must`),
  ],
  [
    'refusal-tells-that-it-exists',
    {},
    ['readNote', 'writeNote', 'dropNote'].map(
      (id) => `${id}/authentication-before-existence answers-together must`,
    ),
  ],
])('the defect %s is found where it breaks a promise', async (defect, situation, found) => {
  expect((await look({ defect, ...situation })).findings).toEqual(found)
})

it('a read that shows what was dropped is excused within the declared window, and remarked', async () => {
  const late = { forgiving: true, rewrite: withoutNotFound, consistencyWindow: 500 }
  const { findings, report, left } = await look({ defect: 'drop-is-seen-late', ...late })
  expect(findings).toEqual([])
  expect(report.remarks.map(({ text }) => text)).toEqual([
    expect.stringMatching(
      /^what was there before a write .* of the allowed 500 ms after it, once$/,
    ),
  ])
  expect(left).toBe(0)
})
