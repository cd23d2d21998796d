import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import {
  makeFolder,
  makePact,
  spoilt,
  verified,
  withPending,
  writeVerification,
} from './fixtures/verified.ts'
import { type GateRegion, gateByFiles, type Pact, type Verification } from './index.ts'

const day = 86_400_000
const regions: readonly GateRegion[] = [{ region: 'eu', target: 'eu', embedded: false }]

async function reasons(
  pacts: readonly Pact[],
  file: Verification | string | undefined,
  given: { regions?: readonly GateRegion[]; version?: string } = {},
) {
  const results = await makeFolder()
  if (typeof file === 'string') await writeFile(path.join(results, 'stock-eu.json'), file)
  else if (file !== undefined) await writeVerification(results, file)
  const options = { regions, version: '1.0', maxAge: day, now: Date.now() }
  const answers = await gateByFiles({ pacts, results, ...options, ...given })
  return answers.flatMap((answer) =>
    answer.reasons.map((reason) => reason.replaceAll(results, '…')),
  )
}

function ago(ms: number) {
  return { endedAt: new Date(Date.now() - ms).toISOString() }
}

test('a region in which every interaction of every pact passed is open', async () => {
  const pacts = [await makePact(), await makePact({ consumer: 'till', paths: ['/b', '/c'] })]
  const results = await makeFolder()
  await writeVerification(results, verified(pacts))
  const options = { pacts, regions, results, version: '1.0', maxAge: day, now: Date.now() }
  expect(await gateByFiles(options)).toEqual([
    { provider: 'stock', region: 'eu', version: '1.0', reasons: [], pacts: 2 },
  ])
})

test('a region without a file is shut', async () => {
  expect(await reasons([await makePact()], undefined)).toEqual([
    'not verified: there is no …/stock-eu.json',
  ])
})

test('one region of several that was not verified is shut, and the others stay open', async () => {
  const pacts = [await makePact()]
  const us = { region: 'us', target: 'us', embedded: false }
  expect(await reasons(pacts, verified(pacts), { regions: [...regions, us] })).toEqual([
    'not verified: there is no …/stock-us.json',
  ])
})

test('each provider of the pacts has to be verified', async () => {
  const pacts = [await makePact(), await makePact({ provider: 'bank' })]
  expect(await reasons(pacts, verified(pacts.slice(0, 1)))).toEqual([
    'not verified: there is no …/bank-eu.json',
  ])
})

const others: readonly [string, Partial<Verification>, string][] = [
  ['version', { providerVersion: '0.9' }, 'another version was verified: 0.9, not 1.0'],
  [
    'version, unnamed',
    { providerVersion: null },
    'another version was verified: none was named, not 1.0',
  ],
  ['target', { target: 'sandbox' }, 'another target was verified: sandbox, not eu'],
]
test.each(others)('a verification of another %s does not count', async (_, changed, reason) => {
  const pacts = [await makePact()]
  expect(await reasons(pacts, verified(pacts, changed))).toEqual([reason])
})

test('a file that was renamed to another region does not count', async () => {
  const pacts = [await makePact()]
  const file = JSON.stringify(verified(pacts, { region: 'us', provider: 'bank' }))
  expect(await reasons(pacts, file)).toEqual([
    'another provider was verified: bank, not stock',
    'another region was verified: us, not eu',
  ])
})

test('the reference provider opens no region but its own', async () => {
  const pacts = [await makePact()]
  const embedded = verified(pacts, { embedded: true, target: 'reference/eu' })
  expect(await reasons(pacts, embedded, { regions: [{ region: 'eu', embedded: false }] })).toEqual([
    'the reference provider was verified, which proves nothing of a deployment',
  ])
  const own = [{ region: 'eu', target: 'reference/eu', embedded: true }]
  expect(await reasons(pacts, embedded, { regions: own })).toEqual([])
})

test('a verification holds for as long as it is said to', async () => {
  const pacts = [await makePact()]
  expect(await reasons(pacts, verified(pacts, ago(day - 60_000)))).toEqual([])
  const old = ago(day + 60_000)
  expect(await reasons(pacts, verified(pacts, old))).toEqual([
    `it is too old: it ended at ${old.endedAt}`,
  ])
})

