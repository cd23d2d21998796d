import { AssayError } from '../../errors.ts'
import { hashPact } from '../hash.ts'
import { loadPacts } from '../load.ts'
import { isFulfilled, leftOut } from '../read-verification.ts'
import { saysTheSame } from '../same-content.ts'
import type { Verification, VerifiedPact } from '../verification.ts'
import { fetchPact } from './fetch.ts'
import { itemsOf, membersOf } from './json.ts'
import type { Broker } from './open.ts'

export type ResultOptions = {
  /** The branch of the provider that ran there. */
  readonly branch: string
  /** The version that the pact of a file was published under. */
  readonly consumerVersion: (file: string) => Promise<string>
  /** Whether an environment that the broker does not know is created. */
  readonly createEnvironments: boolean
}

/** What the broker now has of one region. */
export type PublishedResult = {
  readonly region: string
  readonly version: string
  /** Whether everything passed that is not pending. */
  readonly success: boolean
  /** The consumers whose pending pact it does not fulfil. */
  readonly pending: readonly string[]
  /** Whether the version was recorded as deployed to the environment of the region. */
  readonly deployed: boolean
}

/** What the broker calls a version of the provider in a region: a result of its own has no region. */
export function regionalVersion(version: string, region: string): string {
  return `${version}+${region}`
}

/**
 * Publishes verifications, one version of the provider per region, and records a version as deployed
 * to the environment of that name where everything that is not pending was seen to pass.
 *
 * All of them are checked before the first is sent. What was left out or could not be carried out
 * makes a result a failure, never a success. A pending pact that failed is published as failed, and
 * does not keep the version from being recorded.
 *
 * @throws AssayError VERIFICATION_UNPUBLISHABLE; as `Broker.ask` does
 */
export async function publishResults(
  broker: Broker,
  verifications: readonly Verification[],
  options: ResultOptions,
): Promise<readonly PublishedResult[]> {
  const prepared: Prepared[] = []
  for (const each of verifications) prepared.push(await prepareOne(broker, each, options))
  const regions = verifications.map(({ region }) => region)
  await provideEnvironments(broker, regions, options.createEnvironments)
  const published: PublishedResult[] = []
  for (const each of prepared) published.push(await publishOne(broker, each, options.branch))
  return published
}

type Result = {
  readonly verified: VerifiedPact
  readonly resultsAt: string
  readonly success: boolean
}
type Prepared = {
  readonly verification: Verification
  readonly version: string
  readonly results: readonly Result[]
}

async function prepareOne(
  broker: Broker,
  verification: Verification,
  options: ResultOptions,
): Promise<Prepared> {
  const { region, embedded, provider, providerVersion, consumers } = verification
  if (embedded) {
    const why = 'it is of the reference provider, which is deployed nowhere'
    throw unpublishable(verification, why, 'verify a region of your own')
  }
  if (!providerVersion) {
    throw unpublishable(
      verification,
      'it does not say which version ran',
      'verify with --provider-version',
    )
  }
  if (consumers.length === 0) throw unpublishable(verification, 'it is of no pact', 'verify again')
  const results: Result[] = []
  for (const verified of consumers) {
    const { pact, resultsAt } = await published(broker, verification, verified, options)
    const missing = leftOut(pact, verified)
    results.push({ verified, resultsAt, success: isFulfilled(verified) && missing.length === 0 })
    if (pact.provider === provider && pact.consumer === verified.consumer) continue
    throw unpublishable(verification, `${verified.pact} is between others`, 'verify again')
  }
  return { verification, version: regionalVersion(providerVersion, region), results }
}

