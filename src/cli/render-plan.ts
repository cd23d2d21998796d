import { originsOf } from '../company.ts'
import { formatPosition } from '../errors.ts'
import {
  type CredentialUse,
  type Expectation,
  type Hole,
  methodOf,
  type Script,
  type Step,
  tellShard,
} from '../plan/index.ts'
import type { Prepared } from '../prepare.ts'
import {
  alterationNamed,
  declaredReason,
  type Fit,
  fitAcross,
  fitProbe,
  type Planned,
  type Probe,
  roleOf,
} from '../probe/index.ts'
import { shareOf } from '../share.ts'
import { remarksOnWays, type Suite, type Target } from '../target/index.ts'

/** Writes what a run would do: its targets, then each expectation with what provokes it or why nothing does. */
export function renderPlan(prepared: Prepared, targets: readonly Target[]): string {
  const { promises, expectations, planned, across, suite, shard } = prepared
  const { document } = promises
  const share = shareOf(prepared)
  let cells = 0
  const blocks = expectations.flatMap((expectation) => {
    const own = targets.filter(({ name }) => share.covers(name, expectation.operation.id))
    if (own.length === 0) return []
    cells += own.length
    const at = formatPosition(document.positionOf(expectation.promised))
    const lines = [
      ...planned
        .filter((each) => each.expectation === expectation)
        .flatMap((each) => describe(each, own, suite)),
      ...across
        .filter((each) => each.expectation === expectation)
        .flatMap((each) => describeAcross(each, own, suite)),
    ]
    return [[`${expectation.id}   ${statementOf(expectation)}   (${at})`, ...lines].join('\n')]
  })
  const part = shard === undefined ? '' : ` · ${tellShard(shard)}`
  const head = `${document.title} ${document.version} (${document.source.name}) · suite ${suite.name}${part}`
  const all = share.targets.length
  const told =
    shard === undefined
      ? `${expectations.length} expectations on ${targets.length} targets`
      : `${cells} of ${expectations.length * all} cells, on ${targets.length} of ${all} targets; other shards have the rest`
  const end = `${told}. Nothing was sent.`
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
        ...describeGraces(target),
        ...(target.version?.path === undefined
          ? []
          : [`its version by GET ${target.version.path}, once`]),
        ...waysTo(target),
      ]
      return `  ${target.name}   ${facts.join(' · ')}`
    })
    .join('\n')
}

/** What is unusual about the ways to its base URL and its state URL. */
function waysTo(target: Target): readonly string[] {
  const { baseUrl, states } = target
  const urls = [baseUrl, ...(states?.kind === 'url' ? [states.url] : [])]
  return remarksOnWays(urls, target)
}

function describeGraces({ account, limits }: Target): readonly string[] {
  const { revocationBudget, consistencyWindow } = limits
  return [
    ...(account === undefined ? [] : [`account ${account}`]),
    ...(revocationBudget === undefined ? [] : [`revocation within ${revocationBudget} ms`]),
    ...(consistencyWindow === undefined ? [] : [`the old state for ${consistencyWindow} ms`]),
  ]
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

/** What is looked at in one target and done in another, for each target that names an account with others. */
function describeAcross(probe: Probe, targets: readonly Target[], suite: Suite): readonly string[] {
  const pairs = targets.flatMap((target) =>
    originsOf(target, targets).map((origin) => ({
      pair: `${target.name} from ${origin.name}`,
      fit: fitAcross(probe, { origin, target, suite }),
    })),
  )
  const sent = pairs.filter(({ fit }) => fit.kind === 'fits').map(({ pair }) => pair)
  const more = sent.length > 4 ? ` and ${sent.length - 3} pairs more` : ''
  const shown = sent.slice(0, more === '' ? 4 : 3).join(', ')
  return [
    ...(sent.length === 0 ? [] : describeScript(probe.script, `   in ${shown}${more}`, suite)),
    ...pairs.flatMap(({ pair, fit }) =>
      fit.kind === 'fits' ? [] : [`  ${probe.id}   not sent in ${pair}: ${fit.reason}`],
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
  const place = step.atOrigin === true ? ' where it was made' : ''
  const again = step.until?.what === undefined ? '' : ', again and again until it stays so'
  return `${methodOf(step)} ${filled}   as ${showUse(use)}${fault}${place}   → ${expect.join(' or ')}${again}`
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
