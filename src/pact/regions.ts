import { chooseTargets, type Suite } from '../target/index.ts'
import type { GateRegion } from './gate.ts'

export type RegionOptions = {
  /** Regions by name, whatever target stands for them. */
  readonly regions?: readonly string[] | undefined
  /** Names of targets of the suite, or `all`. */
  readonly targets?: readonly string[] | undefined
}

/**
 * Says which regions a version is to run in: those named, else those of the chosen targets of the suite.
 *
 * @throws AssayError TARGET_UNKNOWN
 */
export function chooseRegions(
  suite: Suite,
  { regions, targets }: RegionOptions,
): readonly GateRegion[] {
  if (regions !== undefined && regions.length > 0) {
    return [...new Set(regions)].map((region) => ({ region, embedded: false }))
  }
  return chooseTargets(suite, targets === undefined ? {} : { names: targets }).flatMap(
    ({ name, entry }): GateRegion[] =>
      entry.embedded === undefined
        ? [{ region: entry.region ?? name, target: name, embedded: false }]
        : entry.embedded.regions.map((region) => ({
            region,
            target: `${name}/${region}`,
            embedded: true,
          })),
  )
}
