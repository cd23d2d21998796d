import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { command, startAssay } from '../fixtures/assay.ts'
import { type Provider, startProvider } from '../provider/index.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

type Manner = {
  readonly env?: Readonly<Record<string, string>>
  readonly folder?: string
  readonly meet?: (kill: (signal: NodeJS.Signals) => void) => void
}

async function assay(args: readonly string[], { env = {}, folder, meet }: Manner = {}) {
  const running = await startAssay(args, env, folder)
  meet?.(running.kill)
  return { ...(await running.ended), folder: running.folder }
}

async function provide(options: Parameters<typeof startProvider>[0]): Promise<Provider> {
  const provider = await startProvider(options)
  closers.push(() => provider.close())
  return provider
}

function regionOf(provider: Provider) {
  const [region] = provider.regions
  if (region === undefined) throw new Error('no region')
  return region
}

const reach = (url: string) => [
  '-u',
  url,
  '--api-key-env',
  'KEY',
  '--states-url',
  '/_assay/states',
  '--safety',
  'disposable',
]

test('a newcomer runs one command and sees every promise kept', async () => {
  const { code, out, err } = await assay(['run'])
  expect(out).toMatch(/^Assay \d/)
  expect(out).toMatch(/conforming: 56 of 56 pass/)
  expect(out).not.toContain('\u001b')
  expect(err).toMatch(/looked at/)
  expect(code).toBe(0)
})

test('any server that speaks the document and the state URL can be looked at, several at once', async () => {
  const provider = await provide({ regions: ['a', 'b'] })
  const [a, b] = provider.regions
  const key = regionOf(provider).apiKey
  const { code, out } = await assay(
    [
      'run',
      ...reach(a?.url ?? ''),
      '-u',
      b?.url ?? '',
      '--fault-header',
      'X-Assay-Fault: internal-error',
      '--report',
      'json',
      '--include-status',
      '401',
    ],
    { env: { KEY: key } },
  )
  const report = JSON.parse(out) as { targets: { name: string }[]; tally: { pass: number } }
  expect(report.targets.map(({ name }) => `http://${name}`)).toEqual([a?.url, b?.url])
  expect([report.tally.pass, code]).toEqual([1, 1])
})

test('an option goes before its environment twin, and the twin before the suite file', async () => {
  const twin = await assay(['run', '--report', 'json'], {
    env: { ASSAY_INCLUDE_STATUS: '404', ASSAY_SEED: '5' },
  })
  expect(JSON.parse(twin.out)).toMatchObject({ seed: 5, tally: { pass: 4 } })
  const option = await assay(['run', '--report', 'json', '--seed', '6'], {
    env: { ASSAY_INCLUDE_STATUS: '404', ASSAY_SEED: '5' },
  })
  expect(JSON.parse(option.out)).toMatchObject({ seed: 6 })
})

test('provider: regions that share an account, lie far away and each have faults of their own', async () => {
  const child = spawn(process.execPath, [
    ...[command, 'provider', '--regions', '3', '--shared-account', '--latency', '0.05s'],
    ...['--fault', 'not-found-answers-410@aws-eu-west-1,dies=1@aws-us-west-2'],
  ])
  closers.push(async () => child.kill())
  const line = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk) => resolve(String(chunk))),
  )
  const { regions } = JSON.parse(line) as { regions: { url: string; apiKey: string }[] }
  expect(new Set(regions.map(({ apiKey }) => apiKey)).size).toBe(1)
  const statuses = async () =>
    Promise.all(
      regions.map(({ url, apiKey }) => {
        const headers = { authorization: `key-${apiKey}` }
        return fetch(`${url}/api/tokens/x`, { method: 'DELETE', headers }).then(
          ({ status }) => status,
          () => 'no answer',
        )
      }),
    )
  const begun = performance.now()
  expect(await statuses()).toEqual([404, 410, 404])
  expect(performance.now() - begun).toBeGreaterThan(45)
  expect(await statuses()).toEqual([404, 410, 'no answer'])
})

