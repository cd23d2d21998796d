import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collectReport } from './collect.ts'
import {
  type Provider,
  type RegionHandle,
  type SeenRequest,
  startProvider,
} from './provider/index.ts'
import { type RunOptions, run } from './run.ts'

type Look = { readonly seen: readonly SeenRequest[]; readonly region: RegionHandle }

const open: Provider[] = []
afterAll(() => Promise.all(open.map((provider) => provider.close())))

/** Runs the suite on a region of its own and answers every request that arrived there. */
async function look(targets: RunOptions['targets'], seed = 1): Promise<Look> {
  const provider = await startProvider({ regions: ['one'] })
  open.push(provider)
  const [region] = provider.regions as [RegionHandle]
  await collectReport(
    run({
      targets: {
        urls: [region.url],
        credential: { env: 'KEY' },
        states: { url: region.statesUrl },
        faultHeader: region.faultHeader,
        ...targets,
      },
      environment: { KEY: region.apiKey },
      journal: await mkdtemp(path.join(tmpdir(), 'assay-')),
      seed,
    }),
  )
  return { seen: region.seen(), region }
}

const root = '/api/tokens/'
const idsIn = (seen: readonly SeenRequest[]) =>
  seen
    .filter(({ url }) => url.startsWith(root))
    .map(({ method, url }) => ({ method, wire: url.slice(root.length).split('?')[0] ?? '' }))
const headersNamed = (name: string, { headers }: SeenRequest) =>
  headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
const textOf = ({ method, url, headers }: SeenRequest) =>
  [`${method} ${url}`, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n')

describe.each(['shared', 'disposable'] as const)('on a target classed %s', (safety) => {
  let seen: readonly SeenRequest[] = []
  let region: RegionHandle
  beforeAll(async () => {
    const looked = await look({ safety })
    seen = looked.seen
    region = looked.region
  })

  it('nothing is left and what was there before is untouched and never named', () => {
    const tokens = region.tokens()
    expect(tokens.map(({ createdBy }) => createdBy)).toEqual(['seed', 'seed', 'seed', 'seed'])
    const named = new Set(idsIn(seen).map(({ wire }) => wire.toLowerCase()))
    expect(tokens.filter(({ id }) => named.has(id))).toEqual([])
    expect(named.size).toBeGreaterThan(50)
  })

  it('the configured key stands where the document puts it, whole, and nowhere else', () => {
    const key = region.apiKey
    const shows = seen.filter((request) => textOf(request).includes(key))
    expect(shows.length).toBeGreaterThan(30)
    for (const request of shows) {
      expect(headersNamed('authorization', request)).toEqual([`key-${key}`])
      expect(textOf(request).split(key)).toHaveLength(2)
    }
    const parts = [key.slice(0, 16), key.slice(-16), key.toUpperCase(), [...key].reverse().join('')]
    const altered = [...parts, Buffer.from(`${key}:`).toString('base64').slice(0, 24)]
    const others = seen.filter((request) => !shows.includes(request)).map(textOf)
    expect(others.filter((text) => altered.some((each) => text.includes(each)))).toEqual([])
  })

  it('every request says who sends it, and only the API and its state URL are asked', () => {
    const odd = seen.filter(({ url }) => !url.startsWith(root) && url !== '/_assay/states')
    expect(odd).toEqual([])
    expect(new Set(seen.flatMap((each) => headersNamed('user-agent', each))).size).toBe(1)
    expect(seen[0] && headersNamed('user-agent', seen[0])).toEqual([
      expect.stringMatching(/^assay\/\S+ run\/[0-9a-f]{8}$/),
    ])
  })
})

describe('off class disposable', () => {
  let seen: readonly SeenRequest[] = []
  beforeAll(async () => {
    seen = (await look({ safety: 'shared' })).seen
  })

  it('ids have no slash, dot segment, wildcard, quote, control character or code, and are short', () => {
    const ids = idsIn(seen)
    expect(ids.length).toBeGreaterThan(80)
    for (const { wire, method } of ids) {
      const id = decodeURIComponent(wire)
      expect(id).toMatch(/^[\p{L}\p{M}\p{N}\p{So}\p{Cf} _~.:@+=-]+$/u)
      expect(id).not.toMatch(/^\.+$/)
      if (method === 'DELETE') expect([...id].length).toBeLessThanOrEqual(64)
    }
  })

  it('only DELETE, and of the undocumented methods GET, HEAD and OPTIONS, are sent', () => {
    const methods = seen.filter(({ url }) => url.startsWith(root)).map(({ method }) => method)
    expect(new Set(methods)).toEqual(new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS']))
  })

  it('nothing goes into a query', () => {
    expect(seen.filter(({ url }) => url.includes('?'))).toEqual([])
  })
})

it('on class disposable, all of that is sent', async () => {
  const { seen } = await look({ safety: 'disposable' })
  const ids = idsIn(seen).map(({ wire }) => wire)
  for (const each of ['', '..', '%2F', '%00', '*', "'%20OR%20'1'%3D'1"])
    expect(ids.some((id) => id.endsWith(each))).toBe(true)
  expect(ids.some((id) => id.length === 8192)).toBe(true)
  expect(seen.some(({ url }) => /\?api_key=[0-9a-f]{48}$/.test(url))).toBe(true)
  expect(seen.some(({ method, url }) => method === 'PATCH' && url.startsWith(root))).toBe(true)
})

it('a target classed production gets nothing, where the document only deletes', async () => {
  expect((await look({ safety: 'production' })).seen).toEqual([])
})

it('what a target forbids is not sent: its fault state, and more than its budgets', async () => {
  const { seen } = await look({ safety: 'shared', faultState: false, requestBudget: 40 })
  expect(seen.filter(({ url }) => url.startsWith(root)).length).toBeLessThanOrEqual(40)
})

describe('the same seed', () => {
  /** What is answered by states, and what is made of it, is another thing each time. */
  function requests({ seen }: Look, known: ReadonlySet<string>): readonly string[] {
    return seen
      .filter(({ url }) => url.startsWith(root))
      .map((request) => {
        const { method, url } = request
        const segment = url.slice(root.length)
        const shown = known.has(segment) ? segment : segment.replace(/[0-9a-f%]{20,}.*/i, 'made')
        const credentials = request.headers
          .filter(([name]) => /^(authorization|cookie|x-)/i.test(name))
          .map(
            ([name, value]) => `${name}: ${value.replace(/[0-9a-f]{8,}.*|[\w+/]{30,}=*/i, 'key')}`,
          )
        return [method, shown, ...credentials].join(' ')
      })
      .sort()
  }
  const segments = ({ seen }: Look) => new Set(idsIn(seen).map(({ wire }) => wire))

  it('gives the same requests, another seed others', async () => {
    const [one, again, other] = [
      await look({ safety: 'disposable' }, 7),
      await look({ safety: 'disposable' }, 7),
      await look({ safety: 'disposable' }, 8),
    ]
    const common = new Set([...segments(one)].filter((each) => segments(again).has(each)))
    expect(requests(one, common)).toEqual(requests(again, common))
    const random = [...common].filter((each) => /^(?=.*[a-f])[0-9a-f]{32}$/.test(each))
    expect(random.length).toBeGreaterThan(30)
    expect(random.filter((each) => segments(other).has(each))).toEqual([])
  })
})
