import type { Script } from '../plan/index.ts'
import type { CredentialForm } from '../target/index.ts'
import { alterationNamed } from './alterations.ts'
import { suits } from './credential-misuse.ts'
import { credentialPlace } from './credential-place.ts'

/** Leaves out the steps that show a credential in a way that means nothing for their operation. */
export function withFittingCredentials(script: Script, form: CredentialForm): Script {
  return {
    ...script,
    steps: script.steps.filter(({ use, operation }) => {
      const place = credentialPlace(operation)
      if (use.kind !== 'altered' || place === undefined) return true
      return suits(alterationNamed(use.alteration), operation, place, form)
    }),
  }
}
