import { execFile } from 'node:child_process'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { faults, harmless } from './provider/index.ts'
import { selftest, type Trial } from './selftest.ts'
import { checks } from './verdict/index.ts'

const vitest = runVitest()
vitest.catch(() => {})
const trials: Trial[] = []
for await (const trial of selftest()) trials.push(trial)

test.each(trials)(
  '$fault: caught where it says, and nothing else accused',
  ({ missed, accused }) => {
    expect({ missed, accused }).toEqual({ missed: [], accused: [] })
  },
)

test('every fault names where it is caught, and every check catches one', () => {
  expect(faults.filter(({ caughtBy }) => caughtBy.length === 0)).toEqual([])
  const earned = new Set(faults.flatMap(({ caughtBy }) => caughtBy.map(({ check }) => check)))
  expect(checks.map(({ id }) => id).filter((id) => !earned.has(id))).toEqual([])
})

test('there are many faults and harmless variants, and the latter name no check', () => {
  expect(faults.length).toBeGreaterThanOrEqual(60)
  expect(harmless.length).toBeGreaterThanOrEqual(12)
  expect(trials).toHaveLength(faults.length + harmless.length)
  expect(harmless.flatMap(({ caughtBy }) => caughtBy)).toEqual([])
})

test('Vitest and the command say the same of every fault', { timeout: 300_000 }, async () => {
  const told = new Map<string, string[]>()
  for (const { ancestorTitles, title, status } of await vitest) {
    const [fault = ''] = (ancestorTitles[0] ?? '').split(' ')
    if (ancestorTitles.length > 1 && status === 'failed') {
      told.set(fault, [...(told.get(fault) ?? []), `deleteApiToken/${title}`])
    }
  }
  const said = new Map<string, readonly string[]>()
  for (const each of trials)
    if (!each.harmless && each.red.length > 0) said.set(each.fault, each.red)
  expect(said.size).toBeGreaterThan(faults.length * 0.9)
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(said))
})

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
