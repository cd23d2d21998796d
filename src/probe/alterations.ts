import { type Alteration, credentialFamily } from './credential-family.ts'
import { credentialMisuses } from './credential-misuse.ts'

/** @throws Error for a name that no alteration has */
export function alterationNamed(name: string): Alteration {
  const found = [...credentialFamily, ...credentialMisuses].find(({ id }) => id === name)
  if (found === undefined) throw new Error(`no alteration is called ${name}`)
  return found
}
