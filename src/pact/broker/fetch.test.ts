import { expect, test } from 'vitest'
import { makePact, verified } from '../fixtures/verified.ts'
import { fetchPacts, hashPact, publishPacts, publishResults } from '../index.ts'
import { fresh, json, open, openReal, serveIndexAnd } from './fixtures/brokers.ts'

const main = { version: '1', branch: 'main' }
const options = {
  branch: 'main',
  consumerVersion: async () => '1',
  createEnvironments: true,
}

test('the pacts of main branches come, and those of other branches do not', async (context) => {
  const broker = await openReal(context)
  const provider = fresh('stock')
  const pact = await makePact({ provider, consumer: fresh('shop') })
  await publishPacts(broker, [pact], main)
  const topic = [await makePact({ provider, consumer: fresh('till') })]
  await publishPacts(broker, topic, { version: '1', branch: 'topic' })
  const fetched = await fetchPacts(broker, provider)
  expect(fetched.map(({ pact, consumerVersions }) => [pact.consumer, consumerVersions])).toEqual([
    [pact.consumer, ['1']],
  ])
})

test('a provider that nobody has a pact with has none', async (context) => {
  expect(await fetchPacts(await openReal(context), fresh('nobody'))).toEqual([])
})

test('a pact is read without what the broker adds to it, so its hash is that of its content', async (context) => {
  const broker = await openReal(context)
  const provider = fresh('stock')
  const pact = await makePact({ provider, consumer: fresh('shop') })
  await publishPacts(broker, [pact], main)
  await publishPacts(broker, [pact], { version: '2', branch: 'main' })
  const [fetched] = await fetchPacts(broker, provider)
  const [again] = await fetchPacts(broker, provider)
  expect(fetched?.pact.source.text).not.toMatch(/_id|_links|createdAt/)
  expect(fetched && hashPact(fetched.pact)).toBe(again && hashPact(again.pact))
  expect(fetched?.pact.name).toContain('/pact-version/')
  expect(fetched?.consumerVersions).toContain('2')
})

test('a pact is pending until a version of that branch has fulfilled it', async (context) => {
  const broker = await openReal(context)
  const pact = await makePact({ provider: fresh('stock'), consumer: fresh('shop') })
  await publishPacts(broker, [pact], main)
  const pending = async (branch?: string) =>
    (await fetchPacts(broker, pact.provider, { branch })).map((each) => each.pending)
  expect(await pending('main')).toEqual([true])
  expect(await pending()).toEqual([false])
  await publishResults(broker, [verified([pact])], options)
  expect(await pending('main')).toEqual([false])
})

test('work in progress comes where it is asked for, and is pending', async (context) => {
  const broker = await openReal(context)
  const provider = fresh('stock')
  const pact = await makePact({ provider, consumer: fresh('shop') })
  await publishPacts(broker, [pact], main)
  await publishResults(broker, [verified([pact])], options)
  const topic = [await makePact({ provider, consumer: fresh('till') })]
  await publishPacts(broker, topic, { version: '1', branch: 'topic' })
  const fetched = await fetchPacts(broker, provider, { branch: 'main', wipSince: '2020-01-01' })
  expect(fetched.map(({ pending, wip }) => [pending, wip])).toEqual([
    [false, false],
    [true, true],
  ])
})

test('the verification of a fetched pact is published by its address, without the file', async (context) => {
  const broker = await openReal(context)
  const provider = fresh('stock')
  await publishPacts(broker, [await makePact({ provider, consumer: fresh('shop') })], main)
  const pacts = (await fetchPacts(broker, provider)).map(({ pact }) => pact)
  const published = await publishResults(broker, [verified(pacts)], {
    ...options,
    consumerVersion: () => Promise.reject(new Error('nobody needs it')),
  })
  expect(published).toEqual([
    { region: 'eu', version: '1.0+eu', success: true, pending: [], deployed: true },
  ])
})

test('a pact in the broker that is none is an error with its place', async () => {
  const url = await serveIndexAnd((request, response) => {
    const self = { self: { href: '/pact' } }
    const links = { 'pb:publish-verification-results': { href: '/r' } }
    if (request.method === 'POST') json(response, 200, { _embedded: { pacts: [{ _links: self }] } })
    else json(response, 200, { consumer: { name: 'a' }, provider: { name: 'b' }, _links: links })
  })
  const broker = await open({ PACT_BROKER_BASE_URL: url })
  await expect(fetchPacts(broker, 'b')).rejects.toMatchObject({ code: 'PACT_NOT_A_PACT' })
})

test('a pact that is wanted and not there is an error, not one pact less', async () => {
  const url = await serveIndexAnd((request, response) => {
    const self = { self: { href: '/pact' } }
    if (request.method === 'POST') json(response, 200, { _embedded: { pacts: [{ _links: self }] } })
    else json(response, 404, {})
  })
  const broker = await open({ PACT_BROKER_BASE_URL: url })
  await expect(fetchPacts(broker, 'b')).rejects.toMatchObject({ code: 'BROKER_FAILED' })
})

test('an answer without a list of pacts is an error, not an empty selection', async () => {
  const url = await serveIndexAnd((_, response) => json(response, 200, {}))
  const broker = await open({ PACT_BROKER_BASE_URL: url })
  await expect(fetchPacts(broker, 'b')).rejects.toMatchObject({ code: 'BROKER_FAILED' })
})
