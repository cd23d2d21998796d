import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { MatchersV3, PactV4 } from '@pact-foundation/pact'
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

it('the committed pact is what these tests write; UPDATE_PACTS=1 renews it', async () => {
  expect(written, 'a test above wrote no pact').toHaveLength(2)
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

/**
 * Ends with a pause, because the mock server notes a match on a thread of its own.
 *
 * The client can have its answer before that (by 3 ms at most in 3000 tries on a busy machine),
 * and Pact would report a request that was "expected but not received".
 */
function asClient(use: (client: Archil) => Promise<void>) {
  return async ({ url }: { readonly url: string }) => {
    await use(new Archil({ apiKey, region: 'aws-us-east-1', baseUrl: url }))
    await setTimeout(100)
  }
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
