import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { runAssay } from '../../fixtures/assay.ts'
import type { Verification } from '../../pact/index.ts'
import { type Provider, startProvider } from '../../provider/index.ts'

const pact = fileURLToPath(
  new URL('../../../contracts/archil-client-archil-control-plane.json', import.meta.url),
)

const open: Provider[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()))
})

const assay = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runAssay(['pact', 'verify', ...args], env)

async function provide(options: Parameters<typeof startProvider>[0]): Promise<Provider> {
  const provider = await startProvider(options)
  open.push(provider)
  return provider
}

test('a region that breaks a pact is red, its file says so, and nothing else is on standard output', async () => {
  const { regions } = await provide({
    regions: ['one'],
    faults: [{ name: 'not-found-answers-410' }],
  })
  const [region] = regions
  const args = [pact, '-u', region?.url ?? '', '--api-key-env', 'KEY']
  const states = ['--states-url', '/_assay/states', '--report', 'json', '--provider-version', '7']
  // What Pact reads from the environment has no say: a filter would leave interactions out.
  const env = {
    KEY: region?.apiKey ?? '',
    PACT_DESCRIPTION: 'none',
    PACT_BROKER_BASE_URL: 'http://127.0.0.1:1',
  }
  const { code, out, err, folder } = await assay([...args, ...states], env)
  expect([code, err]).toEqual([1, expect.stringMatching(/^\S+: \d of \d looked at\n$/)])
  const report = JSON.parse(out) as { verdicts: { verdict: string; findings: object[] }[] }
  expect(report.verdicts.filter(({ verdict }) => verdict === 'fail')).toMatchObject([
    { findings: [{ check: 'pact', expected: '404', received: '410 Gone' }] },
  ])
  const results = path.join(folder, '.assay/verifications')
  const [file = ''] = await readdir(results)
  expect(file).toMatch(/^archil-control-plane-127\.0\.0\.1%3A\d+\.json$/)
  const text = await readFile(path.join(results, file), 'utf8')
  const { success, exitCode, providerVersion } = JSON.parse(text) as Verification
  expect([success, exitCode, providerVersion]).toEqual([false, 1, '7'])
  expect(`${out}${err}${text}`).not.toContain(region?.apiKey)
})

test.each([
  [['none.json'], 'SOURCE_NOT_FOUND'],
  [[pact, '--target', 'reference', '--target', 'aws-us-east-1'], 'TARGET_URL_MISSING'],
  [[pact, '--provider', 'another'], 'PACT_NONE'],
  [[pact, '--report', 'json,junit'], 'USAGE'],
  [[pact, '--from-broker'], 'USAGE'],
  [['--from-broker'], 'BROKER_URL_INVALID'],
  [['--from-broker', '--document', pact], 'USAGE'],
  [[pact, '--wip-since', '2026-02-30'], 'It must be a day'],
])('%j is refused before anything is sent', async (args, code) => {
  const ended = await assay(args)
  expect([ended.code, ended.out]).toEqual([2, ''])
  expect(ended.err).toContain(code)
})
