/** Every promise that can be broken on purpose, and what may look broken but is not. */
import type { Fault } from '../fault.ts'
import { harmless } from '../harmless.ts'
import { accountFaults } from './accounts.ts'
import { authenticationFaults } from './authentication.ts'
import { awkwardFaults } from './awkward.ts'
import { credentialFormFaults } from './credential-form.ts'
import { deletionFaults } from './deletion.ts'
import { disclosureFaults } from './disclosure.ts'
import { effectFaults } from './effect.ts'
import { encodingFaults } from './encoding.ts'
import { envelopeFaults } from './envelope.ts'
import { formatFaults } from './format.ts'
import { framingFaults } from './framing.ts'
import { headerFaults } from './header.ts'
import { leakFaults } from './leaks.ts'
import { mediaTypeFaults } from './media-type.ts'
import { methodFaults } from './methods.ts'
import { namingFaults } from './naming.ts'
import { robustnessFaults } from './robustness.ts'
import { schemaFaults } from './schema.ts'
import { proxyFaults, statusFaults } from './status.ts'
import { timeFaults } from './time.ts'
import { outages } from './wire.ts'

/** Broken promises that a check finds. */
export const faults: readonly Fault[] = [
  ...statusFaults,
  ...proxyFaults,
  ...mediaTypeFaults,
  ...encodingFaults,
  ...schemaFaults,
  ...envelopeFaults,
  ...authenticationFaults,
  ...deletionFaults,
  ...disclosureFaults,
  ...robustnessFaults,
  ...headerFaults,
  ...formatFaults,
  ...framingFaults,
  ...leakFaults,
  ...timeFaults,
  ...namingFaults,
  ...accountFaults,
  ...credentialFormFaults,
  ...effectFaults,
  ...methodFaults,
  ...awkwardFaults,
]

const byName = new Map<string, Fault>(
  [...faults, ...outages, ...harmless].map((fault) => [fault.name, fault]),
)

export function faultNamed(name: string): Fault | undefined {
  return byName.get(name)
}

export { harmless, outages }
