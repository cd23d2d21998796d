import { execFile } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import {
  type BrokerEnvironment,
  fresh,
  json,
  realBroker,
  serveIndexAnd,
} from './broker/fixtures/brokers.ts'
import { makeRepository, openRegion } from './fixtures/regions.ts'
import { makeFolder } from './fixtures/verified.ts'

/** The command as users have it: the build, in a process of its own. */
const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

type Environment = Readonly<Record<string, string>>

async function assay(folder: string, args: readonly string[], environment: Environment) {
  const env = { PATH: process.env.PATH ?? '', ...environment }
  const run = promisify(execFile)(process.execPath, [command, 'pact', ...args], {
    cwd: folder,
    env,
  })
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }) => ({
      code: Number(code),
      out: String(stdout),
      err: String(stderr),
    }),
  )
}

const noBroker = {
  PACT_BROKER_BASE_URL: '',
  PACT_BROKER_USERNAME: '',
  PACT_BROKER_PASSWORD: '',
}

/** A repository with pacts and two regions that run, and what is done in it. */
async function openStory(environment: BrokerEnvironment) {
  const folder = await makeFolder()
  const [a, b] = await Promise.all([openRegion(fresh('region-a')), openRegion(fresh('region-b'))])
  onTestFinished(async () => void (await Promise.all([a.close(), b.close()])))
  const suffix = fresh('')
  await makeRepository(folder, { regions: [a, b], rename: (party) => `${party}${suffix}` })
  const told: string[] = []
  async function run(args: readonly string[], variables: Environment = environment) {
    const reached = { ...a.variables(), ...b.variables() }
    const ended = await assay(folder, args, { ...variables, ...reached })
    told.push(ended.out, ended.err)
    return ended
  }
  const suite = ['--suite', 'suites/suite.json', '--target', 'all']
  const reports = ['--report', 'console,json,junit,markdown', '--report-dir', 'reports']
  return {
    folder,
    a,
    b,
    told,
    publishPacts: () => run(['publish', '--consumer-version', '1', '--branch', 'main']),
    verify: (version: string, ...more: readonly string[]) =>
      run(['verify', ...suite, ...reports, '--provider-version', version, ...more]),
    publishResults() {
      const given = ['--verified', '.assay/verifications', '--consumer-version', '1']
      return run(['publish', ...given, '--create-environments'])
    },
    gate: (version: string, ...more: readonly string[]) =>
      run(['gate', ...suite, '--provider-version', version, ...more]),
    gateWithout: (version: string) => run(['gate', ...suite, '--provider-version', version], {}),
  }
}

type Story = Awaited<ReturnType<typeof openStory>>

/**
 * Everything that was said, and every file in the folder of the story and of the broker.
 *
 * The journal alone may hold ids, for it says what is to be removed; it goes nowhere.
 */
async function everything({ told, folder }: Story): Promise<readonly string[]> {
  const database = process.env.ASSAY_TEST_BROKER_DATABASE
  const folders = [folder, ...(database === undefined ? [] : [path.dirname(database)])]
  const texts = folders.map(async (each) => {
    const found = await readdir(each, { recursive: true, withFileTypes: true })
    const files = found.filter(
      (entry) => entry.isFile() && path.basename(entry.parentPath) !== 'journal',
    )
    return Promise.all(
      files.map(({ parentPath, name }) => readFile(path.join(parentPath, name), 'latin1')),
    )
  })
  return [...told, ...(await Promise.all(texts)).flat()]
}

/** Nothing that is secret is anywhere, and nothing is left in a region. */
async function expectDiscretion(story: Story, ...more: readonly string[]): Promise<void> {
  const secrets = [...story.a.secrets(), ...story.b.secrets(), ...more]
  expect(secrets.length).toBeGreaterThan(20)
  const texts = await everything(story)
  expect(texts.some((text) => text.includes('"verification": 1'))).toBe(true)
  const found = secrets.filter((secret) => texts.some((text) => text.includes(secret)))
  expect(found).toEqual([])
  expect([...story.a.leftovers(), ...story.b.leftovers()]).toEqual([])
}

const faulty = 'expected 404, received 410 Gone'

test('published, not verified: no; verified everywhere: yes; one region faulty: no', async (context) => {
  const environment = realBroker(context)
  const story = await openStory(environment)
  const { a, b } = story
  expect(await story.publishPacts()).toMatchObject({ code: 0, err: '' })
  expect(await story.gate('1.0')).toMatchObject({
    code: 1,
    out: expect.stringContaining('0 of 2 yes'),
  })

  expect(await story.verify('1.0')).toMatchObject({ code: 0 })
  expect(await story.publishResults()).toMatchObject({ code: 0, err: '' })
  expect(await story.gate('1.0')).toMatchObject({
    code: 0,
    out: expect.stringContaining('2 of 2 yes'),
  })

  await a.redeploy('not-found-answers-410')
  expect(await story.verify('1.1')).toMatchObject({
    code: 1,
    out: expect.stringContaining(`in ${a.name} (1 of 2)`),
  })
  expect(await story.publishResults()).toMatchObject({ code: 0, err: '' })
  const gate = await story.gate('1.1')
  expect(gate.code).toBe(1)
  expect(gate.out).toContain(`NO    ${a.name}`)
  expect(gate.out).toContain(`YES   ${b.name}`)
  expect(gate.out).toContain('1 of 2 yes')
  expect((await story.gate('1.0')).code).toBe(0)

  await expectDiscretion(story, environment.PACT_BROKER_PASSWORD)
}, 180_000)

