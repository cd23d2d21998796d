import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { makePact, pactText, spoilt, verified, withPending } from '../fixtures/verified.ts'
import { type Pact, publishPacts, publishResults, type Verification } from '../index.ts'
import { fresh, json, open, openReal, serveIndexAnd } from './fixtures/brokers.ts'
import { hrefOf, itemsOf, membersOf } from './json.ts'
import type { Broker } from './open.ts'

const options = { branch: 'main', consumerVersion: async () => '1', createEnvironments: true }

async function published(broker: Broker, told: { paths?: readonly string[] } = {}): Promise<Pact> {
  const pact = await makePact({ provider: fresh('stock/of x'), consumer: fresh('shop'), ...told })
  await publishPacts(broker, [pact], { version: '1', branch: 'main' })
  return pact
}

function namesOf({ consumer, provider }: Pact) {
  return { consumer, provider }
}

/** What the broker knows of a version: the environments it is deployed to, and what was seen of it. */
async function known(broker: Broker, pacticipant: string, version: string) {
  const place = broker.link('pb:pacticipant-version', { pacticipant, version })
  const { found, value } = await broker.ask('GET', place)
  if (!found) return undefined
  const deployed = itemsOf(membersOf(value._links)['pb:deployed-environments'])
  return deployed.map((each) => String(membersOf(each).name))
}

async function latestResult(broker: Broker, { consumer, provider }: Pact) {
  const names = { consumer, provider, consumerApplicationVersion: '1' }
  const pact = await broker.ask('GET', broker.link('pb:publish-pact', names))
  const place = hrefOf(pact.value, 'pb:latest-verification-results') ?? ''
  const { value } = await broker.ask('GET', place)
  return [
    value.success,
    value.providerApplicationVersion,
    membersOf(value.verifiedBy).implementation,
  ]
}

test('a success is published per region and recorded as deployed there only', async (context) => {
  const broker = await openReal(context)
  const pact = await published(broker)
  const regions = [fresh('eu'), fresh('us')]
  const seen = regions.map((region) => verified([pact], { region, target: region }))
  const told = await publishResults(broker, seen, options)
  expect(told).toEqual(
    regions.map((region) => ({
      region,
      version: `1.0+${region}`,
      success: true,
      pending: [],
      deployed: true,
    })),
  )
  for (const region of regions) {
    expect(await known(broker, pact.provider, `1.0+${region}`)).toEqual([region])
  }
  expect(await latestResult(broker, pact)).toEqual([true, `1.0+${regions[1]}`, 'assay'])
})

test('publishing the same again changes nothing', async (context) => {
  const broker = await openReal(context)
  const pact = await published(broker)
  const once = await publishResults(broker, [verified([pact])], options)
  expect(await publishResults(broker, [verified([pact])], options)).toEqual(once)
  expect(await known(broker, pact.provider, '1.0+eu')).toEqual(['eu'])
})

test('nothing is published of the reference provider', async () => {
  await refused({ embedded: true }, 'reference provider')
})

test('nothing is published without the version that ran', async () => {
  await refused({ providerVersion: null }, 'does not say which version ran')
})

test('nothing is published of a verification of no pact', async () => {
  await refused({ consumers: [], success: false }, 'of no pact')
})

async function refused(changed: Partial<Verification>, why: string) {
  const sent: string[] = []
  const url = await serveIndexAnd((request, response) => {
    sent.push(request.url ?? '')
    json(response, 500, {})
  })
  const broker = await open({ PACT_BROKER_BASE_URL: url })
  const publishing = publishResults(broker, [verified([await makePact()], changed)], options)
  await expect(publishing).rejects.toMatchObject({
    code: 'VERIFICATION_UNPUBLISHABLE',
    message: expect.stringContaining(why),
  })
  expect(sent).toEqual([])
}

