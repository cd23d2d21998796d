import { execFile } from 'node:child_process'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { faults } from './provider/index.ts'
import { selftest } from './selftest.ts'

type Assertion = {
  readonly ancestorTitles: readonly string[]
  readonly title: string
  readonly status: string
}

/** Runs the fixture in a Vitest of its own and reads what its JSON reporter says. */
async function runVitest(): Promise<readonly Assertion[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
  const outputFile = path.join(folder, 'vitest.json')
  const options = {
    root: fileURLToPath(new URL('..', import.meta.url)),
    config: false,
    watch: false,
    include: ['src/fixtures/every-fault.ts'],
    reporters: ['json'],
    outputFile,
  }
  const script = `const { startVitest } = await import(${JSON.stringify(import.meta.resolve('vitest/node'))})
    const vitest = await startVitest('test', [], ${JSON.stringify(options)})
    await vitest.close()
    process.exit(0)`
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { PATH: process.env.PATH, JOURNAL: folder },
  })
  const report = JSON.parse(await readFile(outputFile, 'utf8')) as {
    testResults: { assertionResults: Assertion[] }[]
  }
  return report.testResults.flatMap(({ assertionResults }) => assertionResults)
}

test('Vitest and the command say the same of every fault', { timeout: 300_000 }, async () => {
  const told = new Map<string, string[]>()
  for (const { ancestorTitles, title, status } of await runVitest()) {
    const [fault = ''] = (ancestorTitles[0] ?? '').split(' ')
    if (ancestorTitles.length > 1 && status === 'failed') {
      told.set(fault, [...(told.get(fault) ?? []), `deleteApiToken/${title}`])
    }
  }
  const said = new Map<string, readonly string[]>()
  for await (const { fault, harmless, red } of selftest())
    if (!harmless && red.length > 0) said.set(fault, red)
  expect(said.size).toBeGreaterThan(faults.length * 0.9)
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(said))
})
