import { isSafe, methodOf, type Script, type Step } from '../plan/index.ts'
import type { SafetyClass, Target } from '../target/index.ts'
import { alterationNamed } from './alterations.ts'
import { credentialPlace } from './credential-place.ts'

/** The longest id that a request which asks for a change carries off class `disposable`. */
const longest = 64

/** Why the safety class of a target keeps a script from it; undefined: it does not. */
export function whyUnsafe(script: Script, { safety }: Target): string | undefined {
  if (safety === 'disposable') return undefined
  for (const step of script.steps) {
    const reason = whyNotSent(step, safety)
    if (reason !== undefined) return `the target is classed ${safety}: ${reason}`
  }
  return undefined
}

function whyNotSent(step: Step, safety: SafetyClass): string | undefined {
  const method = methodOf(step)
  if (safety === 'production' && !['GET', 'HEAD'].includes(method))
    return 'only GET and HEAD are sent there'
  if (step.method !== undefined && !['GET', 'HEAD', 'OPTIONS'].includes(method))
    return 'of the methods that are not documented, only GET, HEAD and OPTIONS are sent there'
  if (putsInQuery(step)) return 'no key is put into a query there'
  for (const hole of Object.values(step.path)) {
    if (hole.kind === 'like' && wildLikenesses.has(hole.likeness)) return wild
    if (hole.kind !== 'raw') continue
    if (!isTame(hole.text)) return wild
    if (!isSafe(method) && !isShort(hole.text)) return tooLong
    if (!isSafe(method) && isLikeNumber(hole.text)) return numeric
    if (!isSafe(method) && method !== 'DELETE')
      return 'nothing is written under an awkward id there'
  }
  return undefined
}

const wild = 'no id with a slash, dot segment, wildcard, control character or code is sent there'
const tooLong = `no id over ${longest} characters is sent to what changes something there`
const numeric =
  'no id that may be read as the number of something else is sent to what changes something there'
const wildLikenesses = new Set(['encoded-twice', 'nul-after', 'star', 'percent', 'underscore'])

/** Whether an id that was made of an answered one may be sent, given how long it became. */
export function mayBeSent(wire: string, method: string, { safety }: Target): boolean {
  return safety === 'disposable' || isSafe(method) || isShort(wire)
}

/** Letters, digits and the marks that stand in names; nothing that a shell, a query or a path reads otherwise. */
function isTame(wire: string): boolean {
  const text = decode(wire)
  return (
    text !== undefined &&
    /^[\p{L}\p{M}\p{N}\p{So}\p{Cf} _~.:@+=-]+$/u.test(text) &&
    !/^\.+$|--/.test(text)
  )
}

function isShort(wire: string): boolean {
  return [...(decode(wire) ?? wire)].length <= longest
}

/** A lenient reader takes `1.5` and `1e400` for 1, and digits of any script for a number. */
function isLikeNumber(wire: string): boolean {
  return /^[\s+-]*\p{N}/u.test(decode(wire) ?? wire)
}

function putsInQuery({ use, operation }: Step): boolean {
  const place = credentialPlace(operation)
  if (use.kind !== 'altered' || place === undefined) return false
  const at = alterationNamed(use.alteration).at?.(place)
  return at?.in === 'query'
}

function decode(wire: string): string | undefined {
  try {
    return decodeURIComponent(wire)
  } catch {
    return undefined
  }
}
