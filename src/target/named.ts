import type { Document } from '../document/index.ts'
import { isDocumentedServer, readBaseUrl, showAddress } from './address.ts'
import type { ChosenTarget } from './choose.ts'
import type { Environment } from './environment.ts'
import type { SafetyClass } from './suite.ts'

/** A target that a run is about, before anything of it is resolved: a region of the embedded provider is one. */
export type NamedTarget = {
  /** As verdicts call it. */
  readonly name: string
  readonly region: string
  readonly chosen: ChosenTarget
}

/** Lists the targets that were chosen, in the order of the run. */
export function nameTargets(chosen: readonly ChosenTarget[]): readonly NamedTarget[] {
  return chosen.flatMap((each): readonly NamedTarget[] => {
    const { name, entry } = each
    return entry.embedded === undefined
      ? [{ name, region: entry.region ?? name, chosen: each }]
      : entry.embedded.regions.map((region) => ({
          name: `${name}/${region}`,
          region,
          chosen: each,
        }))
  })
}

/** What a report says of a target. */
export type TargetFacts = {
  readonly name: string
  readonly region: string
  readonly baseUrl: string
  readonly safety: SafetyClass
  /** Whether it ended with the run that looked at it. */
  readonly embedded: boolean
}

/**
 * Says of a target what is known without its secrets, for a machine that does not look at it. Where its
 * address is not known here, it stands as the suite writes it.
 */
export function describeTarget(
  { name, region, chosen }: NamedTarget,
  { document, environment }: { document: Document; environment: Environment },
): TargetFacts {
  const { entry } = chosen
  if (chosen.kind === 'embedded') {
    const safety = entry.safety ?? 'disposable'
    return { name, region, baseUrl: 'http://127.0.0.1', safety, embedded: true }
  }
  const url = entry.url ?? ''
  const known = { name, region, embedded: false }
  try {
    const baseUrl = readBaseUrl(name, url, environment)
    const production = isDocumentedServer(document, baseUrl)
    return { ...known, baseUrl, safety: entry.safety ?? (production ? 'production' : 'shared') }
  } catch {
    return { ...known, baseUrl: showAddress(url), safety: entry.safety ?? 'shared' }
  }
}
