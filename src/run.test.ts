import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { collectReport } from './collect.ts'
import { outages, type Provider, type ProviderOptions, startProvider } from './provider/index.ts'
import { type Report, reportSchema } from './report/index.ts'
import { type RunOptions, run } from './run.ts'
import { compileSchema } from './schema/index.ts'

const open: Provider[] = []
afterAll(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()))
})

async function start(options: ProviderOptions): Promise<Provider> {
  const provider = await startProvider(options)
  open.push(provider)
  return provider
}

async function look(options: RunOptions): Promise<Report> {
  const journal = options.journal ?? (await mkdtemp(path.join(tmpdir(), 'assay-')))
  return collectReport(run({ seed: 1, ...options, journal }))
}

/** How a run reaches the regions of a provider: everything that it offers is used. */
function reach({ regions }: Provider): RunOptions {
  const [first] = regions
  return {
    targets: {
      urls: regions.map(({ url }) => url),
      credential: { env: 'KEY' },
      states: { url: '/_assay/states' },
      ...(first === undefined ? {} : { faultHeader: first.faultHeader }),
      safety: 'disposable',
      requestTimeout: 1500,
      connectTimeout: 1500,
    },
    environment: { KEY: first?.apiKey },
  }
}

const verdictsOf = (report: Report, target?: string) =>
  report.verdicts
    .filter((each) => target === undefined || each.target === target)
    .map(({ expectation, verdict, why }) => `${expectation.split('/')[1]} ${why ?? verdict}`)

test('the embedded provider keeps every promise in four regions', async () => {
  const report = await look({})
  expect(report.targets.map(({ region }) => region)).toEqual([
    'aws-us-east-1',
    'aws-eu-west-1',
    'aws-us-west-2',
    'gcp-us-central1',
  ])
  expect(report.tally).toMatchObject({ pass: 56, fail: 0, error: 0 })
  expect([report.conclusion, report.exitCode]).toEqual(['conforming', 0])
  expect((await compileSchema(reportSchema))(report)).toEqual([])
})

test('a run leaves nothing behind and touches nothing that it did not make', async () => {
  const provider = await start({ regions: ['one'] })
  const before = provider.regions[0]?.tokens()
  const report = await look(reach(provider))
  expect(report.exitCode).toBe(0)
  expect(provider.regions[0]?.tokens()).toEqual(before)
})

test('without states and seam, what cannot be provoked is an undeclared skip and exit 1', async () => {
  const provider = await start({ regions: ['one'], states: false, seam: false })
  const { targets, environment } = reach(provider)
  const { states: _states, faultHeader: _faultHeader, ...bare } = targets ?? {}
  const report = await look({ targets: bare, environment })
  expect(verdictsOf(report)).toEqual([
    '200 undeclared',
    '401 pass',
    '404 pass',
    '500 undeclared',
    'deleted-stays-deleted undeclared',
    'only-the-named-is-deleted undeclared',
    'one-of-two-deletions-wins undeclared',
    'deleted-credential-stops-working undeclared',
    'authentication-before-existence undeclared',
    'credential-form-is-enforced undeclared',
    'accounts-stay-apart declared',
    'failed-request-can-be-repeated undeclared',
    'any-id-is-answered pass',
    'undocumented-method-does-nothing undeclared',
  ])
  expect(report.exitCode).toBe(1)
  const unable = [200, 500, 'authentication-before-existence', 'credential-form-is-enforced']
  const cannot = unable.map((status) => ({ status: String(status), reason: 'none here' }))
  const declared = await look({ targets: { ...bare, cannot }, environment })
  expect(verdictsOf(declared).filter((each) => each.endsWith(' declared'))).toHaveLength(11)
  expect([declared.conclusion, declared.exitCode]).toEqual(['partial', 0])
})

