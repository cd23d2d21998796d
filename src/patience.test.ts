import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { collectReport } from './collect.ts'
import { type Asked, type Instead, startGateway } from './fixtures/throttle.ts'
import { startProvider } from './provider/index.ts'
import type { Report } from './report/index.ts'
import { type RunOptions, run } from './run.ts'
import type { TargetOptions } from './target/index.ts'

const spec = new URL('../spec/', import.meta.url)

/** Looks at a sound region behind a gateway that answers some requests itself. */
async function look(
  answer: (asked: Asked) => Instead | undefined,
  targets: Partial<TargetOptions> = {},
  options: RunOptions = {},
) {
  const provider = await startProvider({ regions: ['one'] })
  const [region] = provider.regions
  if (region === undefined) throw new Error('no region')
  const gateway = await startGateway(region.url, answer)
  onTestFinished(async () => {
    await gateway.close()
    await provider.close()
  })
  const tokens = region.tokens().length
  const report = await collectReport(
    run({
      targets: {
        urls: [gateway.url],
        credential: { env: 'KEY' },
        states: { url: '/_assay/states' },
        faultHeader: region.faultHeader,
        safety: 'disposable',
        ...targets,
      },
      environment: { KEY: region.apiKey },
      journal: await mkdtemp(path.join(tmpdir(), 'assay-')),
      seed: 1,
      ...options,
    }),
  )
  return { report, gateway, left: region.tokens().length - tokens }
}

const limited = (retryAfter: string): Instead => ({
  status: 429,
  headers: { 'Retry-After': retryAfter },
})

const texts = (report: Report) => report.remarks.map(({ text }) => text)

const findings = (report: Report) => [
  ...new Set(
    report.verdicts.flatMap(({ expectation, findings: found }) =>
      found.map(({ check, level }) => `${expectation} ${check} ${level}`),
    ),
  ),
]

const reasons = (report: Report) => [
  ...new Set(report.verdicts.flatMap((each) => each.reasons ?? [])),
]

/** The suite of the control plane, with a response for 429 in its document, and changed as told. */
async function documented(change: (suite: string) => string = (suite) => suite): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
  const openapi = await readFile(new URL('openapi.yaml', spec), 'utf8')
  const at = openapi.indexOf("        '500':")
  const more = `        '429':\n          $ref: '#/components/responses/NotFound'\n`
  const file = path.join(folder, 'openapi.yaml')
  await writeFile(file, openapi.slice(0, at) + more + openapi.slice(at))
  const suite = await readFile(new URL('../suites/control-plane.yaml', import.meta.url), 'utf8')
  const moved = suite
    .replace('../spec/openapi.yaml', file)
    .replace('../spec/envelope.yaml', new URL('envelope.yaml', spec).pathname)
  await writeFile(path.join(folder, 'suite.yaml'), change(moved))
  return path.join(folder, 'suite.yaml')
}

const isApi = ({ url }: Asked) => url.startsWith('/api/')

/** Answers so to the first two requests to the API. */
function twice(instead: Instead) {
  let times = 0
  return (asked: Asked) => {
    if (isApi(asked)) times += 1
    return isApi(asked) && times <= 2 ? instead : undefined
  }
}

test('a region with a limit for everything passes, only later, and nothing is left on it', async () => {
  let allowed = 80
  let closedUntil = 0
  const { report, gateway, left } = await look(({ at }) => {
    if (at < closedUntil) return limited('1')
    allowed -= 1
    if (allowed > 0) return undefined
    allowed = 80
    closedUntil = at + 900
    return limited('1')
  })
  expect([report.conclusion, report.exitCode, left]).toEqual(['conforming', 0, 0])
  expect(report.tally.pass).toBe(14)
  const refused = gateway.asked.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(0)
  expect(texts(report)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(
        /^waited \d+(\.\d)? s in all because asked to \(429, (once|\d+ times)\)$/,
      ),
    ]),
  )
})

test('a throttled set-up is set up later, and a throttled teardown is undone all the same', async () => {
  const times = { setup: 0, teardown: 0 }
  const { report, left } = await look(
    ({ body, url }) => {
      if (!url.startsWith('/_assay')) return undefined
      const { action } = JSON.parse(body) as { action: 'setup' | 'teardown' }
      times[action] += 1
      return times[action] === 1 ? limited('1') : undefined
    },
    {},
    { filter: { includeStatuses: ['200', '401'] } },
  )
  expect([report.exitCode, report.leftovers, left]).toEqual([0, [], 0])
  expect(texts(report)).toEqual([expect.stringMatching(/^waited .* \(429, 2 times\)$/)])
})

