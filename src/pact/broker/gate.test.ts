import { expect, test } from 'vitest'
import { makePact, spoilt, verified } from '../fixtures/verified.ts'
import { gateByBroker, type Pact, publishPacts, publishResults } from '../index.ts'
import { fresh, json, open, openReal, serveIndexAnd } from './fixtures/brokers.ts'
import type { Broker } from './open.ts'

const options = { branch: 'main', consumerVersion: async () => '1', createEnvironments: true }

async function scene(broker: Broker) {
  const pact = await makePact({ provider: fresh('stock/of x'), consumer: fresh('shop') })
  await publishPacts(broker, [pact], { version: '1', branch: 'main' })
  return { pact, region: fresh('eu') }
}

async function reasons(broker: Broker, { provider }: Pact, region: string, version = '1.0') {
  const question = { provider, version, branch: 'main', regions: [region] }
  const [answer, ...others] = await gateByBroker(broker, question)
  expect(others).toEqual([])
  return answer?.reasons
}

test('a version that fulfilled the pacts of the main branches may run', async (context) => {
  const broker = await openReal(context)
  const { pact, region } = await scene(broker)
  await publishResults(broker, [verified([pact], { region })], options)
  const question = { provider: pact.provider, version: '1.0', branch: 'main', regions: [region] }
  expect(await gateByBroker(broker, question)).toEqual([
    { provider: pact.provider, region, version: `1.0+${region}`, reasons: [], pacts: 1 },
  ])
})

test('a region that the broker has no environment for is shut', async (context) => {
  const broker = await openReal(context)
  const { pact, region } = await scene(broker)
  expect(await reasons(broker, pact, region)).toEqual([
    `the broker has no environment ${region}: nothing was deployed there`,
  ])
})

test('a version that was verified nowhere, or in another region, is shut out', async (context) => {
  const broker = await openReal(context)
  const { pact, region } = await scene(broker)
  await publishResults(broker, [verified([pact], { region })], options)
  expect(await reasons(broker, pact, region, '2.0')).toEqual([
    `not verified: the broker knows no version 2.0+${region} of ${pact.provider}`,
  ])
})

test('a version that failed is shut out even where no consumer is recorded as deployed', async (context) => {
  const broker = await openReal(context)
  const { pact, region } = await scene(broker)
  await publishResults(broker, [verified([pact], { region })], options)
  const failed = spoilt(verified([pact], { region, providerVersion: '1.1' }), 'fail')
  await publishResults(broker, [failed], options)
  const alone = ['--pacticipant', pact.provider, '--version', `1.1+${region}`]
  const { out } = await broker.run([
    'can-i-deploy',
    ...alone,
    '--to-environment',
    region,
    '-o',
    'json',
  ])
  expect(JSON.parse(out).summary.deployable).toBe(true)
  expect(await reasons(broker, pact, region, '1.1')).toEqual([expect.stringContaining('failed')])
  expect(await reasons(broker, pact, region, '1.0')).toEqual([])
})

test('a later failure of the same version shuts it out again', async (context) => {
  const broker = await openReal(context)
  const { pact, region } = await scene(broker)
  const seen = verified([pact], { region })
  await publishResults(broker, [seen], options)
  await publishResults(broker, [spoilt(seen, 'skip')], options)
  expect(await reasons(broker, pact, region)).toEqual([expect.stringContaining('failed')])
})

test('a first version that failed shows nothing, although its pact is still pending', async (context) => {
  const broker = await openReal(context)
  const { pact, region } = await scene(broker)
  await publishResults(broker, [spoilt(verified([pact], { region }), 'fail')], options)
  expect(await reasons(broker, pact, region)).toEqual([expect.stringContaining('nothing is shown')])
})

test('a pact that is new and pending does not shut out a version that fulfils the others', async (context) => {
  const broker = await openReal(context)
  const { pact, region } = await scene(broker)
  await publishResults(broker, [verified([pact], { region })], options)
  const till = await makePact({ provider: pact.provider, consumer: fresh('till') })
  await publishPacts(broker, [till], { version: '1', branch: 'main' })
  expect(await reasons(broker, pact, region)).toEqual([])
})

