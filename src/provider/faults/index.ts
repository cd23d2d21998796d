/** Every promise that can be broken on purpose, and what may look broken but is not. */
import type { Fault, Outage } from '../fault.ts'
import { harmless } from '../harmless.ts'
import { accountFaults } from './accounts.ts'
import { authenticationFaults } from './authentication.ts'
import { awkwardFaults } from './awkward.ts'
import { credentialFormFaults } from './credential-form.ts'
import { deletionFaults } from './deletion.ts'
import { differences } from './differences.ts'
import { disclosureFaults } from './disclosure.ts'
import { effectFaults } from './effect.ts'
import { encodingFaults } from './encoding.ts'
import { envelopeFaults } from './envelope.ts'
import { formatFaults } from './format.ts'
import { framingFaults } from './framing.ts'
import { hardships } from './hardships.ts'
import { headerFaults } from './header.ts'
import { leakFaults } from './leaks.ts'
import { mediaTypeFaults } from './media-type.ts'
import { methodFaults } from './methods.ts'
import { namingFaults } from './naming.ts'
import { regionOutages } from './region.ts'
import { lateRevocations } from './revocation.ts'
import { robustnessFaults } from './robustness.ts'
import { schemaFaults } from './schema.ts'
import { proxyFaults, statusFaults } from './status.ts'
import { timeFaults } from './time.ts'
import { wireOutages } from './wire.ts'

/** Broken promises that a check finds, by what they break. */
export const families: ReadonlyMap<string, readonly Fault[]> = new Map([
  ['status', statusFaults],
  ['proxy', proxyFaults],
  ['media-type', mediaTypeFaults],
  ['encoding', encodingFaults],
  ['schema', schemaFaults],
  ['envelope', envelopeFaults],
  ['authentication', authenticationFaults],
  ['deletion', deletionFaults],
  ['disclosure', disclosureFaults],
  ['robustness', robustnessFaults],
  ['header', headerFaults],
  ['format', formatFaults],
  ['framing', framingFaults],
  ['leaks', leakFaults],
  ['time', timeFaults],
  ['naming', namingFaults],
  ['accounts', accountFaults],
  ['credential-form', credentialFormFaults],
  ['effect', effectFaults],
  ['methods', methodFaults],
  ['awkward', awkwardFaults],
])

export const faults: readonly Fault[] = [...families.values()].flat()

export const outages: readonly Outage[] = [...regionOutages, ...wireOutages]

/** Everything that a region can be told to do, by kind; the kinds beside `families` break no promise that one region makes. */
export const repertoire: ReadonlyMap<string, readonly Fault[]> = new Map([
  ...families,
  ['outages', outages],
  ['hardships', hardships],
  ['late revocations', lateRevocations],
  ['differences', differences],
  ['harmless', harmless],
])

const byName = new Map<string, Fault>(
  [...repertoire.values()].flat().map((fault) => [fault.name, fault]),
)

export function faultNamed(name: string): Fault | undefined {
  return byName.get(name)
}

export { differences, hardships, harmless, lateRevocations }
