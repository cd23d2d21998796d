import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { loadPacts } from './index.ts'

const text = JSON.stringify({
  consumer: { name: 'web' },
  provider: { name: 'things' },
  interactions: [
    { description: 'a', request: { method: 'GET', path: '/' }, response: { status: 200 } },
  ],
})

async function folderWith(...names: readonly string[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-pacts-'))
  for (const name of names) await writeFile(path.join(folder, name), text)
  return folder
}

it('every JSON file of a folder is a pact, in the order of their names', async () => {
  const folder = await folderWith('b.json', 'a.json', 'notes.txt')
  const pacts = await loadPacts([folder])
  expect(pacts.map(({ name }) => path.basename(name))).toEqual(['a.json', 'b.json'])
})

it('a file that is named twice is read once', async () => {
  const folder = await folderWith('a.json')
  expect(await loadPacts([folder, path.join(folder, 'a.json')])).toHaveLength(1)
})

it('an empty folder, a missing file and no name at all are errors', async () => {
  const folder = await folderWith()
  await expect(loadPacts([folder])).rejects.toMatchObject({ code: 'PACT_NONE' })
  await expect(loadPacts([])).rejects.toMatchObject({ code: 'PACT_NONE' })
  const missing = path.join(folder, 'missing.json')
  await expect(loadPacts([missing])).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' })
})
