import { nearest } from '../document/index.ts'
import { AssayError } from '../errors.ts'
import { showAddress } from './address.ts'
import type { SafetyClass, Settings, Suite, TargetEntry } from './suite.ts'

/** What the command line says about targets; it goes before what the suite file says. */
export type TargetOptions = Settings & {
  /** Base URLs of targets that no suite file names. */
  readonly urls?: readonly string[]
  /** Names of targets of the suite, or `all`. */
  readonly names?: readonly string[]
}

export type ChosenTarget =
  | { readonly kind: 'embedded'; readonly name: string; readonly entry: TargetEntry }
  | { readonly kind: 'remote'; readonly name: string; readonly entry: TargetEntry }

/**
 * Says which targets a run is about: the URLs given, else the names given, else what the suite runs.
 *
 * @throws AssayError TARGET_UNKNOWN with the nearest name; TARGET_IS_PRODUCTION
 */
export function chooseTargets(suite: Suite, options: TargetOptions): readonly ChosenTarget[] {
  if (options.urls !== undefined && options.urls.length > 0) {
    return uniqueNames(options.urls).map(({ name, url }) => ({
      kind: 'remote',
      name,
      entry: merge(name, suite.defaults, { url }, options),
    }))
  }
  const known = Object.keys(suite.targets)
  const asked = options.names?.length ? options.names : (suite.run ?? known)
  const names = asked.includes('all') ? known : asked
  return [...new Set(names)].map((name) => {
    const entry = Object.hasOwn(suite.targets, name) ? suite.targets[name] : undefined
    if (entry === undefined) throw unknownTarget(name, known)
    const merged = merge(name, suite.defaults, entry, options)
    return { kind: entry.embedded === undefined ? 'remote' : 'embedded', name, entry: merged }
  })
}

function merge(
  name: string,
  defaults: Settings,
  entry: TargetEntry,
  options: TargetOptions,
): TargetEntry {
  keepProduction(name, entry.safety ?? defaults.safety, options.safety)
  const { urls: _urls, names: _names, ...given } = options
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const headers = mergeHeaders([defaults.headers, entry.headers, options.headers])
  return { ...oneWayToArrange(defaults, entry), ...entry, ...said, headers }
}

/** What the suite classes production stays that, whatever a command line or its environment says. */
function keepProduction(
  name: string,
  written: SafetyClass | undefined,
  given: SafetyClass | undefined,
): void {
  if (written !== 'production' || given === undefined || given === 'production') return
  throw new AssayError(
    'TARGET_IS_PRODUCTION',
    `the suite classes ${name} production, and no option makes it ${given}`,
    { hint: 'leave --safety (ASSAY_SAFETY) out, or change the class in the suite file' },
  )
}

/** States come by a state URL or by recipes: who names the one does without the other by default. */
function oneWayToArrange(defaults: Settings, entry: TargetEntry): Settings {
  if (entry.states === undefined && entry.recipes === undefined) return defaults
  const { states: _states, recipes: _recipes, ...others } = defaults
  return others
}

/** Names of headers compare without case (RFC 9110, section 5.1). */
function mergeHeaders(layers: readonly (Readonly<Record<string, string>> | undefined)[]) {
  const merged = new Map<string, readonly [name: string, value: string]>()
  for (const [name, value] of layers.flatMap((layer) => Object.entries(layer ?? {}))) {
    merged.set(name.toLowerCase(), [name, value])
  }
  return Object.fromEntries(merged.values())
}

function uniqueNames(urls: readonly string[]): readonly { name: string; url: string }[] {
  const seen = new Map<string, number>()
  return urls.map((url) => {
    const host = (URL.canParse(url) ? new URL(url).host : '') || showAddress(url)
    const times = (seen.get(host) ?? 0) + 1
    seen.set(host, times)
    return { name: times === 1 ? host : `${host}#${times}`, url }
  })
}

function unknownTarget(name: string, known: readonly string[]): AssayError {
  const near = nearest(name, known)
  return new AssayError('TARGET_UNKNOWN', `the suite has no target "${name}"`, {
    hint:
      near === undefined
        ? known.length === 0
          ? 'give the base URL of one with -u URL'
          : `it has ${known.join(', ')}`
        : `did you mean "${near}"?`,
  })
}