test('a verification from the future does not count', async () => {
  const pacts = [await makePact()]
  const early = ago(-day)
  expect(await reasons(pacts, verified(pacts, early))).toEqual([
    `it ended in the future: at ${early.endedAt}`,
  ])
})

test('a pact that has changed since, or was not there, shuts the region', async () => {
  const before = await makePact()
  const after = await makePact({ paths: ['/b'] })
  expect(await reasons([after], verified([before]))).toEqual(['the pact of shop has changed since'])
  const till = await makePact({ consumer: 'till' })
  expect(await reasons([before, till], verified([before]))).toEqual([
    'the pact of till was not verified',
  ])
})

test('an interaction that was left out of the list shuts the region, whatever else it says', async () => {
  const pact = await makePact({ paths: ['/a', '/b'] })
  const whole = verified([pact])
  const consumers = whole.consumers.map((each) => ({
    ...each,
    interactions: each.interactions.slice(0, 1),
  }))
  expect(await reasons([pact], { ...whole, consumers })).toEqual([
    'shop: a request for /b: left out',
  ])
})

test.each(['fail', 'error', 'skip'] as const)(
  'an interaction that is a %s is told',
  async (verdict) => {
    const pacts = [await makePact()]
    expect(await reasons(pacts, spoilt(verified(pacts), verdict))).toEqual([
      `shop: a request for /a: ${verdict}, it answered 500`,
      'the verification did not succeed',
    ])
  },
)

test('a verification that left something behind shuts the region although all passed', async () => {
  const pacts = [await makePact()]
  const left = verified(pacts, { success: false, exitCode: 1 })
  expect(await reasons(pacts, left)).toEqual(['the verification did not succeed'])
})

test('a pending pact that is not fulfilled does not shut a region in which others are', async () => {
  const till = await makePact({ consumer: 'till' })
  const shop = await makePact()
  const seen = withPending(spoilt(verified([till, shop]), 'fail'), 'till')
  expect(await reasons([till, shop], seen)).toEqual([])
  expect(await reasons([till, shop], withPending(seen, 'shop'))).toEqual([
    expect.stringContaining('not every interaction of till passed'),
  ])
})

test('a region in which only a pending pact failed is shut: nothing is shown', async () => {
  const pacts = [await makePact()]
  const seen = withPending(spoilt(verified(pacts), 'fail'), 'shop')
  expect(await reasons(pacts, seen)).toEqual([
    'nothing is shown: every pact is pending, and none was fulfilled',
  ])
})

test('a claim of success that the interactions contradict is not believed', async () => {
  const pacts = [await makePact()]
  const lies: readonly Verification[] = [
    { ...spoilt(verified(pacts), 'fail'), success: true, exitCode: 0 },
    { ...spoilt(verified(pacts), 'skip'), success: true, exitCode: 0 },
    verified(pacts, { consumers: [] }),
    verified(pacts, { exitCode: 3 }),
  ]
  const told = await Promise.all(lies.map((lie) => reasons(pacts, lie)))
  expect(told.flat().map((reason) => reason.replace(/.*is no verification: /, ''))).toEqual([
    'it claims success, and not every interaction of shop passed',
    'it claims success, and not every interaction of shop passed',
    'it claims success, and no pact was verified',
    'it claims success, and an exit code of 3',
  ])
})

test.each([
  ['empty', ''],
  ['no JSON', '{'],
  ['YAML', 'verification: 1'],
  ['something else', '{"success":true}'],
  ['a later contract', '{"verification":2}'],
])('a file that is %s shuts the region', async (_, text) => {
  const [reason, ...more] = await reasons([await makePact()], text)
  expect(reason).toMatch(/stock-eu\.json.* is no verification: /)
  expect(more).toEqual([])
})

test('a verification with a member that nobody knows is not believed', async () => {
  const pacts = [await makePact()]
  const file = JSON.stringify({ ...verified(pacts), successful: true })
  expect(await reasons(pacts, file)).toEqual([expect.stringMatching(/is no verification: /)])
})
