import { mkdtemp, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { loadSource } from '../../document/index.ts'
import { faults, harmless, type Provider } from '../../provider/index.ts'
import { loadPacts } from '../load.ts'
import type { Pact } from '../pact.ts'
import { closeAll, committed, start, verify } from './fixtures/verify.ts'

afterEach(closeAll)

test('a fault is seen exactly where the answer is not what the pact names, and said readably', async () => {
  const pacts = await loadPacts([committed])
  const all = [...faults, ...harmless].map(({ name }) => name)
  const provider = await start({
    regions: all,
    faults: all.map((name) => ({ name, region: name })),
  })
  const { report } = await verify(pacts, await suiteOf(provider))
  const red = report.verdicts.filter(({ verdict }) => verdict !== 'pass')
  const told = all.filter((name) => red.some(({ target }) => target === name))
  const wanted: string[] = []
  for (const region of provider.regions) {
    if (!(await satisfies(region, pacts))) wanted.push(region.name)
  }
  expect(told).toEqual(wanted)
  expect(told.length).toBeGreaterThan(30)
  for (const { verdict, findings } of red) {
    expect(verdict).toBe('fail')
    for (const { check, expected, received, promised } of findings) {
      expect([check, promised]).toEqual(['pact', expect.stringMatching(/\.json:\d+:\d+$/)])
      expect(`${expected} / ${received}`).toMatch(/^\S.* \/ \S/s)
    }
  }
}, 300_000)

type Region = Provider['regions'][number]

/** A suite with each region of a provider as a target of its own, with its own key. */
async function suiteOf({ regions }: Provider) {
  const folder = fileURLToPath(new URL('../../../suites/', import.meta.url))
  const source = await loadSource(path.join(folder, 'control-plane.yaml'))
  const { document, credential, operations } = source.value as Record<string, string>
  const targets = Object.fromEntries(
    regions.map(({ name, url, statesUrl, faultHeader }, index) => [
      name,
      { url, credential: { env: `KEY_${index}` }, states: { url: statesUrl }, faultHeader },
    ]),
  )
  const suite = path.join(await mkdtemp(path.join(tmpdir(), 'assay-')), 'suite.json')
  const whole = { document: path.join(folder, document ?? ''), credential, operations, targets }
  await writeFile(suite, JSON.stringify(whole))
  const keys = regions.map(({ apiKey }, index) => [`KEY_${index}`, apiKey] as const)
  return { suite, environment: Object.fromEntries(keys) }
}

/** Whether a region answers the interactions of the committed pacts as they say, asked by other means. */
async function satisfies(region: Region, pacts: readonly Pact[]): Promise<boolean> {
  for (const { response, states } of pacts.flatMap(({ interactions }) => interactions)) {
    const values: Record<string, string> = {}
    const isFault = states.some(({ name }) => name.includes('internal fault'))
    for (const { name: state, params } of isFault ? [] : states) {
      const body = JSON.stringify({ state, params, action: 'setup' })
      const arranged = await fetch(region.statesUrl, { method: 'POST', body })
      Object.assign(values, await arranged.json())
    }
    const { id = 'absent', apiKey = region.apiKey } = values
    const came = await ask(`${region.url}/api/tokens/${id}`, {
      authorization: `key-${apiKey}`,
      ...(isFault ? { [region.faultHeader.name]: region.faultHeader.value } : {}),
    })
    const json = response.body.kind === 'content' ? response.body.json?.value : undefined
    if (came.status !== response.status || !isLike(came, json)) return false
  }
  return true
}

type Came = {
  readonly status: number | undefined
  readonly types: readonly string[]
  readonly body: unknown
}

/** A media type of JSON, and each member that the pact names: literal, or of its type where it is text. */
function isLike({ types, body }: Came, wanted: unknown): boolean {
  if (types.length === 0 || !types.every((type) => /^application\/json/i.test(type))) return false
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false
  const members = new Map<string, unknown>(Object.entries(body))
  return Object.entries(wanted as object).every(([name, value]) =>
    typeof value === 'string' ? typeof members.get(name) === 'string' : members.get(name) === value,
  )
}

function ask(url: string, headers: Record<string, string>): Promise<Came> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'DELETE',
      headers: { ...headers, 'accept-encoding': 'gzip, deflate, br' },
    })
    sent.on('error', reject)
    sent.on('response', async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      const raw = response.rawHeaders
      const types = raw.flatMap((name, index) =>
        index % 2 === 0 && /^content-type$/i.test(name) ? [raw[index + 1] ?? ''] : [],
      )
      const coding = response.headers['content-encoding']
      resolve({ status: response.statusCode, types, body: read(Buffer.concat(chunks), coding) })
    })
    sent.end()
  })
}

function read(body: Buffer, coding = 'identity'): unknown {
  const decoders: Record<string, (bytes: Buffer) => Buffer> = {
    identity: (bytes) => bytes,
    gzip: gunzipSync,
    deflate: inflateSync,
    br: brotliDecompressSync,
  }
  try {
    const decoded = decoders[coding]?.(body)
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(decoded))
  } catch {
    return undefined
  }
}
