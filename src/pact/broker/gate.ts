import { AssayError } from '../../errors.ts'
import type { GateAnswer } from '../gate.ts'
import { type FetchedPact, fetchPacts } from './fetch.ts'
import { itemsOf, type Members, membersOf } from './json.ts'
import type { Broker } from './open.ts'
import { environmentsOf, regionalVersion } from './results.ts'

export type BrokerGateOptions = {
  readonly provider: string
  readonly version: string
  /** The branch of the provider that it comes from: what is pending there does not close the gate. */
  readonly branch: string
  /** Regions; each is an environment of the broker. At least one. */
  readonly regions: readonly string[]
}

/**
 * Asks the broker whether a version may run in each region.
 *
 * `can-i-deploy` alone says yes to a version that failed wherever no consumer is recorded as
 * deployed. So every pact of a main branch, and every one deployed or released in that environment,
 * has to be verified by this version too, and at least one has to be there.
 *
 * @throws AssayError as `Broker.ask` does
 */
export async function gateByBroker(
  broker: Broker,
  { provider, version, branch, regions }: BrokerGateOptions,
): Promise<readonly GateAnswer[]> {
  const known = await environmentsOf(broker)
  const answers: GateAnswer[] = []
  for (const region of regions) {
    const number = regionalVersion(version, region)
    const { pacts, reasons } = known.includes(region)
      ? await askRegion(broker, { provider, number, branch, region })
      : {
          pacts: 0,
          reasons: [`the broker has no environment ${region}: nothing was deployed there`],
        }
    answers.push({ provider, region, version: number, reasons: [...new Set(reasons)], pacts })
  }
  return answers
}

type Question = {
  readonly provider: string
  readonly number: string
  readonly branch: string
  readonly region: string
}

async function askRegion(broker: Broker, { provider, number, branch, region }: Question) {
  const names = { pacticipant: provider, version: number }
  if (!(await broker.ask('GET', broker.link('pb:pacticipant-version', names))).found) {
    return {
      pacts: 0,
      reasons: [`not verified: the broker knows no version ${number} of ${provider}`],
    }
  }
  const version = ['--pacticipant', provider, '--version', number]
  const selectors = [{ mainBranch: true }, { environment: region }]
  const wanted = await fetchPacts(broker, provider, { branch, selectors })
  const answers = [await canIDeploy(broker, [...version, '--to-environment', region])]
  for (const [consumer, consumerVersion] of wanted.filter(({ pending }) => !pending).map(nameOf)) {
    const other = ['--pacticipant', consumer, '--version', consumerVersion]
    answers.push(await canIDeploy(broker, [...version, ...other]))
  }
  const fulfilled = new Set(answers.flatMap(({ fulfilled }) => fulfilled))
  const reasons = answers.flatMap(({ reasons }) => reasons)
  if (reasons.length === 0 && fulfilled.size === 0) {
    reasons.push(
      'nothing is shown: no pact of a main branch, or deployed there, was verified by it',
    )
  }
  return { pacts: fulfilled.size, reasons }
}

/** Any version of the consumer that has this content stands for all of them. */
function nameOf({ pact, consumerVersions }: FetchedPact): readonly [string, string] {
  return [pact.consumer, consumerVersions[0] ?? '']
}

async function canIDeploy(broker: Broker, selectors: readonly string[]) {
  const { out, said } = await broker.run(['can-i-deploy', ...selectors, '--output', 'json'])
  const { summary, notices, matrix } = parseAnswer(broker, out, said)
  const rows = itemsOf(matrix).map(membersOf)
  const isOpen = membersOf(summary).deployable === true
  return {
    reasons: isOpen ? [] : reasonsIn(membersOf(summary), notices).map(broker.hide),
    fulfilled: rows.filter(isFulfilled).map(({ consumer }) => String(membersOf(consumer).name)),
  }
}

function parseAnswer(broker: Broker, out: string, said: string): Members {
  try {
    const answer = membersOf(JSON.parse(out))
    if ('summary' in answer) return answer
  } catch {}
  throw new AssayError('BROKER_FAILED', `the broker at ${broker.url} did not answer can-i-deploy`, {
    hint: `pact-cli said: ${said.replaceAll(/\s+/g, ' ').trim().slice(0, 400)}`,
  })
}

function reasonsIn({ reason }: Members, notices: unknown): string[] {
  const told = itemsOf(notices)
    .map(membersOf)
    .filter(({ type }) => type === 'error' || type === 'danger')
    .map(({ text }) => String(text))
  return told.length > 0 ? told : [typeof reason === 'string' ? reason : 'it did not say why']
}

function isFulfilled({ verificationResult }: Members): boolean {
  return membersOf(verificationResult).success === true
}
