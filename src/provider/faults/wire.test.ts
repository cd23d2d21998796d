import { expect, it } from 'vitest'
import { ask } from '../fixtures/listen.ts'
import { outages, type RegionHandle, startProvider } from '../index.ts'

/** What a client notices of each. */
const ends: Readonly<Record<string, string>> = {
  dead: 'ECONNRESET',
  resets: 'ECONNRESET',
  hangs: 'nothing',
  stalls: 'no end',
  drips: 'no end',
  endless: 'too much',
  malformed: 'HPE_INVALID_CONSTANT',
  'bad-chunk': 'HPE_INVALID_CHUNK_SIZE',
  'huge-header': 'HPE_HEADER_OVERFLOW',
  'premature-close': 'ECONNRESET',
}

it.each(outages)('$name: $statement', async ({ name, caughtBy }) => {
  expect(caughtBy).toEqual([])
  const provider = await startProvider({ regions: ['here'], faults: [{ name }] })
  const [region] = provider.regions as [RegionHandle]
  const outcome = await ask(region, {}).catch((error: unknown) => error)
  await provider.close()
  expect(outcome).toMatchObject({ code: ends[name] })
  expect(region.seen()).toHaveLength(name === 'dead' ? 0 : 1)
})

it('an endless body waits for whoever reads it', async () => {
  const provider = await startProvider({ regions: ['here'], faults: [{ name: 'endless' }] })
  const [region] = provider.regions as [RegionHandle]
  const response = await fetch(`${region.url}/api/tokens/x`, { method: 'DELETE' })
  const before = process.memoryUsage().rss
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
  await response.body?.cancel()
  await provider.close()
})