test('what the broker selects may fail while it is pending, and not any more once it was fulfilled', async (context) => {
  const story = await openStory(realBroker(context))
  const { a, b } = story
  expect(await story.verify('1.0', '--from-broker')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^PACT_NONE/),
  })
  await story.publishPacts()

  await Promise.all([a.redeploy('not-found-answers-410'), b.redeploy('not-found-answers-410')])
  const pending = await story.verify('1.0', '--from-broker')
  expect(pending).toMatchObject({ code: 0, out: expect.stringMatching(/^WARN .*→ 404/m) })
  expect(pending.out).toContain('its pact is pending')
  expect((await story.verify('1.0', '--from-broker', '--strict')).code).toBe(1)
  await story.verify('1.0', '--from-broker')
  const published = await story.publishResults()
  expect(published.out).toMatch(/pending and not fulfilled: .*; recorded as deployed/)

  await Promise.all([a.redeploy(), b.redeploy()])
  expect(await story.verify('1.1', '--from-broker')).toMatchObject({ code: 0 })
  expect(await story.publishResults()).toMatchObject({ code: 0, err: '' })
  expect(await story.gate('1.1')).toMatchObject({ code: 0 })

  await a.redeploy('not-found-answers-410')
  const due = await story.verify('1.2', '--from-broker')
  expect(due).toMatchObject({ code: 1, out: expect.stringMatching(/^FAIL .*→ 404/m) })
  const failed = await story.publishResults()
  expect(failed.out).toMatch(new RegExp(`${a.name} .* failure\n`))
  const gate = await story.gate('1.2')
  expect([gate.code, gate.out]).toEqual([1, expect.stringContaining(`NO    ${a.name}`)])
  await expectDiscretion(story)
}, 240_000)

test('the same story without a broker is told by the files alone', async () => {
  const story = await openStory(noBroker)
  expect(await story.gateWithout('1.0')).toMatchObject({ code: 1 })
  expect(await story.verify('1.0')).toMatchObject({ code: 0 })
  expect(await story.gateWithout('1.0')).toMatchObject({ code: 0 })
  expect(await story.gateWithout('1.1')).toMatchObject({ code: 1 })
  await story.a.redeploy('not-found-answers-410')
  expect(await story.verify('1.1')).toMatchObject({ code: 1 })
  const gate = await story.gateWithout('1.1')
  expect(gate.code).toBe(1)
  expect(gate.out).toContain(faulty)
  expect(gate.out).toContain('1 of 2 yes')
  await expectDiscretion(story)
}, 120_000)

test('without a broker nothing can be published, and a gate needs a version', async () => {
  const { folder, publishPacts } = await openStory(noBroker)
  expect(await publishPacts()).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^BROKER_URL_INVALID/),
  })
  expect(await assay(folder, ['gate'], {})).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^USAGE/),
  })
})

test('a broker that is down is no answer, for the gate as for publishing', async () => {
  const story = await openStory({
    PACT_BROKER_BASE_URL: 'http://127.0.0.1:1',
    PACT_BROKER_USERNAME: 'ada',
    PACT_BROKER_PASSWORD: 'correct-horse-battery',
  })
  await story.verify('1.0')
  for (const ended of [await story.publishPacts(), await story.gate('1.0')]) {
    expect(ended).toMatchObject({ code: 3, err: expect.stringMatching(/^BROKER_UNREACHABLE/) })
    expect(ended.err).not.toContain('correct-horse-battery')
  }
  expect(await story.gate('1.0', '--no-broker')).toMatchObject({ code: 0 })
}, 60_000)

test('a broken pact is never published', async (context) => {
  const { folder, publishPacts } = await openStory(realBroker(context))
  const [name = ''] = await readdir(path.join(folder, 'contracts'))
  await writeFile(path.join(folder, 'contracts', name), '{"consumer":{}}')
  expect(await publishPacts()).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^PACT_NOT_A_PACT/),
  })
})

const verifyFrom = async (args: readonly string[], environment: Environment) =>
  assay(await makeFolder(), ['verify', '--from-broker', ...args], environment)

test('a broker that selects no pact is no reason to be green, and is asked for the provider of the suite', async () => {
  const asked: string[] = []
  const broker = await serveIndexAnd((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    json(response, 200, { _embedded: { pacts: [] } })
  })
  const ended = await verifyFrom([], { PACT_BROKER_BASE_URL: broker })
  expect([ended.code, ended.out]).toEqual([2, ''])
  expect(ended.err).toMatch(
    /^PACT_NONE {2}the broker selects no pact of the provider "archil-control-plane"/,
  )
  const other = ['--provider', 'stock']
  expect((await verifyFrom(other, { PACT_BROKER_BASE_URL: broker })).err).toMatch(/"stock"/)
  expect(asked).toEqual([
    'POST /pacts/provider/archil-control-plane/for-verification',
    'POST /pacts/provider/stock/for-verification',
  ])
})

test('a broker that is down is no empty selection', async () => {
  const env = { PACT_BROKER_BASE_URL: 'http://127.0.0.1:1', PACT_BROKER_TOKEN: 'correct-horse' }
  const ended = await verifyFrom([], env)
  expect(ended).toMatchObject({ code: 3, out: '' })
  expect(ended.err).toMatch(/^BROKER_UNREACHABLE/)
  expect(ended.err).not.toContain('correct-horse')
})
