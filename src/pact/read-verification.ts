import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { loadSource, requireJson } from '../document/index.ts'
import { AssayError } from '../errors.ts'
import { compileSchema } from '../schema/index.ts'
import type { Pact } from './pact.ts'
import { type Verification, type VerifiedPact, verificationSchema } from './verification.ts'

/**
 * Reads the verification of a region, and believes nothing that it contradicts itself.
 *
 * @throws AssayError VERIFICATION_INVALID, and what `loadSource` throws
 */
export async function loadVerification(file: string): Promise<Verification> {
  const source = await loadSource(file)
  requireJson(source)
  const [violation] = (await compileSchema(verificationSchema))(source.value)
  if (violation !== undefined) {
    const { instance, expected, received } = violation
    throw new AssayError('VERIFICATION_INVALID', `expected ${expected}, received ${received}`, {
      at: source.positionOf(instance),
      hint: 'it is written by assay pact verify; see schemas/verification.schema.json',
    })
  }
  const verification = source.value as Verification
  const lie = contradictionIn(verification)
  if (lie === undefined) return verification
  throw new AssayError('VERIFICATION_INVALID', lie, {
    at: source.positionOf('/success'),
    hint: 'nobody but assay pact verify writes this file; verify again',
  })
}

/**
 * Reads the verifications in a folder, in the order of their names.
 *
 * @throws AssayError VERIFICATION_INVALID, also for an empty folder or none
 */
export async function loadVerifications(folder: string): Promise<readonly Verification[]> {
  const names = await readdir(folder).catch(() => [])
  const files = names.filter((name) => name.endsWith('.json')).sort()
  if (files.length > 0)
    return Promise.all(files.map((name) => loadVerification(path.join(folder, name))))
  throw new AssayError('VERIFICATION_INVALID', `${folder} holds no verification`, {
    hint: 'assay pact verify writes one per region',
  })
}

/** Whether each interaction was seen to pass. */
export function isFulfilled({ interactions }: VerifiedPact): boolean {
  return interactions.length > 0 && interactions.every(({ verdict }) => verdict === 'pass')
}

/** The interactions of a pact that its verification does not speak of. */
export function leftOut(pact: Pact, { interactions }: VerifiedPact): readonly string[] {
  const seen = new Set(interactions.map(keyOf))
  return pact.interactions.filter((each) => !seen.has(keyOf(each))).map((each) => each.description)
}

function keyOf({
  description,
  states,
}: Pick<Pact['interactions'][number], 'description' | 'states'>) {
  const sorted = states.map(({ name, params }) => [name, Object.entries(params).sort()])
  return JSON.stringify([description, sorted])
}

function contradictionIn({ success, consumers, exitCode }: Verification): string | undefined {
  if (!success) return undefined
  if (consumers.length === 0) return 'it claims success, and no pact was verified'
  const broken = consumers.find((each) => !each.pending && !isFulfilled(each))
  if (broken !== undefined)
    return `it claims success, and not every interaction of ${broken.consumer} passed`
  return exitCode === 0 ? undefined : `it claims success, and an exit code of ${exitCode}`
}
