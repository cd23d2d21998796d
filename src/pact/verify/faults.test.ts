import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { loadSource } from '../../document/index.ts'
import { type Fault, faults, harmless, type Provider } from '../../provider/index.ts'
import { loadPacts } from '../load.ts'
import type { Pact } from '../pact.ts'
import { closeAll, committed, start, verify } from './fixtures/verify.ts'

afterEach(closeAll)

test('a fault is seen exactly where the answer is not what the pact names, and said readably', async () => {
  const pacts = await loadPacts([committed])
  const all = [...faults.filter(changesContent), ...harmless].map(({ name }) => name)
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
}, 120_000)

/** Whether a fault is one of what is answered, which a contract is about, rather than of how and when. */
function changesContent({ caughtBy }: Fault): boolean {
  const about = ['status-code', 'media-type', 'body-encoding', 'body-schema', 'envelope']
  return caughtBy.length > 0 && caughtBy.every(({ check }) => about.includes(check))
}

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

async function ask(url: string, headers: Record<string, string>): Promise<Came> {
  const sent = request(url, {
    method: 'DELETE',
    headers: { ...headers, 'accept-encoding': 'gzip, deflate, br' },
    timeout: 5000,
  })
  sent.end()
  sent.on('timeout', () => sent.destroy())
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const raw = response.rawHeaders
  const types = raw.flatMap((name, index) =>
    index % 2 === 0 && /^content-type$/i.test(name) ? [raw[index + 1] ?? ''] : [],
  )
  const body = await buffer(response).catch(() => undefined)
  const coding = response.headers['content-encoding']
  return { status: response.statusCode, types, body: body && read(body, coding) }
}

/** What follows the compressed data is passed over by the library, but no part of any content. */
function wholeDeflate(bytes: Buffer): Buffer {
  const { buffer: content, engine } = inflateSync(bytes, { info: true }) as unknown as {
    readonly buffer: Buffer
    readonly engine: { readonly bytesWritten: number }
  }
  if (engine.bytesWritten < bytes.length) throw new Error('bytes follow')
  return content
}

function read(body: Buffer, coding = 'identity'): unknown {
  const decoders: Record<string, (bytes: Buffer) => Buffer> = {
    identity: (bytes) => bytes,
    gzip: gunzipSync,
    deflate: wholeDeflate,
    br: brotliDecompressSync,
  }
  try {
    const decoded = decoders[coding]?.(body)
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(decoded))
  } catch {
    return undefined
  }
}
