import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type TestContext, testCells } from './cells.ts'
import { ownSuite } from './prepare.ts'
import { type Provider, type ProviderOptions, startProvider } from './provider/index.ts'
import type { RunOptions } from './run.ts'
import { reachAll } from './selftest.ts'

const specFolder = path.join(path.dirname(ownSuite), '../spec')
const open: Provider[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()))
})

async function start(options: ProviderOptions) {
  const provider = await startProvider(options)
  open.push(provider)
  const [region] = provider.regions
  if (region === undefined) throw new Error('the provider has no region')
  const [targets, environment] = reachAll(region)
  return { region, targets, environment }
}

type Told = { readonly kind: 'passed' | 'skipped' | 'failed'; readonly text: string }

/** Collects the tests as a runner does; `tell` runs those that it is given, and says how each ended. */
async function collect(options: RunOptions) {
  const tests = new Map<string, (context: TestContext) => Promise<void>>()
  const path: string[] = []
  await testCells(
    {
      describe(name, define) {
        path.push(name)
        define()
        path.pop()
      },
      test: (name, _options, body) => void tests.set([...path, name].join(' › '), body),
    },
    { seed: 1, journal: await makeFolder(), ...options },
  )
  async function tell(name: string, signal?: AbortSignal): Promise<Told> {
    let text = ''
    const skip = (note = '') => {
      text = note
    }
    try {
      await tests.get(name)?.({ skip, ...(signal === undefined ? {} : { signal }) })
      return { kind: text === '' ? 'passed' : 'skipped', text }
    } catch (error) {
      return { kind: 'failed', text: (error as Error).message }
    }
  }
  return { names: [...tests.keys()], tell }
}

const makeFolder = () => mkdtemp(path.join(tmpdir(), 'assay-'))
const cells = [
  ...['200', '401', '404', '500', 'deleted-stays-deleted', 'only-the-named-is-deleted'],
  ...['one-of-two-deletions-wins', 'deleted-credential-stops-working'],
  ...['authentication-before-existence', 'credential-form-is-enforced', 'accounts-stay-apart'],
  ...['failed-request-can-be-repeated', 'any-id-is-answered'],
  'undocumented-method-does-nothing',
]

test('there is a test per cell, named region › operation › status or law, and one for what is left', async () => {
  const { names } = await collect({ targets: { names: ['reference'] } })
  expect(names).toHaveLength(61)
  expect(names.slice(0, 15)).toEqual([
    ...cells.map((name) => `aws-us-east-1 › deleteApiToken › ${name}`),
    'aws-us-east-1 › nothing is left behind',
  ])
  expect(names.at(-1)).toBe('the regions agree')
})

test('a broken promise fails with everything that is to be known of it', async () => {
  const { region, targets, environment } = await start({
    regions: ['one'],
    faults: [{ name: 'not-found-lies-success' }],
  })
  const { tell } = await collect({ targets, environment })
  const host = new URL(region.url).host
  const { kind, text } = await tell(`${host} › deleteApiToken › 404`)
  expect(kind).toBe('failed')
  expect(text).toMatch(/^envelope: expected false at \/success\nreceived true\npromised .*envelope/)
  expect(text).toMatch(/envelope\.yaml:\d+:\d+\nfinding [0-9a-f]{12}\ncurl -sSi -X DELETE/)
  expect(await tell(`${host} › deleteApiToken › 200`)).toEqual({ kind: 'passed', text: '' })
  expect(await tell(`${host} › nothing is left behind`)).toEqual({ kind: 'passed', text: '' })
})

test('regions that do not agree fail one test, with what each answers', async () => {
  const faults = [{ name: 'empty-data', region: 'odd' }]
  const provider = await startProvider({ regions: ['one', 'odd', 'three'], faults })
  open.push(provider)
  const folder = await makeFolder()
  const text = await readFile(ownSuite, 'utf8')
  const entries = provider.regions.map(
    ({ name, url }) => `  ${name}: {url: '${url}', credential: {env: KEY_${name}}}\n`,
  )
  const suite = path.join(folder, 'suite.yaml')
  const settings = text.slice(0, text.indexOf('\ntargets:')).replaceAll('../spec', specFolder)
  await writeFile(suite, `${settings}\ntargets:\n${entries.join('')}`)
  const environment = Object.fromEntries(
    provider.regions.map(({ name, apiKey }) => [`KEY_${name}`, apiKey]),
  )
  const states = { url: '/_assay/states' }
  const filter = { includeStatuses: ['200'] }
  const targets = { states, safety: 'disposable' } as const
  const { tell } = await collect({ suite, environment, targets, filter })
  expect(await tell('odd › deleteApiToken › 200')).toEqual({ kind: 'passed', text: '' })
  const { kind, text: said } = await tell('the regions agree')
  expect(kind).toBe('failed')
  expect(said).toMatch(/^DELETE \/api\/tokens\/\{id\} → 200, in odd \(1 of 3\)\nregion-agreement: /)
  expect(said).toMatch(/message: string, as in one, three\nreceived no \/data\/message\npromised /)
  expect(said).toContain('curl -sSi -X DELETE')
})

