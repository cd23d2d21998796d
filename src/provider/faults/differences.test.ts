import { expect, it } from 'vitest'
import { arrange, ask, listen } from '../fixtures/listen.ts'
import { differences, type RegionHandle, startProvider } from '../index.ts'

const sound = await listen(undefined, true)

it.each(differences.filter(({ differsIn }) => differsIn !== 'latency'))(
  '$name: $statement',
  async ({ name, differsIn }) => {
    const heard = await listen(name, true)
    expect(heard).toHaveLength(sound.length)
    const odd = heard.filter(({ trace }, index) => trace !== sound[index]?.trace)
    expect(odd.length).toBeGreaterThan(0)
    const other = heard.filter(({ status }, index) => status !== sound[index]?.status)
    if (differsIn === 'shape' || differsIn === 'header') expect(other).toEqual([])
    else expect(other.length).toBeGreaterThan(0)
  },
)

it('a deletion takes longer, and nothing else does', async () => {
  const faults = [{ name: 'deletions-take-longer', amount: 120 }]
  const provider = await startProvider({ regions: ['here'], faults })
  const [region] = provider.regions as [RegionHandle]
  const { id = '' } = await arrange(region)
  const [deleted, refused] = [await ask(region, { id }), await ask(region, {})]
  await provider.close()
  expect([deleted.status, refused.status]).toEqual([200, 404])
  expect(deleted.ms).toBeGreaterThanOrEqual(115)
})

it('they differ in everything in which regions are compared', () => {
  expect([...new Set(differences.map(({ differsIn }) => differsIn))].sort()).toEqual([
    'header',
    'latency',
    'shape',
    'status',
  ])
})
