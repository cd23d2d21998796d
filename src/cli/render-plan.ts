import { formatPosition } from '../errors.ts'
import {
  type CredentialUse,
  type Expectation,
  type Hole,
  methodOf,
  type Script,
  type Step,
} from '../plan/index.ts'
import type { Prepared } from '../prepare.ts'
import {
  alterationNamed,
  declaredReason,
  type Fit,
  fitProbe,
  type Planned,
  roleOf,
} from '../probe/index.ts'
import type { Suite, Target } from '../target/index.ts'

/** Writes what a run would do: its targets, then each expectation with what provokes it or why nothing does. */
export function renderPlan(prepared: Prepared, targets: readonly Target[]): string {
  const { promises, expectations, planned, suite } = prepared
  const { document } = promises
  const blocks = expectations.map((expectation) => {
    const at = formatPosition(document.positionOf(expectation.promised))
    const own = planned.filter((each) => each.expectation === expectation)
    const lines = own.flatMap((each) => describe(each, targets, suite))
    return [`${expectation.id}   ${statementOf(expectation)}   (${at})`, ...lines].join('\n')
  })
  const head = `${document.title} ${document.version} (${document.source.name}) · suite ${suite.name}`
  const end = `${expectations.length} expectations on ${targets.length} targets. Nothing was sent.`
  return `${[head, describeTargets(targets), ...blocks, end].join('\n\n')}\n`
}

function statementOf(expectation: Expectation): string {
  return expectation.kind === 'law'
    ? `law: ${expectation.law.statement}`
    : expectation.documented.description
}

function describeTargets(targets: readonly Target[]): string {
  return targets
    .map((target) => {
      const { states } = target
      const facts = [
        target.embedded ? 'embedded reference provider' : target.baseUrl,
        `safety ${target.safety}`,
        `credential ${target.credential?.name ?? 'none'}`,
        `states ${states === undefined ? 'none' : states.kind === 'url' ? 'by state URL' : 'by recipes'}`,
        ...(losses(target) ? ['a creation whose answer is lost may be left'] : []),
        `at most ${target.limits.requestBudget} requests`,
        ...(target.version?.path === undefined
          ? []
          : [`its version by GET ${target.version.path}, once`]),
      ]
      return `  ${target.name}   ${facts.join(' · ')}`
    })
    .join('\n')
}

/** Whether something that was made could not be found again by its name. */
function losses({ states }: Target): boolean {
  if (states?.kind !== 'recipes') return false
  return Object.values(states.book).some(
    ({ teardown, find }) => teardown !== undefined && find === undefined,
  )
}

function describe(each: Planned, targets: readonly Target[], suite: Suite): readonly string[] {
  if (each.kind === 'gap') return [`  not provoked: ${each.reason}`]
  const fits = targets.map((target) => ({ target, fit: fitOn(each, target, suite) }))
  const scripts = new Map<string, { script: Script; targets: string[] }>()
  const refused = new Map<string, string[]>()
  for (const { target, fit } of fits) {
    if (fit.kind === 'fits')
      group(scripts, JSON.stringify(fit.script.steps.map(({ name, use }) => [name, use])), () => ({
        script: fit.script,
        targets: [],
      })).targets.push(target.name)
    else group(refused, fit.reason, () => []).push(target.name)
  }
  return [
    ...[...scripts.values()].flatMap((each) =>
      describeScript(each.script, where(each.targets, targets), suite),
    ),
    ...[...refused].map(
      ([reason, names]) => `  ${each.id}   not sent${where(names, targets)}: ${reason}`,
    ),
  ]
}

function fitOn(probe: Planned & { kind: 'probe' }, target: Target, suite: Suite): Fit {
  const declared = declaredReason(probe.expectation, target, suite)
  if (declared !== undefined) return { kind: 'obstacle', reason: `declared: ${declared}` }
  return fitProbe(probe, target, suite)
}

function describeScript(script: Script, place: string, suite: Suite): readonly string[] {
  const { effect } = script
  const states = script.given.map((given) => roleOf(given, suite)?.state ?? given.role)
  return [
    `  ${script.id}${place}${script.exclusive === true ? '   alone' : ''}`,
    ...(states.length === 0 ? [] : [`    given   ${states.join(' + ')}`]),
    ...script.steps.map(
      (step, index) => `    ${index === 0 ? 'send' : 'then'}    ${describeStep(step)}`,
    ),
    `    sound   ${effect.sound}`,
    `    broken  ${effect.broken}${effect.touchesOthers ? '   (touches others)' : ''}`,
  ]
}

function describeStep(step: Step): string {
  const { operation, path, use, expect, faultHeader } = step
  const filled = operation.path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) =>
    showHole(path[name]),
  )
  const fault = faultHeader === true ? ' with the fault header' : ''
  return `${methodOf(step)} ${filled}   as ${showUse(use)}${fault}   → ${expect.join(' or ')}`
}

function showHole(hole: Hole | undefined): string {
  if (hole?.kind === 'text' || hole?.kind === 'raw') return hole.text
  if (hole?.kind === 'like') return `{${hole.given}.${hole.value}, ${hole.likeness}}`
  return hole?.kind === 'given' ? `{${hole.given}.${hole.value}}` : '{nothing}'
}

function showUse(use: CredentialUse): string {
  if (use.kind === 'configured') return 'the configured credential'
  if (use.kind === 'given') return `{${use.given}.${use.value}}`
  const { id, because } = alterationNamed(use.alteration)
  return `"${id}" (${because})`
}

function where(names: readonly string[], targets: readonly Target[]): string {
  return names.length === targets.length ? '' : `   in ${names.join(', ')}`
}

function group<T>(groups: Map<string, T>, key: string, open: () => T): T {
  const known = groups.get(key)
  if (known !== undefined) return known
  const opened = open()
  groups.set(key, opened)
  return opened
}
