import { Agent } from 'node:http'
import { expect, it } from 'vitest'
import type { Fault } from '../fault.ts'
import { arrange, ask, type Heard, listen } from '../fixtures/listen.ts'
import { faults, type RegionHandle, repertoire, startProvider } from '../index.ts'
import { accountFaults } from './accounts.ts'
import { awkwardFaults } from './awkward.ts'
import { credentialFormFaults } from './credential-form.ts'
import { effectFaults } from './effect.ts'
import { methodFaults } from './methods.ts'
import { namingFaults } from './naming.ts'

const statuses = [200, 401, 404, 500]
const laws = [
  ...['deleted-stays-deleted', 'deleted-credential-stops-working', 'only-the-named-is-deleted'],
  ...['credential-form-is-enforced', 'accounts-stay-apart', 'failed-request-can-be-repeated'],
  ...['any-id-is-answered', 'undocumented-method-does-nothing'],
]
const comparing = [
  ...['one-of-two-deletions-wins', 'authentication-before-existence', 'accounts-stay-apart'],
]
const checks = [
  'status-code',
  'media-type',
  'body-encoding',
  'body-schema',
  'envelope',
  'disclosure',
  'protocol',
  'header-schema',
  'format',
  'latency',
]

/** Only what may be repeated can be seen to be unsteady; the other two cells are promised for this alone. */
const elsewhere = [
  ...[200, 401, 404].map((status) => `stability at deleteApiToken/${status}`),
  ...[308, 405].map((status) => `protocol at deleteApiToken/${status}`),
]

const everything = [...repertoire.values()].flat()
const statusesIn = (heard: readonly Heard[]) => heard.map(({ status }) => status)
const tracesIn = (heard: readonly Heard[]) => heard.map(({ trace }) => trace)
const sound = await listen()

it('names are unique and in kebab case, and each fault says in words what it does', () => {
  expect(new Set(everything.map(({ name }) => name)).size).toBe(everything.length)
  expect(new Set(everything.map(({ statement }) => statement)).size).toBe(everything.length)
  for (const { name, statement } of everything) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(statement, name).toMatch(/^[^A-Z.].* .*[^.]$/)
  }
})

it('every check has a fault to catch in every cell, and so has every law', () => {
  const caught = faults.flatMap(({ caughtBy }) =>
    caughtBy.map((each) => `${each.check} at ${each.cell}`),
  )
  const wanted = [
    ...checks.flatMap((check) => statuses.map((status) => `${check} at deleteApiToken/${status}`)),
    ...laws.map((law) => `status-code at deleteApiToken/${law}`),
    ...comparing.map((law) => `answers-together at deleteApiToken/${law}`),
    ...elsewhere,
  ]
  expect([...new Set(caught)].sort()).toEqual(wanted.sort())
  expect(faults.filter(({ caughtBy }) => caughtBy.length === 0)).toEqual([])
})

it('a sound provider answers the same each time', async () => {
  expect(tracesIn(await listen())).toEqual(tracesIn(sound))
})

const isUnsteady = ({ caughtBy }: Fault) => caughtBy.some(({ check }) => check === 'stability')
const steady = faults.filter((fault) => !isUnsteady(fault))
const isOfTwo = ({ caughtBy }: Fault) => caughtBy.some(({ cell }) => cell.endsWith('/200'))
const repeated = faults.filter((fault) => isUnsteady(fault) && !isOfTwo(fault))

it('a deletion is unsteady only beside itself', async () => {
  const names = faults.filter((fault) => isUnsteady(fault) && isOfTwo(fault))
  for (const { name } of names) {
    const [one, other] = (await listen(name, true)).slice(-2)
    expect([one?.status, other?.status]).toEqual([200, 500])
  }
  expect(names.length).toBeGreaterThan(0)
})

const odd: ReadonlySet<Fault> = new Set([
  ...[...namingFaults, ...accountFaults, ...credentialFormFaults],
  ...[...effectFaults, ...methodFaults, ...awkwardFaults],
])
const isOddly = (fault: Fault) => odd.has(fault)
const soundOddly = await listen(undefined, true)

it.each(steady.filter(isOddly))('$name: $statement', async ({ name, caughtBy }) => {
  const heard = await listen(name, true)
  expect(tracesIn(heard)).not.toEqual(tracesIn(soundOddly))
  const other = statusesIn(heard).some((status, index) => status !== soundOddly[index]?.status)
  if (caughtBy.every(({ check }) => check !== 'answers-together'))
    expect(other).toBe(caughtBy.some(({ check }) => check === 'status-code'))
})

it.each(steady.filter((fault) => !isOddly(fault)))(
  '$name: $statement',
  async ({ name, caughtBy }) => {
    const heard = await listen(name)
    expect(tracesIn(heard)).not.toEqual(tracesIn(sound))
    const other = statusesIn(heard).some(
      (status, index) => status !== undefined && status !== sound[index]?.status,
    )
    expect(other).toBe(caughtBy.some(({ check }) => check === 'status-code'))
  },
)

it.each(repeated)('$name: $statement', async ({ name, caughtBy }) => {
  const provider = await startProvider({ regions: ['here'], faults: [{ name }] })
  const [region] = provider.regions as [RegionHandle]
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const question = caughtBy[0]?.cell.endsWith('401') ? { authorization: undefined } : {}
  const status = () =>
    ask(region, question, agent).then(
      (heard) => heard.status,
      () => undefined,
    )
  const inTurn: unknown[] = []
  for (let copy = 0; copy < 12; copy += 1) inTurn.push(await status())
  const atOnce = await Promise.all([status(), status(), status(), status()])
  agent.destroy()
  await provider.close()
  expect(new Set([...inTurn, ...atOnce]).size).toBe(2)
})

it('no fault touches the state URL, the other operations or other methods', async () => {
  const choices = everything.filter(
    (fault) => !fault.connect && !fault.refused && fault.meet === undefined,
  )
  const provider = await startProvider({
    regions: ['here'],
    faults: choices.map(({ name }) => ({ name })),
  })
  const [region] = provider.regions as [RegionHandle]
  const headers = { authorization: `key-${region.apiKey}` }
  const answers = await Promise.all([
    fetch(`${region.url}/api/tokens`, { headers }),
    fetch(`${region.url}/api/tokens`),
    fetch(`${region.url}/api/tokens/x`),
    fetch(`${region.url}/x`, { method: 'DELETE' }),
  ])
  expect(answers.map(({ status }) => status)).toEqual([200, 401, 405, 404])
  for (const answer of answers) {
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(await answer.json()).toHaveProperty('success', answer.ok)
  }
  expect(Object.keys(await arrange(region))).toEqual(['id', 'token'])
  await provider.close()
})
