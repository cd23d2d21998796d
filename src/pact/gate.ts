import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { AssayError, formatPosition } from '../errors.ts'
import { hashPact } from './hash.ts'
import type { Pact } from './pact.ts'
import { isFulfilled, leftOut, loadVerification } from './read-verification.ts'
import { type Verification, type VerifiedPact, verificationFileName } from './verification.ts'

/** Where a version is to run: a region, and the target of the suite that stands for it. */
export type GateRegion = {
  readonly region: string
  /** The target that must have been looked at; undefined: any but the reference provider. */
  readonly target?: string | undefined
  readonly embedded: boolean
}

/** What the gate says of one provider in one region; it is open only where there is no reason. */
export type GateAnswer = {
  readonly provider: string
  readonly region: string
  readonly version: string
  /** Why not; empty: everything was seen to be right. */
  readonly reasons: readonly string[]
  /** How many pacts were seen to be fulfilled. */
  readonly pacts: number
}

export type GateOptions = {
  /** At least one. */
  readonly pacts: readonly Pact[]
  /** At least one. */
  readonly regions: readonly GateRegion[]
  /** The folder of the verifications. */
  readonly results: string
  readonly version: string
  /** Milliseconds that a verification holds. */
  readonly maxAge: number
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * Says for each provider and region whether the version was seen to fulfil all its pacts there.
 *
 * Whatever is missing, unreadable, old, of something else or in contradiction is a reason against it.
 */
export async function gateByFiles(options: GateOptions): Promise<readonly GateAnswer[]> {
  const providers = [...new Set(options.pacts.map(({ provider }) => provider))]
  const cells = providers.flatMap((provider) =>
    options.regions.map((region) => ({ provider, region })),
  )
  return Promise.all(
    cells.map(async ({ provider, region }) => {
      const pacts = options.pacts.filter((pact) => pact.provider === provider)
      const file = path.join(
        options.results,
        verificationFileName({ provider, region: region.region }),
      )
      const found = await readOrReason(file)
      const answer = { provider, region: region.region, version: options.version }
      if (typeof found === 'string') return { ...answer, reasons: [found], pacts: 0 }
      const shown = pacts.filter((pact) => entriesOf(pact, found).some(isFulfilled)).length
      const reasons = [
        ...identityReasons(found, provider, region, options),
        ...ageReasons(found, options),
        ...pacts.flatMap((pact) => pactReasons(pact, found)),
        ...(found.success ? [] : ['the verification did not succeed']),
      ]
      if (reasons.length === 0 && shown === 0)
        reasons.push('nothing is shown: every pact is pending, and none was fulfilled')
      return { ...answer, reasons, pacts: shown }
    }),
  )
}

async function readOrReason(file: string): Promise<Verification | string> {
  try {
    await readFile(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT'
      ? `not verified: there is no ${file}`
      : `${file} cannot be read (${code})`
  }
  try {
    return await loadVerification(file)
  } catch (error) {
    if (!(error instanceof AssayError)) throw error
    const at = error.at === undefined ? file : formatPosition(error.at)
    return `${at} is no verification: ${error.message}`
  }
}

function identityReasons(
  seen: Verification,
  provider: string,
  { region, target, embedded }: GateRegion,
  { version }: GateOptions,
): readonly string[] {
  const reasons: string[] = []
  const differ = (what: string, wanted: string, found: string | null) => {
    if (wanted !== found)
      reasons.push(`another ${what} was verified: ${found ?? 'none was named'}, not ${wanted}`)
  }
  differ('provider', provider, seen.provider)
  differ('region', region, seen.region)
  differ('version', version, seen.providerVersion)
  if (target !== undefined) differ('target', target, seen.target)
  if (seen.embedded && !embedded) {
    reasons.push('the reference provider was verified, which proves nothing of a deployment')
  }
  return reasons
}

/** A clock that is a minute ahead is no lie; a verification from tomorrow is. */
function ageReasons({ endedAt }: Verification, { maxAge, now }: GateOptions): readonly string[] {
  const age = now - Date.parse(endedAt)
  if (Number.isNaN(age)) return [`it ended at no time: ${endedAt}`]
  if (age > maxAge) return [`it is too old: it ended at ${endedAt}`]
  return age < -60_000 ? [`it ended in the future: at ${endedAt}`] : []
}

function entriesOf(pact: Pact, { consumers }: Verification): readonly VerifiedPact[] {
  const hash = hashPact(pact)
  return consumers.filter((each) => each.consumer === pact.consumer && each.hash === hash)
}

function pactReasons(pact: Pact, verification: Verification): readonly string[] {
  const { consumer } = pact
  if (verification.consumers.every((each) => each.consumer !== consumer))
    return [`the pact of ${consumer} was not verified`]
  const entries = entriesOf(pact, verification)
  if (entries.length === 0) return [`the pact of ${consumer} has changed since`]
  const due = entries.filter(({ pending }) => !pending)
  return due.flatMap((entry) => [
    ...leftOut(pact, entry).map((description) => `${consumer}: ${description}: left out`),
    ...entry.interactions
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ description, verdict, reasons }) =>
        [`${consumer}: ${description}: ${verdict}`, ...reasons.slice(0, 1)].join(', '),
      ),
  ])
}