test('a declared skip is skipped with its reason; undeclared, the same cell fails with its own', async () => {
  const { targets, environment } = await start({ regions: ['one'], seam: false })
  const { faultHeader: _seam, ...seamless } = targets
  const cannot = [{ status: '500', reason: 'no way to make it fail' }]
  const declared = await collect({ targets: { ...seamless, cannot }, environment })
  const silent = await collect({ targets: seamless, environment })
  const name = declared.names.find((each) => each.endsWith('500')) ?? ''
  expect(await declared.tell(name)).toEqual({ kind: 'skipped', text: 'no way to make it fail' })
  expect(await silent.tell(name)).toMatchObject({
    kind: 'failed',
    text: expect.stringContaining('"the control plane has an internal fault" could not be set up'),
  })
})

test('what a baseline knows is skipped with its reason, and what of it is out of date fails', async () => {
  const { region, targets, environment } = await start({
    regions: ['one'],
    faults: [{ name: 'not-found-lies-success' }],
  })
  const { host } = new URL(region.url)
  const entries = ['9ce8a88572cc', 'ffffffffffff'].map((fingerprint) => ({
    fingerprint,
    expectation: 'deleteApiToken/404',
    check: 'envelope',
    targets: [host],
    owner: 'team-a',
    reason: 'soon',
    expires: '2030-12-31',
  }))
  const baseline = path.join(await makeFolder(), 'known.json')
  await writeFile(baseline, JSON.stringify({ baseline: 1, entries }))
  const today = '2030-06-15'
  const { names, tell } = await collect({ targets, environment, baseline, today })
  expect(names.at(-1)).toBe('the baseline is up to date')
  expect(await tell(`${host} › deleteApiToken › 404`)).toEqual({
    kind: 'skipped',
    text: 'known until 2030-12-31: soon (team-a)',
  })
  const { kind, text } = await tell('the baseline is up to date')
  expect(kind).toBe('failed')
  expect(text).toMatch(
    /^[^\n]*known\.json:1:\d+: deleteApiToken\/404, envelope, in [^\n]*no longer seen/,
  )
})

test('a target that cannot be reached fails every test with the cause', async () => {
  const { names, tell } = await collect({
    targets: { urls: ['http://127.0.0.1:1'], credential: { env: 'KEY' } },
    environment: { KEY: 'k' },
  })
  const told = await Promise.all(names.slice(0, 14).map((name) => tell(name)))
  expect(told.map(({ kind }) => kind)).toEqual(
    cells.map((cell) => (cell === 'accounts-stay-apart' ? 'skipped' : 'failed')),
  )
  expect(told[1]?.text).toContain('http://127.0.0.1:1 cannot be reached')
})

test.each([
  ['who stops a test', (controller: AbortController) => controller.abort()],
  ['a signal that would end the process', () => process.emit('SIGHUP', 'SIGHUP')],
])('%s stops the run, and nothing is left behind', async (_, stop) => {
  const { region, targets, environment } = await start({ regions: ['one'] })
  const before = region.tokens()
  const controller = new AbortController()
  const { names, tell } = await collect({
    targets: { ...targets, rateLimit: '40/s' },
    environment,
  })
  const telling = names.map((name) => tell(name, controller.signal))
  while (region.tokens().length <= before.length) await new Promise(setImmediate)
  stop(controller)
  const told = await Promise.all(telling)
  expect(told.map(({ kind }) => kind)).toEqual([...cells.map(() => 'failed'), 'passed'])
  expect(told[0]?.text).toBe('stopped: the run was stopped before it was shown')
  expect(region.tokens()).toEqual(before)
  expect(process.listenerCount('SIGHUP')).toBe(0)
})

test('targets of one region are told apart by their names', async () => {
  const { targets, environment } = await start({ regions: ['one'] })
  const [url = ''] = targets.urls ?? []
  const { names } = await collect({ targets: { ...targets, urls: [url, url] }, environment })
  expect(new Set(names).size).toBe(31)
  expect(names).toHaveLength(31)
})

test('a mistake is told with what to do about it', async () => {
  const mistake = (options: RunOptions) => collect(options).catch(({ message }) => message)
  expect(await mistake({ targets: { names: ['refrence'] } })).toMatch(
    /^TARGET_UNKNOWN {2}.*\n +hint +did you mean "reference"\?$/,
  )
  expect(await mistake({ filter: { excludeOperations: ['deleteApiToken'] } })).toMatch(
    /^PLAN_EMPTY/,
  )
  const { names, tell } = await collect({ environment: { ASSAY_TARGET: 'aws-us-east-1' } })
  expect((await tell(names[0] ?? '')).text).toMatch(/^TARGET_URL_MISSING.*\n +hint .*ARCHIL_AWS/)
})