test('a teardown that is told to wait for longer than it has is a leftover that says so', async () => {
  const { report } = await look(
    ({ body, url }) =>
      url.startsWith('/_assay') && body.includes('"teardown"') ? limited('600') : undefined,
    { workers: 2 },
    { filter: { includeStatuses: ['401'] } },
  )
  expect(report.exitCode).toBe(1)
  expect(report.leftovers.length).toBeGreaterThan(0)
  for (const { reason } of report.leftovers)
    expect(reason).toMatch(/asked to wait 600 s \(429, Retry-After\), longer than there is time/)
})

test('a region that asks for an hour is an error that says so, and is not asked again', async () => {
  const { report, gateway } = await look(() => limited('3600'), { workers: 4 })
  expect([report.exitCode, report.tally.error]).toEqual([3, 14])
  expect(
    reasons(report).every((each) => each.includes('asked to wait 3600 s (429, Retry-After)')),
  ).toBe(true)
  expect(gateway.asked.length).toBeLessThan(9)
})

test('a documented 429 that is obeyed is judged, where the document says how it looks', async () => {
  const suite = await documented()
  const options = { suite, filter: { includeStatuses: ['401', '404', '429'] } }
  const sound = await look(twice(limited('1')), {}, options)
  expect(findings(sound.report)).toEqual([])
  expect([sound.report.exitCode, sound.report.tally.pass]).toEqual([0, 3])
  const html = await look(
    twice({ status: 429, headers: { 'Content-Type': 'text/html' }, body: '<p>no' }),
    {},
    options,
  )
  expect(findings(html.report)).toEqual(['deleteApiToken/429 media-type must'])
  const lies = await look(
    twice({ ...limited('soon'), body: '{"success":true,"error":"x"}' }),
    {},
    options,
  )
  expect(findings(lies.report).toSorted()).toEqual([
    'deleteApiToken/429 envelope must',
    'deleteApiToken/429 protocol must',
  ])
  const [first] = lies.report.verdicts.flatMap((each) => each.findings)
  expect(first?.reproduce.at(-1)).toBe('# again and again, until it asks to wait')
})

test('a 429 that is not documented is a remark, never a wrong status', async () => {
  const filter = { includeStatuses: ['404'] }
  const { report } = await look(twice(limited('later')), {}, { filter })
  expect([report.exitCode, findings(report)]).toEqual([0, []])
  expect(texts(report)).toContainEqual(
    expect.stringMatching(
      /^DELETE \/api\/tokens\/\{id\} answered 429, which is not documented, with a Retry-After that cannot be read \(2 times\)$/,
    ),
  )
})

test('a 429 that a state provokes is the answer, and nobody waits for it', async () => {
  const suite = await documented((text) =>
    text.replace(
      '    existing:',
      `    '429': { state: the quota is spent, path: { id: id } }\n    existing:`,
    ),
  )
  const { report, gateway } = await look(
    ({ url, body }) => {
      if (body.includes('the quota is spent')) return { status: 200, body: '{"id":"spent"}' }
      return url === '/api/tokens/spent' ? limited('600') : undefined
    },
    { safety: 'disposable' },
    { suite, filter: { includeStatuses: ['429'] } },
  )
  expect(report.verdicts.map(({ expectation, verdict }) => `${expectation} ${verdict}`)).toEqual([
    'deleteApiToken/429 pass',
  ])
  expect([report.exitCode, texts(report)]).toEqual([0, []])
  expect(gateway.asked.filter(({ url }) => url === '/api/tokens/spent')).toHaveLength(1)
})

test('nobody waits for the sake of repeating what was answered already', async () => {
  const times = new Map<string, number>()
  const { report } = await look(
    (asked) => {
      if (!isApi(asked)) return undefined
      const seen = (times.get(asked.url) ?? 0) + 1
      times.set(asked.url, seen)
      return seen > 2 ? limited('1') : undefined
    },
    {},
    { filter: { includeStatuses: ['404'] } },
  )
  expect([report.exitCode, findings(report)]).toEqual([0, []])
  expect(Math.max(...times.values())).toBe(3)
})
