import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { AssayError } from '../../errors.ts'
import type { Pact } from '../pact.ts'
import { type Broker, unauthorized, unreachable } from './open.ts'
import type { CliEnd } from './pact-cli.ts'
import type { Revision } from './revision.ts'

/**
 * Publishes pacts, each as it was read, under one version and branch of its consumer.
 *
 * Publishing the same again changes nothing, so a run that was cut off is mended by the next.
 *
 * @throws AssayError BROKER_CONFLICT where the version already has a pact of other content; as
 * `Broker.ask` does
 */
export async function publishPacts(
  broker: Broker,
  pacts: readonly Pact[],
  revision: Revision,
): Promise<void> {
  refuseTwins(pacts)
  for (const pact of pacts) await publishPact(broker, pact, revision)
}

/** A folder of its own and a plain name, as pact-cli takes a name for a pattern. */
async function publishPact(broker: Broker, pact: Pact, { version, branch }: Revision) {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
  try {
    await writeFile(path.join(folder, 'pact.json'), pact.source.text)
    const revision = [`--consumer-app-version=${version}`, `--branch=${branch}`]
    const end = await broker.run(['publish', 'pact.json', ...revision], folder)
    if (!end.ok) throw await failure(broker, pact, version, end)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A broker holds one pact between a version of a consumer and a provider. */
function refuseTwins(pacts: readonly Pact[]): void {
  const first = new Map<string, Pact>()
  for (const pact of pacts) {
    const key = JSON.stringify([pact.consumer, pact.provider])
    const twin = first.get(key)
    if (twin !== undefined) {
      const message = `${twin.name} and ${pact.name} are both between ${pact.consumer} and ${pact.provider}`
      throw new AssayError('USAGE', message, { hint: 'make one pact of them, or name one' })
    }
    first.set(key, pact)
  }
}

/** Why pact-cli failed: its exit code is always 1, so what it said and what the broker holds tell. */
async function failure(broker: Broker, pact: Pact, version: string, { said }: CliEnd) {
  const status = Number(/ failed: (\d{3}) /.exec(said)?.[1])
  if (status === 401 || status === 403) return unauthorized(broker.url, status)
  if (/error sending request|Failed to access/.test(said)) {
    return unreachable(broker.url, 'pact-cli could not send its request')
  }
  const { consumer, provider, name } = pact
  const place = broker.link('pb:publish-pact', {
    consumer,
    provider,
    consumerApplicationVersion: version,
  })
  if (Number.isNaN(status) && (await broker.ask('GET', place)).found) {
    const message = `version ${version} of ${consumer} already has another pact with ${provider} than ${name}`
    return new AssayError('BROKER_CONFLICT', message, {
      hint: 'publish what changed under a version of its own; a pact must not hold random values',
    })
  }
  return new AssayError('BROKER_FAILED', `the broker at ${broker.url} did not take ${name}`, {
    hint: `pact-cli said: ${said.replaceAll(/\s+/g, ' ').trim().slice(0, 400)}`,
  })
}
