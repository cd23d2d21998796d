import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkPacts } from './check-pacts.ts'
import { writePacts } from './write-pacts.ts'

const library = fileURLToPath(new URL('pact/write/fixtures/library-suite.yaml', import.meta.url))
const main = 'assay-archil-control-plane.json'
const faults = 'assay-faults-archil-control-plane.json'

let dir: string

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'assay-write-'))
})

afterEach(() => rmSync(dir, { recursive: true }))

function read(name: string): string {
  return readFileSync(path.join(dir, name), 'utf8')
}

/** A document with one operation, which nothing but its state can provoke. */
function documentFile(paths: unknown): string {
  const file = path.join(dir, 'document.json')
  const info = { title: 'Any API', version: '1' }
  writeFileSync(file, JSON.stringify({ openapi: '3.1.0', info, paths }))
  return file
}

describe('writing', () => {
  test('makes one pact of what can be asked for, one of what needs a fault, and touches no same file', async () => {
    const first = await writePacts({ dir })
    expect(first.files.map(({ file, state }) => [path.basename(file), state])).toEqual([
      [main, 'written'],
      [faults, 'written'],
    ])
    expect(first.exitCode).toBe(0)
    const second = await writePacts({ dir })
    expect(second.files.map(({ state }) => state)).toEqual(['unchanged', 'unchanged'])
  })

  test('puts neither a version of a library nor a key or an id into a pact', async () => {
    await writePacts({ dir })
    for (const text of [read(main), read(faults)]) {
      expect(Object.keys(JSON.parse(text).metadata)).toEqual(['pactSpecification'])
      expect(text).not.toMatch(/pactRust|pact-js|[0-9a-f]{16}/)
      expect(text).toContain('key-${apiKey}')
    }
  })

  test('names the parties by what is asked for, else the suite, else the title of the document', async () => {
    const names = async (options: object) =>
      (await writePacts({ dir, ...options })).files.map(({ file }) => path.basename(file))
    const document = documentFile({ '/': { get: { responses: { 200: { description: 'it' } } } } })
    expect(await names({ names: { provider: 'other', consumer: 'me' } })).toEqual([
      'me-other.json',
      'me-faults-other.json',
    ])
    expect(await names({ suite: library })).toContain('reader-the-library-books-loans.json')
    expect(await names({ document })).toEqual(['assay-any-api.json'])
  })

  test.each(['', '..', 'a/b', '../x', 'a\\b', 'a\nb'])('refuses the name %j', async (provider) => {
    await expect(writePacts({ dir, names: { provider } })).rejects.toMatchObject({
      code: 'PACT_PARTY_INVALID',
    })
    expect(readdirSync(dir)).toEqual([])
  })

  test('tells a documented status that it cannot write, and is not green', async () => {
    const { unwritten, exitCode } = await writePacts({ dir, suite: library })
    expect(unwritten.map(({ expectation }) => expectation.id)).toEqual(['listBooks/default'])
    expect(exitCode).toBe(1)
    const filter = { excludeStatuses: ['default'] }
    expect((await writePacts({ dir, suite: library, filter })).exitCode).toBe(0)
  })

  test('refuses to write an empty pact', async () => {
    const document = documentFile({ '/': { post: { responses: { 201: { description: 'it' } } } } })
    await expect(writePacts({ dir, document })).rejects.toMatchObject({
      code: 'PACT_NO_INTERACTIONS',
    })
    expect(readdirSync(dir)).toEqual(['document.json'])
  })

  test('says where it cannot write', async () => {
    writeFileSync(path.join(dir, 'file'), '')
    await expect(writePacts({ dir: path.join(dir, 'file') })).rejects.toMatchObject({
      code: expect.stringMatching(/PACT_UNWRITABLE|SOURCE_UNREADABLE/),
    })
  })

  test('makes the same bytes of a document that lists the same in another order', async () => {
    await writePacts({ dir, suite: library })
    const first = readdirSync(dir).map(read)
    const folder = path.join(dir, 'turned')
    mkdirSync(folder)
    const fixtures = path.dirname(library)
    for (const name of readdirSync(fixtures).filter((each) => each.endsWith('.yaml')))
      writeFileSync(path.join(folder, name), readFileSync(path.join(fixtures, name)))
    const { parse } = await import('yaml')
    const document = parse(readFileSync(path.join(fixtures, 'library.yaml'), 'utf8'))
    writeFileSync(path.join(folder, 'library.yaml'), JSON.stringify(turned(document)))
    const suite = path.join(folder, 'library-suite.yaml')
    const again = await writePacts({ dir, suite, check: true })
    expect(first).toHaveLength(2)
    expect(again.files.map(({ state, differences }) => [state, ...differences])).toEqual([
      ['unchanged'],
      ['unchanged'],
    ])
  })
})

describe('comparing', () => {
  test('is content with what was written', async () => {
    await writePacts({ dir })
    const { files, exitCode } = await writePacts({ dir, check: true })
    expect(files.map(({ state }) => state)).toEqual(['unchanged', 'unchanged'])
    expect(exitCode).toBe(0)
  })

  test('says what is missing, and writes nothing', async () => {
    const { files, exitCode } = await writePacts({ dir, check: true })
    expect(files.map(({ state }) => state)).toEqual(['missing', 'missing'])
    expect(exitCode).toBe(1)
    expect(readdirSync(dir)).toEqual([])
  })

  test('says which interaction is new, gone or changed, and in what', async () => {
    await writePacts({ dir })
    const pact = JSON.parse(read(main))
    pact.interactions[0].response.status = 201
    pact.interactions[1].description = 'an old one'
    pact.provider.name = 'someone'
    writeFileSync(path.join(dir, main), JSON.stringify(pact))
    const { files, exitCode } = await writePacts({ dir, check: true })
    expect(files[0]).toMatchObject({
      state: 'differs',
      differences: [
        '/provider/name: "someone" → "archil-control-plane"',
        '- an old one, given no API token has this id',
        expect.stringMatching(/^~ deleteApiToken\/200\/valid: /),
        '    /response/status: 201 → 200',
        expect.stringMatching(/^\+ deleteApiToken\/401\/none: /),
      ],
    })
    expect(exitCode).toBe(1)
    expect(JSON.parse(read(main)).provider.name).toBe('someone')
  })

  test('sees another layout, and what is no JSON', async () => {
    await writePacts({ dir })
    writeFileSync(path.join(dir, main), JSON.stringify(JSON.parse(read(main))))
    writeFileSync(path.join(dir, faults), '{')
    const { files } = await writePacts({ dir, check: true })
    expect(files.map(({ differences }) => differences)).toEqual([
      ['only its layout or the order of its interactions differs'],
      ['it is no JSON'],
    ])
  })

  test('is red about a file that nothing is written into any more', async () => {
    await writePacts({ dir })
    const { files, exitCode } = await writePacts({ dir, filter: { excludeStatuses: ['500'] } })
    expect(files.map(({ state }) => state)).toEqual(['unchanged', 'idle'])
    expect(exitCode).toBe(1)
    expect(readdirSync(dir)).toContain(faults)
  })
})

test('the check of pacts has nothing against a written one', async () => {
  await writePacts({ dir, suite: library })
  const report = await checkPacts({ pacts: [dir], suite: library, strict: true })
  expect(report.exitCode).toBe(0)
})

/** The same, with the members of every object in the opposite order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).reverse()
  return Object.fromEntries(entries.map(([name, each]) => [name, turned(each)]))
}