test.concurrent.each(outages)(
  '$name: an error with its cause, in bounded time, and the other region unaffected',
  async (outage) => {
    const provider = await start({
      regions: ['sound', 'broken'],
      faults: [{ name: outage.name, region: 'broken' }],
    })
    const options = reach(provider)
    const keys = { KEY: provider.regions[0]?.apiKey }
    const requestTimeout = outage.cause === 'timeout' ? 1500 : 20_000
    const [sound, broken] = await Promise.all(
      provider.regions.map(({ url, apiKey }) =>
        look({
          ...options,
          targets: { ...options.targets, urls: [url], requestTimeout },
          environment: { ...keys, KEY: apiKey },
        }),
      ),
    )
    expect(sound?.exitCode).toBe(0)
    expect(broken?.tally.error).toBeGreaterThan(0)
    expect(broken?.exitCode).toBe(broken?.leftovers.length === 0 ? 3 : 1)
    const words = {
      reset: /closed/,
      refused: /refused|closed/,
      timeout: /in time/,
      oversize: /larger/,
      'not-http': /no HTTP/,
    }
    const reasons = new Set(broken?.verdicts.flatMap((each) => each.reasons ?? []))
    expect([...reasons].filter((reason) => !words[outage.cause].test(reason))).toEqual([])
    expect(reasons.size).toBeGreaterThan(0)
  },
)

test('a region that cannot be reached is one cause, and a broken promise elsewhere is still said', async () => {
  const provider = await start({ regions: ['one'], faults: [{ name: 'not-found-lies-success' }] })
  const options = reach(provider)
  const urls = [...(options.targets?.urls ?? []), 'http://127.0.0.1:1', 'http://nowhere.invalid']
  const report = await look({ ...options, targets: { ...options.targets, urls } })
  const reasons = (name: string) => [
    ...new Set(
      report.verdicts.filter(({ target }) => target === name).flatMap((each) => each.reasons),
    ),
  ]
  expect(reasons('127.0.0.1:1')).toEqual([
    'http://127.0.0.1:1 cannot be reached: the connection was refused (ECONNREFUSED)',
  ])
  expect(reasons('nowhere.invalid')).toHaveLength(1)
  expect(report.leftovers).toEqual([])
  expect(report.tally).toMatchObject({ fail: 1, error: 28 })
  expect(report.exitCode).toBe(1)
})

test('a schema that does not compile is an error of its cell, exit 2, and the others are judged', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
  const text = await readFile(new URL('../spec/openapi.yaml', import.meta.url), 'utf8')
  const document = path.join(folder, 'openapi.yaml')
  await writeFile(
    document,
    text.replace(
      'type: string\n    ErrorResponse:\n      type: object',
      'type: strnig\n    ErrorResponse:\n      type: object',
    ),
  )
  const provider = await start({ regions: ['one'] })
  const suite = new URL('../suites/control-plane.yaml', import.meta.url).pathname
  const report = await look({ ...reach(provider), suite, document })
  expect(verdictsOf(report)[0]).toBe('200 error')
  expect(report.verdicts[0]?.codes).toEqual(['SCHEMA_NOT_COMPILED'])
  expect(report.verdicts[0]?.reasons?.[0]).toMatch(/openapi\.yaml:\d+:\d+/)
  const others = verdictsOf(report).slice(1)
  expect(others).toHaveLength(13)
  expect(others.filter((each) => !each.endsWith(' pass'))).toEqual([])
  expect(report.exitCode).toBe(2)
})

test('recipes arrange the same states by plain requests, and clean up after themselves', async () => {
  const provider = await start({ regions: ['one'], states: false })
  const before = provider.regions[0]?.tokens()
  const { targets, environment } = reach(provider)
  const { states: _states, ...rest } = targets ?? {}
  const report = await look({ targets: { ...rest, recipes: 'tokens-api' }, environment })
  expect(verdictsOf(report).filter((each) => !each.endsWith(' pass'))).toEqual([
    'accounts-stay-apart declared',
  ])
  expect([report.conclusion, report.exitCode]).toEqual(['partial', 0])
  expect(provider.regions[0]?.tokens()).toEqual(before)
})

test('a target classed production receives nothing but GET and HEAD', async () => {
  const provider = await start({ regions: ['one'] })
  const { targets, environment } = reach(provider)
  const report = await look({ targets: { ...targets, safety: 'production' }, environment })
  expect(provider.regions[0]?.seen()).toEqual([])
  expect(new Set(verdictsOf(report).map((each) => each.split(' ')[1]))).toEqual(
    new Set(['undeclared']),
  )
  expect(report.exitCode).toBe(1)
})

