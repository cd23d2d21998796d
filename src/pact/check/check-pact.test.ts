import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadDocument, loadSource, parseSource } from '../../document/index.ts'
import { bareForm, parseForm } from '../../target/index.ts'
import { checkPact, compilePromises, type PactPromises, readPact } from '../index.ts'
import { type Case, type WrongCase, writePact } from './fixtures/case.ts'
import { right } from './fixtures/right.ts'
import { wrong } from './fixtures/wrong.ts'

const at = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const texts = {
  'control-plane': {
    document: '../../../spec/openapi.yaml',
    envelope: '../../../spec/envelope.yaml',
    form: parseForm('key-{API_KEY}'),
  },
  shop: { document: 'fixtures/shop.yaml', envelope: undefined, form: bareForm },
  forum: {
    document: 'fixtures/forum.yaml',
    envelope: 'fixtures/forum-envelope.yaml',
    form: bareForm,
  },
}
const promised = new Map<string, PactPromises>()

beforeAll(async () => {
  for (const [name, { document, envelope, form }] of Object.entries(texts)) {
    const source = envelope === undefined ? undefined : await loadSource(at(envelope))
    const loaded = await loadDocument(at(document))
    promised.set(name, await compilePromises({ document: loaded, envelope: source, form }))
  }
})

async function verdictsOf(each: Case, version: 2 | 3 | 4) {
  const promises = promised.get(each.document)
  if (promises === undefined) throw new Error(`there is no document ${each.document}`)
  const pact = readPact(await parseSource(writePact(each, version), 'pact.json'))
  return checkPact(pact, promises, { strict: false })
}

async function findingsOf(each: Case, version: 2 | 3 | 4) {
  const verdicts = await verdictsOf(each, version)
  return verdicts.flatMap(({ findings }) =>
    findings.map(
      ({ check, cell, level }) => `${check} @ ${cell}${level === 'must' ? '' : ' (should)'}`,
    ),
  )
}

const versioned = <T extends Case>(cases: readonly T[]) =>
  cases.flatMap((each) => (each.versions ?? [2, 3, 4]).map((version) => ({ ...each, version })))

describe('a wrong pact is caught by the rule and at the cell it is about, and nowhere else', () => {
  it.each(versioned<WrongCase>(wrong))('$document, version $version: $it', async (each) => {
    expect(await findingsOf(each, each.version)).toEqual(each.found)
  })
})

describe('a right pact is not accused', () => {
  it.each(versioned(right))('$document, version $version: $it', async (each) => {
    expect(await findingsOf(each, each.version)).toEqual([])
    expect((await verdictsOf(each, each.version)).map(({ kind }) => kind)).toEqual(['pass'])
  })
})
