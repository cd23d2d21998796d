import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { collectReport } from './collect.ts'
import { ownSuite } from './prepare.ts'
import { harmless, startProvider } from './provider/index.ts'
import { run } from './run.ts'

/** Differences that a client may meet although every promise is kept: each is said, and how. */
const differs: Readonly<Record<string, string>> = {
  'asks-for-patience,asks-for-patience-until': 'header should',
  'caching-headers': 'header should',
  'extra-members': 'shape should',
  'extra-data-members': 'shape should',
  'empty-data': 'shape must',
}

it('of a hundred regions none is accused for what is harmless, but for what its clients may meet', async () => {
  const names = harmless.map(({ name }) => name)
  const sound = Array.from({ length: names.length + 2 }, (_, index) => `sound-${index}`)
  const provider = await startProvider({
    regions: [...names, ...sound],
    faults: names.map((name) => ({ name, region: name })),
  })
  try {
    const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
    const text = await readFile(ownSuite, 'utf8')
    const suite = path.join(folder, 'suite.yaml')
    const entries = provider.regions.map(
      ({ name, url }) =>
        `  ${name}: {url: '${url}', credential: {env: KEY_${name.replaceAll('-', '_')}}}\n`,
    )
    const settings = text
      .slice(0, text.indexOf('\ntargets:'))
      .replaceAll('../spec', path.join(path.dirname(ownSuite), '../spec'))
    await writeFile(suite, `${settings}\ntargets:\n${entries.join('')}`)
    const environment = Object.fromEntries(
      provider.regions.map(({ name, apiKey }) => [`KEY_${name.replaceAll('-', '_')}`, apiKey]),
    )
    const report = await collectReport(
      run({
        suite,
        seed: 1,
        journal: folder,
        environment,
        filter: { includeStatuses: ['200', '404'] },
        targets: { states: { url: '/_assay/states' }, safety: 'disposable' },
      }),
    )
    const said = report.disagreements.map(
      ({ odd, aspect, level }) => [odd.join(), `${aspect} ${level}`] as const,
    )
    expect(Object.fromEntries(said)).toEqual(differs)
    expect(said).toHaveLength(Object.keys(differs).length)
    expect(report.tally.pass).toBe(report.verdicts.length)
    expect(report.answers?.portraits.length).toBeLessThan(20)
  } finally {
    await provider.close()
  }
}, 60_000)
