import { AssayError } from '../errors.ts'
import type { PactVersion } from './pact.ts'
import { memberAt, type Spot } from './shape.ts'

/** Where the version stands, newest custom first; the others are what older libraries wrote. */
const places = [
  ['pactSpecification', 'version'],
  ['pact-specification', 'version'],
  ['pactSpecificationVersion'],
]

/**
 * Reads the version of the Pact specification from the metadata of a pact.
 *
 * Version 1 reads as 2, which only adds matching rules to it. Where no version is named the pact is
 * one of 2 or lower, for those did not have to name it, unless it has what only 3 knows; nothing is
 * lost by that, since the reading of a part goes by its shape.
 *
 * @throws AssayError PACT_VERSION_UNSUPPORTED
 */
export function readVersion(pact: Spot): PactVersion {
  const metadata = memberAt(pact, 'metadata')
  const said = places
    .map((names) => names.reduce(memberAt, metadata))
    .find(({ value }) => value !== undefined)
  if (said === undefined) return /"(providerStates|generators)"\s*:/.test(pact.source.text) ? 3 : 2
  const major = /^[1-4](?=$|\.)/.exec(String(said.value))?.[0]
  if (major === undefined) {
    const shown = JSON.stringify(said.value)
    throw new AssayError('PACT_VERSION_UNSUPPORTED', `the Pact version ${shown} is not known`, {
      at: pact.source.positionOf(said.pointer),
      hint: 'the versions 1 to 4 are',
    })
  }
  return major === '1' ? 2 : (Number(major) as PactVersion)
}
