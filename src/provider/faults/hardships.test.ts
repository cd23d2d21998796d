import { afterAll, expect, it } from 'vitest'
import { arrange, ask } from '../fixtures/listen.ts'
import { type FaultChoice, type Provider, type RegionHandle, startProvider } from '../index.ts'

const open: Provider[] = []
afterAll(() => Promise.all(open.map((provider) => provider.close())))

async function start(faults: readonly FaultChoice[], options = {}): Promise<RegionHandle> {
  const provider = await startProvider({ regions: ['here'], faults, ...options })
  open.push(provider)
  return provider.regions[0] as RegionHandle
}

/** What became of several requests in turn: a status, or the code of an error. */
async function hear(region: RegionHandle, times: number) {
  const heard: unknown[] = []
  for (let index = 0; index < times; index += 1)
    heard.push(
      await ask(region, { headers: { connection: 'close' } }).then(
        ({ status }) => status,
        ({ code }) => code,
      ),
    )
  return heard
}

it('a region dies after a while, with every connection and for every request', async () => {
  const region = await start([{ name: 'dies', amount: 3 }])
  expect(await hear(region, 2)).toEqual([404, 404])
  await arrange(region)
  expect(await hear(region, 3)).toEqual(['ECONNRESET', 'ECONNREFUSED', 'ECONNREFUSED'])
  await expect(arrange(region)).rejects.toThrow()
})

it('a region falls silent after a while, for every request', async () => {
  const region = await start([{ name: 'falls-silent', amount: 2 }])
  expect(await hear(region, 4)).toEqual([404, 404, 'nothing', 'nothing'])
})

it.each(['throttles', 'throttles-until'])(
  '%s: beyond the rate 429, soon well again',
  async (name) => {
    const region = await start([{ name, amount: 5 }])
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(region, {})))
    const limited = answers.filter(({ status }) => status === 429)
    expect(limited.length).toBeGreaterThanOrEqual(20)
    expect(answers.length - limited.length).toBeGreaterThanOrEqual(5)
    for (const { headers, body } of limited) {
      const wait = String(headers['retry-after'])
      if (name === 'throttles') expect(wait).toBe('1')
      else expect(new Date(wait).toUTCString()).toBe(wait)
      expect(JSON.parse(String(body))).toEqual({ success: false, error: 'too many requests' })
    }
    await new Promise((resolve) => setTimeout(resolve, 1010))
    expect(await hear(region, 1)).toEqual([404])
  },
)

it('a region that throttles forever answers nothing else', async () => {
  const region = await start([{ name: 'throttles-forever' }])
  expect(await hear(region, 3)).toEqual([429, 429, 429])
  expect(await arrange(region)).toEqual({ success: false, error: 'too many requests' })
})

it.each([
  ['loses-connections', 0],
  ['loses-requests', 0],
  ['loses-answers', 1],
])('%s: as many as it says, the same for the same seed', async (name, made) => {
  const half = [{ name, amount: 50 }]
  const [one, other, another] = await Promise.all(
    [1, 1, 2].map(async (seed) => hear(await start(half, { seed }), 40)),
  )
  expect(one).toEqual(other)
  expect(one).not.toEqual(another)
  const lost = one?.filter((each) => each === 'ECONNRESET').length ?? 0
  expect(lost).toBeGreaterThan(8)
  expect(lost).toBeLessThan(32)
  expect(one?.filter((each) => each === 404)).toHaveLength(40 - lost)
  const region = await start([{ name, amount: 100 }])
  await expect(arrange(region)).rejects.toThrow()
  expect(region.touches()).toHaveLength(made)
})

it('what is lost by default is one in a hundred', async () => {
  const region = await start([{ name: 'loses-requests' }])
  const lost = (await hear(region, 600)).filter((each) => each === 'ECONNRESET').length
  expect(lost).toBeGreaterThan(0)
  expect(lost).toBeLessThan(20)
})

it('a slow region takes many times the latency of the others', async () => {
  const slow = await start([{ name: 'slows', amount: 6 }], { latency: 20 })
  const { status, ms } = await ask(slow, {})
  expect(status).toBe(404)
  expect(ms).toBeGreaterThanOrEqual(115)
})

it.each([
  ['revocation-reaches-here-late', [401, 404]],
  ['revocation-is-late', [404, 401]],
])('%s', async (name, [here, there]) => {
  const provider = await startProvider({
    regions: ['a', 'b', 'c'],
    sharedAccount: true,
    faults: [
      { name, region: name.endsWith('late') && name.includes('reaches') ? 'b' : 'a', amount: 150 },
    ],
  })
  open.push(provider)
  const [a, b, c] = provider.regions as [RegionHandle, RegionHandle, RegionHandle]
  const { id = '', token = '' } = await arrange(a)
  const status = async (region: RegionHandle) =>
    (await ask(region, { authorization: `key-${token}` })).status
  expect((await ask(a, { id })).status).toBe(200)
  expect([await status(a), await status(b), await status(c)]).toEqual([here, there, 401])
  await new Promise((resolve) => setTimeout(resolve, 160))
  expect([await status(a), await status(b), await status(c)]).toEqual([401, 401, 401])
})