test('a stopped run removes what it made, notes that it did, and says what was not seen', async () => {
  const provider = await start({ regions: ['one'] })
  const before = provider.regions[0]?.tokens()
  const journal = await mkdtemp(path.join(tmpdir(), 'assay-'))
  const controller = new AbortController()
  const watch = setInterval(() => {
    if ((provider.regions[0]?.tokens().length ?? 0) > (before?.length ?? 0))
      controller.abort('SIGINT')
  }, 1)
  const report = await look({ ...reach(provider), journal, signal: controller.signal })
  clearInterval(watch)
  expect([report.conclusion, report.exitCode]).toEqual(['interrupted', 130])
  expect(report.tally.stopped).toBeGreaterThan(0)
  expect(provider.regions[0]?.tokens()).toEqual(before)
  const lines = (await readJournal(journal)).map(
    (line) => JSON.parse(line) as { event: string; name: string },
  )
  const names = (event: string) =>
    lines
      .filter((each) => each.event === event)
      .map(({ name }) => name)
      .sort()
  expect(names('creating').length).toBeGreaterThan(0)
  expect(names('released')).toEqual(names('creating'))
})

test('the same seed sends the same requests', async () => {
  const paths = async () => {
    const provider = await start({ regions: ['one'] })
    const { targets, environment } = reach(provider)
    const { states: _states, ...rest } = targets ?? {}
    await look({ targets: rest, environment, seed: 7 })
    return provider.regions[0]
      ?.seen()
      .map(({ method, url }) => `${method} ${url}`)
      .sort()
  }
  const first = await paths()
  expect(first?.length).toBeGreaterThan(10)
  expect(await paths()).toEqual(first)
})

async function readJournal(folder: string): Promise<readonly string[]> {
  const [file = ''] = await readdir(folder)
  return (await readFile(path.join(folder, file), 'utf8')).trim().split('\n')
}

test.each([
  [false, 'conforming', 0, []],
  [true, 'broken', 1, ['401 fail']],
] as const)(
  'what is only practice is told, and red where it is to be: strict %s',
  async (strict, conclusion, exitCode, red) => {
    const provider = await start({
      regions: ['one'],
      faults: [{ name: 'unauthorized-has-no-date' }],
    })
    const report = await look({ ...reach(provider), strict })
    expect([report.conclusion, report.exitCode]).toEqual([conclusion, exitCode])
    expect(verdictsOf(report).filter((each) => !each.endsWith('pass'))).toEqual(red)
    expect(report.verdicts.flatMap(({ findings }) => findings)).toMatchObject([
      { check: 'protocol', level: 'should', expected: 'the header Date' },
    ])
  },
)

test('what may be repeated is sent again, in turn and at once, and nothing else is', async () => {
  const provider = await start({ regions: ['one'] })
  await look({ ...reach(provider), filter: { includeStatuses: ['404'] } })
  const seen = provider.regions[0]?.seen() ?? []
  expect(new Set(seen.map(({ url }) => url)).size).toBe(1)
  expect(seen).toHaveLength(12)
})

test('what is only against practice is told in a green run, and red with strict', async () => {
  const provider = await start({ regions: ['one'], faults: [{ name: 'prefix-has-no-case' }] })
  const lax = await look(reach(provider))
  const strict = await collectReport(
    run({
      seed: 1,
      ...reach(provider),
      journal: await mkdtemp(path.join(tmpdir(), 'assay-')),
      strict: true,
    }),
    { strict: true },
  )
  const told = (report: Report) =>
    report.verdicts.flatMap(({ expectation, verdict, findings }) =>
      findings.map(({ level }) => `${expectation} ${verdict} ${level}`),
    )
  const cell = 'deleteApiToken/credential-form-is-enforced'
  expect([told(lax), lax.exitCode]).toEqual([[`${cell} pass should`], 0])
  expect([told(strict), strict.exitCode]).toEqual([[`${cell} fail should`], 1])
})
