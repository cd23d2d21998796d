import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { cleanUp } from './clean-up.ts'
import { startProvider } from './provider/index.ts'

const document = fileURLToPath(new URL('../spec/openapi.yaml', import.meta.url))

test('what a state made that the suite does not name, as a pact may, is removed by its name', async () => {
  const provider = await startProvider({ regions: ['one'] })
  const [region] = provider.regions
  if (region === undefined) throw new Error('the provider has no region')
  const before = region.tokens()
  const made = { state: 'an API token exists', params: { name: 'assay-1-1' } }
  const body = JSON.stringify({ ...made, action: 'setup' })
  await fetch(region.statesUrl, { method: 'POST', body })
  expect(region.tokens()).toHaveLength(before.length + 1)
  const journal = await mkdtemp(path.join(tmpdir(), 'assay-'))
  const lines = [
    { event: 'run', run: '1', pid: 1, machine: 'another', at: '' },
    {
      event: 'creating',
      key: 'assay-1-1',
      name: 'assay-1-1',
      target: 't',
      baseUrl: region.url,
      ...made,
      at: Date.now() - 60_000,
      within: 10_000,
    },
  ]
  await writeFile(
    path.join(journal, '1.jsonl'),
    lines.map((each) => JSON.stringify(each)).join('\n'),
  )
  const targets = { urls: [region.url], states: { url: region.statesUrl } }
  const { cleaned } = await cleanUp({ document, journal, targets, runs: ['1'] })
  expect(cleaned.map(({ reason }) => reason)).toEqual([undefined])
  expect(region.tokens()).toEqual(before)
  expect(await readdir(journal)).toEqual([])
  await provider.close()
})