test('mistakes are answered with the nearest right word, on standard error, with exit 2', async () => {
  const cases: [string[], RegExp][] = [
    [['rnu'], /Did you mean run\?/],
    [['run', '--targte', 'x'], /Did you mean --target\?/],
    [['run', '--target', 'refrence'], /TARGET_UNKNOWN.*\n.*did you mean "reference"/],
    [['run', 'nowhere.yaml'], /SOURCE_NOT_FOUND/],
    [['run', '--include-status', '40'], /FILTER_UNKNOWN/],
    [['run', '--exclude-operation', 'deleteApiToken'], /PLAN_EMPTY/],
    [['run', '--target', 'aws-us-east-1'], /TARGET_URL_MISSING.*\n.*ARCHIL_AWS_US_EAST_1_URL/],
    [['run', '--report', 'pdf'], /USAGE/],
    [['run', '-H', 'nonsense'], /USAGE/],
    [['run', '--workers', '0'], /whole number/],
    [['provider', '--fault', 'not-found-lies-succes'], /did you mean "not-found-lies-success"/],
    [['provider', '--fault', 'gzip@aws-us-east-2'], /did you mean "aws-us-east-1"/],
    [['provider', '--latency', '80 miles'], /like 80ms or 2s/],
  ]
  for (const [args, message] of cases) {
    const { code, out, err } = await assay(args)
    expect(err, args.join(' ')).toMatch(message)
    expect([code, out], args.join(' ')).toEqual([2, ''])
  }
})

test('plan says what would be sent and sends nothing', async () => {
  const provider = await provide({ regions: ['a'] })
  const region = regionOf(provider)
  const { code, out } = await assay(['plan', ...reach(region.url)], { env: { KEY: region.apiKey } })
  expect(code).toBe(0)
  expect(out).toContain('deleteApiToken/401/truncated')
  expect(out).toContain('touches others')
  expect(out).toContain('Nothing was sent.')
  expect(out).not.toContain(region.apiKey)
  expect(region.seen()).toEqual([])
})

test('plan says what is looked at in one region of an account after it was done in another', async () => {
  const { regions } = await provide({ regions: ['a', 'b'] })
  const [one, two] = regions.map(({ url }) => new URL(url).host)
  const urls = regions.flatMap(({ url }) => ['-u', url])
  const args = ['--api-key-env', 'KEY', '--states-url', '/_assay/states', '--account', 'staging']
  const times = ['--revocation-budget', '2000', '--consistency-window', '500']
  const { code, out } = await assay(['plan', ...urls, ...args, ...times], {
    env: { KEY: regions[0]?.apiKey ?? '' },
  })
  expect(code).toBe(0)
  expect(out).toContain('account staging · revocation within 2000 ms · the old state for 500 ms')
  expect(out).toContain(`elsewhere/1   in ${one} from ${two}, ${two} from ${one}`)
  expect(out).toContain('as the configured credential where it was made   → 2XX')
  expect(out).toContain('→ 401, again and again until it stays so')
  expect(regions.flatMap(({ seen }) => seen())).toEqual([])
})

test('Ctrl-C in the middle: what was made is removed, the journal says so, exit 130', async () => {
  const provider = await provide({ regions: ['a'] })
  const region = regionOf(provider)
  const before = region.tokens()
  const { code, out, folder } = await assay(
    ['run', ...reach(region.url), '--workers', '2', '--rate-limit', '40/s'],
    {
      env: { KEY: region.apiKey },
      meet: (kill) => whenMore(region, before.length, () => kill('SIGINT')),
    },
  )
  expect(code).toBe(130)
  expect(out).toContain('interrupted')
  expect(region.tokens()).toEqual(before)
  expect(await openCreations(folder)).toEqual([])
})

