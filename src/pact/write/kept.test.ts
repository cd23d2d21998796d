import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Provider, type RegionHandle, startProvider } from '../../provider/index.ts'
import { findBroken } from './fixtures/find-broken.ts'

/** What each pact sees of a fault: the interactions that are broken by it. */
const seen: Readonly<Record<string, readonly string[]>> = {
  sound: [],
  'success-says-false': ['200/valid'],
  'not-found-lies-success': ['404/absent'],
  'unauthorized-error-is-blank': ['401/none', '401/revoked'],
  'accepts-no-credential': ['401/none'],
  'not-found-is-a-page': ['404/absent'],
  'internal-error-lies-success': ['500/fault-state'],
  'deleted-answers-201': ['200/valid'],
}

const pacts = ['assay', 'assay-faults'].map((consumer) =>
  fileURLToPath(
    new URL(`../../../contracts/${consumer}-archil-control-plane.json`, import.meta.url),
  ),
)

let provider: Provider
const servers: Server[] = []

beforeAll(async () => {
  const regions = Object.keys(seen)
  const faults = regions.slice(1).map((name) => ({ name, region: name }))
  provider = await startProvider({ regions, faults })
})

afterAll(async () => {
  for (const server of servers) server.close()
  await provider.close()
})

test.each(Object.entries(seen))(
  'of the provider "%s" the committed pacts see what they can see: %j',
  async (name, expected) => {
    const region = provider.regions.find((each) => each.name === name)
    if (region === undefined) throw new Error(`no region is called ${name}`)
    const states = await openStates(region)
    const broken = await findBroken(pacts, Number(new URL(region.url).port), states)
    const ids = [...broken].map((each) => /^deleteApiToken\/(\S+):/.exec(each)?.[1])
    expect(ids.sort()).toEqual(expected)
    expect(region.tokens().filter(({ createdBy }) => createdBy !== 'seed')).toEqual([])
  },
)

/** The states of a region, and the configured credential as the value that no state answers. */
async function openStates({ statesUrl, apiKey }: RegionHandle): Promise<string> {
  const server = createServer((request, response) => {
    const answer = async () => {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      const headers = { 'content-type': 'application/json' }
      const arranged = await fetch(statesUrl, { method: 'POST', headers, body })
      response.writeHead(arranged.status, headers)
      response.end(JSON.stringify({ apiKey, ...((await arranged.json()) as object) }))
    }
    answer().catch((error: unknown) => response.destroy(error as Error))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
