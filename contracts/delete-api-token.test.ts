import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { MatchersV3, PactV4 } from '@pact-foundation/pact'
import { makeConsumerPact } from '@pact-foundation/pact-core'
import { Archil, ArchilApiError } from 'disk'
import { expect, it } from 'vitest'

type Pact = {
  readonly interactions: readonly { readonly description: string }[]
  readonly metadata: { readonly pactSpecification: unknown }
}

const parties = { consumer: 'archil-client', provider: 'archil-control-plane' }
const fileName = `${parties.consumer}-${parties.provider}.json`
const committed = new URL(fileName, import.meta.url)
const written: Pact[] = []

const apiKey = 'example-api-key'
const authorization = fromState(`key-\${apiKey}`, `key-${apiKey}`)
const json = MatchersV3.regex('^application/json.*$', 'application/json')

it('an API token that exists is deleted, and the client returns nothing', async () => {
  await record((pact) =>
    pact
      .addInteraction()
      .given('an API token exists', { name: 'assay-contract' })
      .uponReceiving('a request to delete an API token that exists')
      .withRequest('DELETE', tokenPath('example-token-id'), (request) =>
        request.headers({ Authorization: authorization }),
      )
      .willRespondWith(200, (response) =>
        response.headers({ 'Content-Type': json }).jsonBody({ success: true }),
      )
      .executeTest(
        asClient(async ({ tokens }) => {
          expect(await tokens.delete('example-token-id')).toBeUndefined()
        }),
      ),
  )
})

it('an id that no API token has is an ArchilApiError with its status and message', async () => {
  await record((pact) =>
    pact
      .addInteraction()
      .given('no API token has this id')
      .uponReceiving('a request to delete an API token that does not exist')
      .withRequest('DELETE', tokenPath('absent-token-id'), (request) =>
        request.headers({ Authorization: authorization }),
      )
      .willRespondWith(404, (response) =>
        response
          .headers({ 'Content-Type': json })
          .jsonBody({ success: false, error: MatchersV3.string('API token not found') }),
      )
      .executeTest(
        asClient(async ({ tokens }) => {
          const outcome = await tokens.delete('absent-token-id').catch((error: unknown) => error)
          expect(outcome).toBeInstanceOf(ArchilApiError)
          expect(outcome).toMatchObject({ status: 404, message: 'API token not found' })
        }),
      ),
  )
})

it('a revoked API key is an ArchilApiError with its status and message', async () => {
  await record((pact) =>
    pact
      .addInteraction()
      .given('no API token has this id')
      .given('the API key is revoked', { name: 'assay-contract' })
      .uponReceiving('a request to delete an API token with a revoked API key')
      .withRequest('DELETE', tokenPath('absent-token-id'), (request) =>
        request.headers({ Authorization: authorization }),
      )
      .willRespondWith(401, (response) =>
        response
          .headers({ 'Content-Type': json })
          .jsonBody({ success: false, error: MatchersV3.string('Invalid API key') }),
      )
      .executeTest(
        asClient(async ({ tokens }) => {
          const outcome = await tokens.delete('absent-token-id').catch((error: unknown) => error)
          expect(outcome).toBeInstanceOf(ArchilApiError)
          expect(outcome).toMatchObject({ status: 401, message: 'Invalid API key' })
        }),
      ),
  )
})

it('a fault inside the control plane is an ArchilApiError with its status and message', async () => {
  await record((pact) =>
    pact
      .addInteraction()
      .given('an API token exists', { name: 'assay-contract' })
      .given('the control plane has an internal fault', { operationId: 'deleteApiToken', times: 1 })
      .uponReceiving('a request to delete an API token that fails inside')
      .withRequest('DELETE', tokenPath('example-token-id'), (request) =>
        request.headers({ Authorization: authorization }),
      )
      .willRespondWith(500, (response) =>
        response
          .headers({ 'Content-Type': json })
          .jsonBody({ success: false, error: MatchersV3.string('Internal server error') }),
      )
      .executeTest(
        asClient(async ({ tokens }) => {
          const outcome = await tokens.delete('example-token-id').catch((error: unknown) => error)
          expect(outcome).toBeInstanceOf(ArchilApiError)
          expect(outcome).toMatchObject({ status: 500, message: 'Internal server error' })
        }),
      ),
  )
})

it('the committed pact is what these tests write; UPDATE_PACTS=1 renews it', async () => {
  expect(written, 'a test above wrote no pact').toHaveLength(4)
  const text = merge(written)
  if (process.env.UPDATE_PACTS === '1') await writeFile(committed, text)
  expect(await readFile(committed, 'utf8')).toBe(text)
})

function tokenPath(id: string) {
  return fromState(`/api/tokens/\${id}`, `/api/tokens/${id}`)
}

/**
 * A value that the provider state gives when the provider is verified.
 *
 * By itself `fromProviderState` is a type matcher: the mock server would accept any text here.
 */
function fromState(expression: string, example: string) {
  return { ...MatchersV3.fromProviderState(expression, example), 'pact:matcher:type': 'equality' }
}

/** Ends when the mock server has the request on record, which can be after the client has its answer. */
function asClient(use: (client: Archil) => Promise<void>) {
  return async ({ url, port }: { readonly url: string; readonly port: number }) => {
    await use(new Archil({ apiKey, region: 'aws-us-east-1', baseUrl: url }))
    await recorded(port)
  }
}

/** Asks the mock server until no request is missing; after five seconds Pact says which one is. */
async function recorded(port: number): Promise<void> {
  const ledger = makeConsumerPact(parties.consumer, parties.provider)
  const deadline = Date.now() + 5000
  const isMissing = () =>
    ledger
      .mockServerMismatches(port)
      .some((each) => 'type' in each && each.type === 'missing-request')
  while (isMissing() && Date.now() < deadline) await setTimeout(1)
}

/** One folder for each test: a file shared by several can lose interactions silently. */
async function record(test: (pact: PactV4) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'assay-pact-'))
  try {
    await test(new PactV4({ ...parties, dir, logLevel: 'error' }))
    written.push(JSON.parse(await readFile(join(dir, fileName), 'utf8')))
  } finally {
    await rm(dir, { recursive: true })
  }
}

/** One pact in a fixed order, without the versions of the libraries that wrote it. */
function merge(pacts: readonly Pact[]): string {
  const interactions = pacts
    .flatMap((pact) => pact.interactions)
    .sort((a, b) => (a.description < b.description ? -1 : 1))
  const pactSpecification = pacts[0]?.metadata.pactSpecification
  const pact = { ...pacts[0], interactions, metadata: { pactSpecification } }
  return `${JSON.stringify(pact, null, 2)}\n`
}
