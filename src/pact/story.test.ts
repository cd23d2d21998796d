import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { type BrokerEnvironment, fresh, realBroker } from './broker/fixtures/brokers.ts'
import { makeFolder, pactText, spoilt, verified, writeVerification } from './fixtures/verified.ts'
import { loadPacts } from './index.ts'

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

const faulty = 'it answered 200, where 404 was promised'

/** A folder with a pact, and what is done in it against the broker. */
async function openStory(environment: BrokerEnvironment) {
  const folder = await makeFolder()
  const names = { consumer: fresh('shop'), provider: fresh('stock') }
  const regions = [fresh('region-a'), fresh('region-b')]
  await mkdir(path.join(folder, 'contracts'))
  await writeFile(path.join(folder, 'contracts/shop-stock.json'), pactText(names))
  const given = regions.flatMap((region) => ['--region', region])
  return {
    folder,
    regions,
    publishPacts: () =>
      assay(folder, ['publish', '--consumer-version', '1', '--branch', 'main'], environment),
    /** Stands for `assay pact verify` against every region, of which some may be faulty. */
    async verify(version: string, isFaulty: readonly string[] = []) {
      const results = path.join(folder, '.assay/verifications')
      await mkdir(results, { recursive: true })
      const pacts = await loadPacts([path.join(folder, 'contracts')])
      for (const region of regions) {
        const sound = verified(pacts, { region, target: region, providerVersion: version })
        const seen = isFaulty.includes(region) ? spoilt(sound, 'fail', faulty) : sound
        await writeVerification(results, seen)
      }
    },
    publishResults: () => {
      const given = ['--verified', '.assay/verifications', '--consumer-version', '1']
      return assay(folder, ['publish', ...given, '--create-environments'], environment)
    },
    gate: (version: string, ...more: readonly string[]) =>
      assay(folder, ['gate', '--provider-version', version, ...given, ...more], environment),
    gateWithout: (version: string) =>
      assay(folder, ['gate', '--provider-version', version, ...given], {}),
  }
}

test('published, not verified: no; verified everywhere: yes; one region faulty: no', async (context) => {
  const environment = realBroker(context)
  const story = await openStory(environment)
  const [a, b] = story.regions
  const told: string[] = []
  const keep = <T extends { out: string; err: string }>(ended: T): T => {
    told.push(ended.out, ended.err)
    return ended
  }

  expect(keep(await story.publishPacts())).toMatchObject({ code: 0, err: '' })
  expect(keep(await story.gate('1.0'))).toMatchObject({
    code: 1,
    out: expect.stringContaining('0 of 2 yes'),
  })

  await story.verify('1.0')
  expect(keep(await story.publishResults())).toMatchObject({ code: 0, err: '' })
  expect(keep(await story.gate('1.0'))).toMatchObject({
    code: 0,
    out: expect.stringContaining('2 of 2 yes'),
  })

  await story.verify('1.1', [a ?? ''])
  expect(keep(await story.publishResults())).toMatchObject({ code: 0, err: '' })
  const gate = keep(await story.gate('1.1'))
  expect(gate.code).toBe(1)
  expect(gate.out).toContain(`NO    ${a}`)
  expect(gate.out).toContain(`YES   ${b}`)
  expect(gate.out).toContain('1 of 2 yes')
  expect(keep(await story.gate('1.0')).code).toBe(0)

  const database = process.env.ASSAY_TEST_BROKER_DATABASE ?? ''
  const kept = await readBeside(database)
  for (const text of [...told, kept]) expect(text).not.toContain(environment.PACT_BROKER_PASSWORD)
  expect(kept).toContain(faulty)
}, 120_000)

/** The database with what it has not yet put into its file. */
async function readBeside(database: string): Promise<string> {
  const folder = path.dirname(database)
  const names = (await readdir(folder)).filter((name) => name.startsWith(path.basename(database)))
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'latin1')))
  return texts.join('\n')
}

test('the same story without a broker is told by the files alone', async () => {
  const story = await openStory({
    PACT_BROKER_BASE_URL: '',
    PACT_BROKER_USERNAME: '',
    PACT_BROKER_PASSWORD: '',
  })
  expect(await story.gateWithout('1.0')).toMatchObject({ code: 1 })
  await story.verify('1.0')
  expect(await story.gateWithout('1.0')).toMatchObject({ code: 0 })
  expect(await story.gateWithout('1.1')).toMatchObject({ code: 1 })
  await story.verify('1.1', story.regions.slice(0, 1))
  const gate = await story.gateWithout('1.1')
  expect(gate.code).toBe(1)
  expect(gate.out).toContain(faulty)
  expect(gate.out).toContain('1 of 2 yes')
})

test('without a broker nothing can be published, and a gate needs a version', async () => {
  const story = await openStory({
    PACT_BROKER_BASE_URL: '',
    PACT_BROKER_USERNAME: '',
    PACT_BROKER_PASSWORD: '',
  })
  expect(await story.publishPacts()).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^BROKER_URL_INVALID/),
  })
  expect(await assay(story.folder, ['gate'], {})).toMatchObject({
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
})

test('a broken pact is never published', async (context) => {
  const story = await openStory(realBroker(context))
  await writeFile(path.join(story.folder, 'contracts/shop-stock.json'), '{"consumer":{}}')
  expect(await story.publishPacts()).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^PACT_NOT_A_PACT/),
  })
})