test('what a killed run left is removed by cleanup, and nothing else', async () => {
  const provider = await provide({ regions: ['a'] })
  const region = regionOf(provider)
  const before = region.tokens()
  const env = { KEY: region.apiKey }
  const { code, folder } = await assay(['run', ...reach(region.url), '--rate-limit', '40/s'], {
    env,
    meet: (kill) => whenMore(region, before.length, () => kill('SIGKILL')),
  })
  expect(code).toBe(null)
  expect(region.tokens().length).toBeGreaterThan(before.length)
  const wrong = await assay(['cleanup'], { folder, env })
  expect(wrong.code).toBe(1)
  const { code: cleaned, out } = await assay(['cleanup', ...reach(region.url)], { folder, env })
  expect(out).toContain('GONE')
  expect(cleaned).toBe(0)
  expect(region.tokens()).toEqual(before)
  expect((await assay(['cleanup', ...reach(region.url)], { folder, env })).out).toBe(
    'Nothing was left behind.\n',
  )
})

test('no credential is in any output, journal, report or error, also when the server echoes it', async () => {
  const { url, issued } = await startEcho()
  const secrets = {
    KEY: 'live-key-0123456789abcdef',
    STATES: 'states-secret-4711',
    FAULT: 'fault-secret-0815',
    EXTRA: 'extra-secret-2342',
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
  const { code, out, err } = await assay(
    [
      'run',
      ...reach(url),
      '--states-header',
      'X-States: ${STATES}',
      '--fault-header',
      'X-Fault: ${FAULT}',
      '-H',
      'X-Extra-Token: ${EXTRA}',
      '--report',
      'console,json',
      '--report-dir',
      'reports',
    ],
    { env: secrets, folder },
  )
  expect(code).toBe(1)
  expect(issued.length).toBeGreaterThan(5)
  const written = await allFiles(folder)
  expect(written.length).toBe(2)
  const everything = [out, err, ...written].join('\n')
  expect(everything).toContain('***')
  for (const secret of [...Object.values(secrets), ...issued]) {
    const forms = [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64').slice(0, -4),
      Buffer.from(secret).toString('hex'),
    ]
    expect(forms.filter((form) => everything.includes(form))).toEqual([])
  }
})

/** Answers every request with everything that it was sent, in several encodings. */
async function startEcho(): Promise<{ url: string; issued: string[] }> {
  const issued: string[] = []
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    if (request.url?.startsWith('/_assay/states') && body.includes('"setup"')) {
      const token = `issued/${issued.length}+token=${Math.random().toString(36).slice(2)}`
      issued.push(token)
      response.end(JSON.stringify({ id: `id-${issued.length}`, token, apiKey: token }))
      return
    }
    const raw = request.rawHeaders.join('|')
    const echo = [
      raw,
      encodeURIComponent(raw),
      Buffer.from(raw).toString('base64'),
      Buffer.from(raw).toString('hex'),
      body,
      ...issued,
    ]
    response.writeHead(request.url?.startsWith('/_assay/states') ? 200 : 401, {
      'content-type': 'application/json',
      'x-echo': String(request.headers.authorization ?? 'none'),
    })
    response.end(
      JSON.stringify({
        success: false,
        error: { got: request.headers.authorization, all: echo.join(' ') },
      }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, issued }
}

function whenMore(region: ReturnType<typeof regionOf>, count: number, act: () => void): void {
  const watch = setInterval(() => {
    if (region.tokens().length <= count + 1) return
    clearInterval(watch)
    act()
  }, 5)
  closers.push(async () => clearInterval(watch))
}

async function openCreations(folder: string): Promise<readonly string[]> {
  const open = new Set<string>()
  const [journal = ''] = await allFiles(path.join(folder, '.assay'))
  for (const line of journal.trim().split('\n')) {
    const { event, key } = JSON.parse(line) as { event: string; key: string }
    if (event === 'creating') open.add(key)
    if (event === 'released') open.delete(key)
  }
  return [...open]
}

async function allFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Promise.all(
    files.map(({ parentPath, name }) => readFile(path.join(parentPath, name), 'utf8')),
  )
}
