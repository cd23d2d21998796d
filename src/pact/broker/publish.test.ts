import { expect, test } from 'vitest'
import { makePact } from '../fixtures/verified.ts'
import { fetchPacts, publishPacts } from '../index.ts'
import { fresh, json, open, openReal, serveIndexAnd } from './fixtures/brokers.ts'

const revision = { version: 'abc', branch: 'main' }
const password = 'correct-horse-battery'

function access(url: string) {
  return { PACT_BROKER_BASE_URL: url, PACT_BROKER_USERNAME: 'ada', PACT_BROKER_PASSWORD: password }
}

test('a published pact is there under its version and branch, and publishing it again changes nothing', async (context) => {
  const broker = await openReal(context)
  const pact = await makePact({ provider: fresh('stock'), consumer: fresh('shop') })
  await publishPacts(broker, [pact], revision)
  const first = await fetchPacts(broker, pact.provider)
  await publishPacts(broker, [pact], revision)
  const second = await fetchPacts(broker, pact.provider)
  expect(first.map(({ consumerVersions }) => consumerVersions)).toEqual([['abc']])
  expect(second.map(({ pact: { source } }) => source.hash)).toEqual(
    first.map(({ pact: { source } }) => source.hash),
  )
})

test('other content under the same version is a conflict, and the first stays', async (context) => {
  const broker = await openReal(context)
  const provider = fresh('stock')
  await publishPacts(broker, [await makePact({ provider })], revision)
  const other = await makePact({ provider, paths: ['/b'] })
  await expect(publishPacts(broker, [other], revision)).rejects.toMatchObject({
    code: 'BROKER_CONFLICT',
    message: expect.stringContaining('version abc of shop already has another pact'),
  })
  const [kept] = await fetchPacts(broker, provider)
  expect(kept?.pact.interactions.map(({ request }) => request.path)).toEqual(['/a'])
})

test('a run that broke off in the middle is mended by the next', async (context) => {
  const broker = await openReal(context)
  const provider = fresh('stock')
  const pacts = [await makePact({ provider }), await makePact({ provider, consumer: 'till' })]
  await publishPacts(broker, pacts.slice(0, 1), revision)
  await publishPacts(broker, pacts, revision)
  const consumers = (await fetchPacts(broker, provider)).map(({ pact }) => pact.consumer)
  expect(consumers.sort()).toEqual(['shop', 'till'])
})

test('names with slashes, spaces and plus signs arrive as they are', async (context) => {
  const broker = await openReal(context)
  const pact = await makePact({ provider: fresh('a/b c+d'), consumer: 'e/f g+h' })
  await publishPacts(broker, [pact], { version: '1.0+build 7', branch: 'feature/x y' })
  const [fetched] = await fetchPacts(broker, pact.provider, {
    selectors: [{ branch: 'feature/x y' }],
  })
  expect(fetched).toMatchObject({
    consumerVersions: ['1.0+build 7'],
    pact: { consumer: 'e/f g+h' },
  })
})

test('two pacts between the same two are refused before anything is published', async () => {
  let asked = 0
  const broker = await open(
    access(
      await serveIndexAnd(() => {
        asked += 1
      }),
    ),
  )
  const pacts = [await makePact(), await makePact({ paths: ['/b'] })]
  await expect(publishPacts(broker, pacts, revision)).rejects.toMatchObject({ code: 'USAGE' })
  expect(asked).toBe(0)
})

const troubles: readonly [number, string][] = [
  [401, 'BROKER_UNAUTHORIZED'],
  [500, 'BROKER_FAILED'],
  [400, 'BROKER_FAILED'],
]
test.each(troubles)(
  'a broker that answers %i to the pact itself is told without its credential',
  async (status, code) => {
    const url = await serveIndexAnd((request, response) =>
      json(response, status, { error: `not with ${request.headers.authorization} ${password}` }),
    )
    const error = await publishPacts(await open(access(url)), [await makePact()], revision).then(
      () => ({ code: 'none', message: '', hint: '' }),
      (reason: { code: string; message: string; hint: string }) => reason,
    )
    expect(error.code).toBe(code)
    expect(`${error.message} ${error.hint}`).not.toContain(password)
    expect(`${error.message} ${error.hint}`).not.toMatch(/Basic \w/)
  },
)

test('a 409 where the version has a pact is a conflict', async () => {
  const url = await serveIndexAnd((request, response) => {
    const links = { 'pb:publish-verification-results': { href: '/r' } }
    if (request.method === 'GET') json(response, 200, { _links: links })
    else json(response, 409, { notices: [{ type: 'error', text: 'Cannot change the content' }] })
  })
  const publishing = publishPacts(await open(access(url)), [await makePact()], revision)
  await expect(publishing).rejects.toMatchObject({ code: 'BROKER_CONFLICT' })
})

test('a broker that stops answering in the middle is given up, and pact-cli with it', async () => {
  const url = await serveIndexAnd(() => {})
  const publishing = publishPacts(await open(access(url), 300), [await makePact()], revision)
  await expect(publishing).rejects.toMatchObject({
    code: 'BROKER_UNREACHABLE',
    message: expect.stringContaining('600 ms'),
  })
})
