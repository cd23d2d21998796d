import type { Expectation, Given, Script, Step } from '../plan/index.ts'
import type { Cannot, Role, Suite, Target } from '../target/index.ts'
import { whyNoCredential } from './credential-place.ts'
import type { Probe } from './probes.ts'
import { whyUnsafe } from './safety.ts'

/** A script as one target can carry it out, or why that target cannot. */
export type Fit =
  | { readonly kind: 'fits'; readonly script: Script }
  | { readonly kind: 'obstacle'; readonly reason: string }
  /** Another probe of the same expectation shows the same with less harm. */
  | { readonly kind: 'spared'; readonly reason: string }

/**
 * Fits a probe to a target: leaves out optional states that the target cannot arrange, with the
 * steps that need them, and refuses what its safety class or its means do not allow.
 */
export function fitProbe({ script }: Probe, target: Target, suite: Suite): Fit {
  const unsafe = whyUnsafe(script, target)
  if (unsafe !== undefined) return obstacle(unsafe)
  if (script.needsFaultHeader === true && target.faultHeader === undefined) {
    return obstacle('the target declares no fault header')
  }
  if (arms(script) && target.faultHeader !== undefined && target.safety !== 'disposable') {
    return { kind: 'spared', reason: 'the fault header shows the same and touches nobody else' }
  }
  const missing = script.given.flatMap((given) => {
    const reason = whyNot(given, target, suite)
    return reason === undefined ? [] : [{ given, reason }]
  })
  const needed = missing.find(({ given }) => given.optional !== true)
  if (needed !== undefined) return obstacle(needed.reason)
  const left = without(script, new Set(missing.map(({ given }) => given.name)))
  return withCredential(withoutRaces(left, target), target)
}

/** Where an old state may be answered for a while, both of two requests may truly say that they did it. */
function withoutRaces(script: Script, { limits: { consistencyWindow = 0 } }: Target): Script {
  if (script.claims === undefined || consistencyWindow === 0) return script
  return { ...script, claims: script.claims.filter(({ kind }) => kind !== 'one-of-each') }
}

/**
 * Fits a probe to two targets: one where its states are arranged, and one where what was done there is
 * looked at. The answer says which of them an obstacle is of.
 */
export function fitAcross(
  probe: Probe,
  { origin, target, suite }: { origin: Target; target: Target; suite: Suite },
): Fit & { readonly of?: Target } {
  const there = fitProbe(probe, origin, suite)
  if (there.kind !== 'fits') return { ...there, of: origin }
  const steps = there.script.steps.filter(({ atOrigin }) => atOrigin !== true)
  const unsafe = whyUnsafe({ ...there.script, steps }, target)
  return unsafe === undefined ? there : { ...obstacle(unsafe), of: target }
}

/** The role that a given state plays, as the suite says. */
export function roleOf(given: Given, suite: Suite): Role | undefined {
  const roles = suite.operations[given.operation.id]
  return roles !== undefined && Object.hasOwn(roles, given.role) ? roles[given.role] : undefined
}

/** Why an expectation may stay unseen on a target: what the target declared beforehand, if anything. */
export function declaredReason(
  expectation: Expectation,
  target: Target,
  suite: Suite,
): string | undefined {
  const cannot = target.cannot.find((each) => isAbout(each, expectation))
  return cannot?.reason ?? whyNotAsked(expectation, target, suite)
}

/** What a target declared of an expectation until a day that is over. */
export function lapsedReason(
  expectation: Expectation,
  { lapsed }: Target,
): { readonly until: string; readonly reason: string } | undefined {
  const found = lapsed.find((each) => isAbout(each, expectation))
  return found && { until: found.until ?? '', reason: found.reason }
}

/** What a target could not show until a day that is over is looked at again. */
export function tellLapsed({ lapsed }: Target): readonly string[] {
  return lapsed.map(
    ({ status, operation, until, reason }) =>
      `that ${operation === undefined ? '' : `${operation}/`}${status} cannot be shown was declared until ${until} (${reason}); it is looked at again: renew the declaration or remove it`,
  )
}

function isAbout({ operation, status }: Cannot, expectation: Expectation): boolean {
  if (operation !== undefined && operation !== expectation.operation.id) return false
  if (expectation.kind === 'response') return covered(expectation.documented.status, status)
  const { id, statuses } = expectation.law
  return id === status || statuses.some((name) => covered(name, status) || covered(status, name))
}

/** A law that takes means which a target need not have is not asked of one that does not have them. */
function whyNotAsked(expectation: Expectation, target: Target, suite: Suite): string | undefined {
  if (expectation.kind !== 'law') return undefined
  const { operation, law } = expectation
  for (const role of law.means ?? []) {
    const reason = whyNoState({ name: role, role, operation }, target, suite)
    if (reason !== undefined) return `${reason}; a target need not have one`
  }
  return undefined
}

function arms(script: Script): boolean {
  return script.given.some(({ role }) => role === 'fault')
}

function obstacle(reason: string): Fit {
  return { kind: 'obstacle', reason }
}

function whyNot(given: Given, target: Target, suite: Suite): string | undefined {
  const role = roleOf(given, suite)
  if (role === undefined)
    return `the suite names no "${given.role}" state for ${given.operation.id}`
  if (given.role === 'fault' && !target.faultState) return 'the target forbids its fault state'
  if (target.safety === 'production')
    return 'the target is classed production: no state is arranged there'
  return whyNoState(given, target, suite)
}

/** Why a target has no means to arrange a state, whatever it allows. */
function whyNoState(given: Given, { states }: Target, suite: Suite): string | undefined {
  const role = roleOf(given, suite)
  if (role === undefined) return undefined
  if (states === undefined) {
    return `it needs the state "${role.state}", and the target has neither a state URL nor recipes`
  }
  if (states.kind === 'recipes' && !Object.hasOwn(states.book, role.state)) {
    return `it needs the state "${role.state}", for which the target has no recipe`
  }
  return undefined
}

function without(script: Script, dropped: ReadonlySet<string>): Script {
  if (dropped.size === 0) return script
  return {
    ...script,
    given: script.given.filter(({ name }) => !dropped.has(name)),
    steps: script.steps
      .filter(
        (step) =>
          !(step.use.kind === 'given' && dropped.has(step.use.given)) &&
          !Object.values(step.path).some((hole) => 'given' in hole && dropped.has(hole.given)),
      )
      .map((step) => withRandomKey(step, dropped)),
  }
}

/** An alteration whose throwaway key is missing is made from random text instead. */
function withRandomKey(step: Step, dropped: ReadonlySet<string>): Step {
  const { use } = step
  if (use.kind !== 'altered' || use.of === undefined || !dropped.has(use.of.given)) return step
  return { ...step, use: { kind: 'altered', alteration: use.alteration } }
}

/** Ends a script before the first step whose credential the target cannot show. */
function withCredential(script: Script, target: Target): Fit {
  const reasons = script.steps.map(({ use, operation }) =>
    use.kind === 'altered' ? undefined : whyNoCredential(operation, target, use),
  )
  const end = reasons.findIndex((reason) => reason !== undefined)
  if (end === -1) return { kind: 'fits', script }
  if (end === 0) return obstacle(reasons[0] ?? '')
  return { kind: 'fits', script: { ...script, steps: script.steps.slice(0, end) } }
}

/** Whether a declared `500` or `5XX` covers a status; one code of a range does not cover the range. */
function covered(status: string, declared: string): boolean {
  return (
    status === declared ||
    (declared.endsWith('XX') && /^\d{3}$/.test(status) && status[0] === declared[0])
  )
}