test('a pact that was not published, or has changed since, stops everything before anything is sent', async (context) => {
  const broker = await openReal(context)
  const pact = await published(broker)
  const unknown = await makePact({ provider: pact.provider, consumer: fresh('till') })
  const wanted = { code: 'VERIFICATION_UNPUBLISHABLE' }
  const both = [verified([pact]), verified([unknown], { region: 'us' })]
  await expect(publishResults(broker, both, options)).rejects.toMatchObject(wanted)
  const seen = verified([pact])
  await writeFile(pact.name, pactText({ ...namesOf(pact), paths: ['/other'] }))
  await expect(publishResults(broker, [seen], options)).rejects.toMatchObject(wanted)
  expect(await known(broker, pact.provider, '1.0+eu')).toBeUndefined()
})

test('another pact than the published one is not taken for it', async (context) => {
  const broker = await openReal(context)
  const pact = await published(broker)
  const other = await makePact({ ...namesOf(pact), paths: ['/other'] })
  await expect(publishResults(broker, [verified([other])], options)).rejects.toMatchObject({
    code: 'VERIFICATION_UNPUBLISHABLE',
    message: expect.stringContaining('was published with another pact'),
  })
})

test('an environment that is missing is created only where that was asked for', async (context) => {
  const broker = await openReal(context)
  const pact = await published(broker)
  const region = fresh('mars')
  const seen = [verified([pact], { region })]
  const asked = publishResults(broker, seen, { ...options, createEnvironments: false })
  await expect(asked).rejects.toMatchObject({
    code: 'VERIFICATION_UNPUBLISHABLE',
    message: `the broker has no environment ${region}`,
  })
  expect(await known(broker, pact.provider, `1.0+${region}`)).toBeUndefined()
  await publishResults(broker, seen, options)
  await publishResults(broker, seen, { ...options, createEnvironments: false })
  expect(await known(broker, pact.provider, `1.0+${region}`)).toEqual([region])
})

test('an interaction that the list leaves out makes a failure of it', async (context) => {
  const broker = await openReal(context)
  const pact = await published(broker, { paths: ['/a', '/b'] })
  const whole = verified([pact])
  const consumers = whole.consumers.map((each) => ({
    ...each,
    interactions: each.interactions.slice(0, 1),
  }))
  const told = await publishResults(broker, [{ ...whole, consumers }], options)
  expect(told).toMatchObject([{ success: false, deployed: false }])
  expect(await latestResult(broker, pact)).toEqual([false, '1.0+eu', 'assay'])
  expect(await known(broker, pact.provider, '1.0+eu')).toEqual([])
})

test('a pending pact that failed is published as failed, and the version is deployed all the same', async (context) => {
  const broker = await openReal(context)
  const shop = await published(broker)
  const till = await makePact({ provider: shop.provider, consumer: fresh('till') })
  await publishPacts(broker, [till], { version: '1', branch: 'main' })
  const seen = withPending(spoilt(verified([till, shop]), 'fail'), till.consumer)
  expect(await publishResults(broker, [seen], options)).toEqual([
    { region: 'eu', version: '1.0+eu', success: true, pending: [till.consumer], deployed: true },
  ])
  expect((await latestResult(broker, till))[0]).toBe(false)
  expect((await latestResult(broker, shop))[0]).toBe(true)
  expect(await known(broker, shop.provider, '1.0+eu')).toEqual(['eu'])
})

test('what was left behind keeps a version from being recorded, although its pacts are fulfilled', async (context) => {
  const broker = await openReal(context)
  const pact = await published(broker)
  const seen = verified([pact], { success: false, exitCode: 1 })
  expect(await publishResults(broker, [seen], options)).toMatchObject([{ deployed: false }])
  expect(await known(broker, pact.provider, '1.0+eu')).toEqual([])
})

test('a failure is published with what was seen, and the version stays undeployed', async (context) => {
  const broker = await openReal(context)
  for (const verdict of ['fail', 'error', 'skip'] as const) {
    const pact = await published(broker)
    const told = await publishResults(broker, [spoilt(verified([pact]), verdict)], options)
    expect(told).toMatchObject([{ success: false, deployed: false }])
    expect(await latestResult(broker, pact)).toEqual([false, '1.0+eu', 'assay'])
    expect(await known(broker, pact.provider, '1.0+eu')).toEqual([])
  }
})
