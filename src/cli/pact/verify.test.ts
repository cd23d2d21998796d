import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { json, serveIndexAnd } from '../../pact/broker/fixtures/brokers.ts'
import type { Verification } from '../../pact/index.ts'
import { type Provider, startProvider } from '../../provider/index.ts'

/** The command as users have it: the build, in a process of its own, in an empty folder. */
const command = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
const pact = fileURLToPath(
  new URL('../../../contracts/archil-client-archil-control-plane.json', import.meta.url),
)

const open: Provider[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()))
})

async function assay(args: readonly string[], env: Record<string, string | undefined> = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
  const child = spawn(process.execPath, [command, 'pact', 'verify', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, out, err, folder }
}

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
    KEY: region?.apiKey,
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

test('a broker that selects no pact is no reason to be green, and is asked for the provider of the suite', async () => {
  const asked: string[] = []
  const broker = await serveIndexAnd((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    json(response, 200, { _embedded: { pacts: [] } })
  })
  const ended = await assay(['--from-broker'], { PACT_BROKER_BASE_URL: broker })
  expect([ended.code, ended.out]).toEqual([2, ''])
  expect(ended.err).toMatch(
    /^PACT_NONE {2}the broker selects no pact of the provider "archil-control-plane"/,
  )
  const other = ['--from-broker', '--provider', 'stock']
  expect((await assay(other, { PACT_BROKER_BASE_URL: broker })).err).toMatch(/"stock"/)
  expect(asked).toEqual([
    'POST /pacts/provider/archil-control-plane/for-verification',
    'POST /pacts/provider/stock/for-verification',
  ])
})

test('a broker that is down is no empty selection', async () => {
  const env = { PACT_BROKER_BASE_URL: 'http://127.0.0.1:1', PACT_BROKER_TOKEN: 'correct-horse' }
  const ended = await assay(['--from-broker'], env)
  expect(ended).toMatchObject({ code: 3, out: '' })
  expect(ended.err).toMatch(/^BROKER_UNREACHABLE/)
  expect(ended.err).not.toContain('correct-horse')
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