/** A version that fulfils all but what a consumer needs that is deployed in its region. */
async function sceneWithDeployedConsumer(broker: Broker) {
  const { pact, region } = await scene(broker)
  await publishResults(broker, [verified([pact], { region })], options)
  const till = await makePact({ provider: pact.provider, consumer: fresh('till') })
  await publishPacts(broker, [till], { version: '1', branch: 'topic' })
  const deployment = ['--pacticipant', till.consumer, '--version', '1', '--environment', region]
  expect(await broker.run(['record-deployment', ...deployment])).toMatchObject({ ok: true })
  return { pact, region, till }
}

test('a consumer that is deployed there has to be served, whatever is pending', async (context) => {
  const broker = await openReal(context)
  const { pact, region, till } = await sceneWithDeployedConsumer(broker)
  const told = await reasons(broker, pact, region)
  expect(told).toEqual([expect.stringContaining(till.consumer)])
})

test('no variable of pact-cli opens the gate', async (context) => {
  const broker = await openReal(context)
  const { pact, region, till } = await sceneWithDeployedConsumer(broker)
  const loose = {
    PACT_BROKER_CAN_I_DEPLOY_DRY_RUN: 'true',
    PACT_BROKER_CAN_I_DEPLOY_IGNORE: till.consumer,
  }
  Object.assign(process.env, loose)
  try {
    expect(await reasons(broker, pact, region)).toEqual([expect.stringContaining(till.consumer)])
  } finally {
    for (const name of Object.keys(loose)) delete process.env[name]
  }
})

test('a provider that no consumer has a pact with is shut out', async (context) => {
  const broker = await openReal(context)
  const { pact, region } = await scene(broker)
  await publishResults(broker, [verified([pact], { region })], options)
  const nobody = { ...pact, provider: fresh('nobody') }
  const place = { pacticipant: nobody.provider, version: `1.0+${region}`, branch: 'main' }
  await broker.ask('PUT', broker.link('pb:pacticipant-branch-version', place), {})
  expect(await reasons(broker, nobody, region)).not.toEqual([])
})

const answers: readonly [string, number, unknown][] = [
  ['a text', 200, 'yes'],
  ['something else', 200, { ok: true }],
  ['500', 500, {}],
]
test.each(answers)(
  'can-i-deploy that answers %s is trouble with the broker, and no yes',
  async (_, status, answer) => {
    const broker = await open({ PACT_BROKER_BASE_URL: await serveAnswer(status, answer) })
    await expect(reasons(broker, await makePact(), 'eu')).rejects.toMatchObject({
      code: 'BROKER_FAILED',
    })
  },
)

/** A broker that knows one version in one environment, and gives one answer to can-i-deploy. */
function serveAnswer(status: number, answer: unknown): Promise<string> {
  return serveIndexAnd((request, response) => {
    const path = request.url ?? ''
    if (path.startsWith('/environments'))
      json(response, 200, { _embedded: { environments: [{ name: 'eu' }] } })
    else if (path.startsWith('/pacticipants')) json(response, 200, { number: '1.0+eu' })
    else if (path.includes('for-verification')) json(response, 200, { _embedded: { pacts: [] } })
    else json(response, status, answer)
  })
}

test('only true is a yes', async () => {
  for (const deployable of [null, 'true', 1, undefined]) {
    const summary = { deployable, reason: 'because' }
    const url = await serveAnswer(200, { summary, notices: [], matrix: [] })
    const broker = await open({ PACT_BROKER_BASE_URL: url })
    expect(await reasons(broker, await makePact(), 'eu')).toEqual(['because'])
  }
})

test('a credential that comes back in a reason is covered', async () => {
  const token = 'a-token-that-nobody-may-see'
  const notices = [{ type: 'error', text: `not with ${token}` }]
  const url = await serveAnswer(200, { summary: { deployable: false }, notices, matrix: [] })
  const broker = await open({ PACT_BROKER_BASE_URL: url, PACT_BROKER_TOKEN: token })
  expect(await reasons(broker, await makePact(), 'eu')).toEqual(['not with ***'])
})