/** The pact in the broker that was verified: by its address there, or by the file it was published from. */
async function published(
  broker: Broker,
  verification: Verification,
  { pact: place, hash, consumer }: VerifiedPact,
  options: ResultOptions,
) {
  const isUrl = /^https?:/i.test(place)
  const [file] = isUrl ? [] : await loadPacts([place])
  const version = isUrl ? '' : await options.consumerVersion(place)
  const { provider } = verification
  const address = isUrl
    ? place
    : broker.link('pb:publish-pact', { provider, consumer, consumerApplicationVersion: version })
  const fetched = await fetchPact(broker, address)
  if (fetched === undefined) {
    const why = `the broker has no pact of version ${version} of ${consumer} with ${provider}`
    throw unpublishable(
      verification,
      why,
      'publish the pacts first, under the same --consumer-version',
    )
  }
  if (hashPact(file ?? fetched.pact) !== hash) {
    throw unpublishable(verification, `${place} has changed since it was verified`, 'verify again')
  }
  if (file === undefined || saysTheSame(file, fetched.pact)) return fetched
  const why = `version ${version} of ${consumer} was published with another pact than ${place}`
  throw unpublishable(
    verification,
    why,
    'name the version it was published under with --consumer-version',
  )
}

async function provideEnvironments(broker: Broker, names: readonly string[], create: boolean) {
  const place = broker.link('pb:environments')
  const known = await environmentsOf(broker)
  const missing = [...new Set(names)].filter((name) => !known.includes(name))
  if (missing.length > 0 && !create) {
    const message = `the broker has no environment ${missing.join(', ')}`
    throw new AssayError('VERIFICATION_UNPUBLISHABLE', message, {
      hint: 'a region is an environment of the same name; --create-environments makes those that are missing',
    })
  }
  for (const name of missing) {
    await broker.ask('POST', place, { name, displayName: name, production: false })
  }
}

/** The names of the environments that a broker knows. */
export async function environmentsOf(broker: Broker): Promise<readonly string[]> {
  const { value } = await broker.ask('GET', broker.link('pb:environments'))
  return itemsOf(membersOf(value._embedded).environments).map((each) =>
    String(membersOf(each).name),
  )
}

async function publishOne(
  broker: Broker,
  { verification, version, results }: Prepared,
  branch: string,
): Promise<PublishedResult> {
  const { provider, region, tool } = verification
  const names = { pacticipant: provider, version }
  await broker.ask('PUT', broker.link('pb:pacticipant-branch-version', { ...names, branch }), {})
  for (const { verified, resultsAt, success } of results) {
    await broker.ask('POST', resultsAt, {
      success,
      providerApplicationVersion: version,
      testResults: verified.interactions.map(({ description, states, verdict, reasons }) => ({
        description,
        states: states.map(({ name }) => name),
        verdict,
        reasons,
      })),
      verifiedBy: { implementation: tool.name, version: tool.version },
    })
  }
  const failed = results.filter((each) => !each.success).map(({ verified }) => verified)
  const success = verification.success && failed.every(({ pending }) => pending)
  if (success) await recordDeployment(broker, names, region)
  const pending = failed.filter((each) => each.pending).map(({ consumer }) => consumer)
  return { region, version, success, pending, deployed: success }
}

/** By the link of the version: pact-cli does not encode a name that holds a slash. */
async function recordDeployment(
  broker: Broker,
  names: { readonly pacticipant: string; readonly version: string },
  environment: string,
): Promise<void> {
  const { value } = await broker.ask('GET', broker.link('pb:pacticipant-version', names))
  const links = itemsOf(membersOf(value._links)['pb:record-deployment']).map(membersOf)
  const { href } = links.find(({ name }) => name === environment) ?? {}
  if (typeof href !== 'string') {
    const message = `the broker at ${broker.url} takes no deployment to ${environment}`
    throw new AssayError('BROKER_FAILED', message, {
      hint: 'look whether the environment is there',
    })
  }
  await broker.ask('POST', href, { applicationInstance: null })
}

function unpublishable({ region }: Verification, why: string, hint: string): AssayError {
  return new AssayError(
    'VERIFICATION_UNPUBLISHABLE',
    `the verification of ${region} cannot be published: ${why}`,
    { hint },
  )
}
