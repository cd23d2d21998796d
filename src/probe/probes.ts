import { type Operation, responseFor } from '../document/index.ts'
import { type Expectation, type Facts, pathFromGiven, type Script } from '../plan/index.ts'
import type { Schemas } from '../schema/index.ts'
import type { Suite } from '../target/index.ts'
import { withFittingCredentials } from './fit-credentials.ts'
import {
  absentHoles,
  type Ground,
  hasInput,
  namesSomething,
  noRole,
  type Provocation,
} from './ground.ts'
import { internalErrorScripts } from './internal-error.ts'
import { namedStateScript } from './named-state.ts'
import { notFoundScript } from './not-found.ts'
import { unauthorizedScripts } from './unauthorized.ts'
import { validScript } from './valid.ts'

/** One way to provoke an expectation. */
export type Probe = {
  readonly kind: 'probe'
  readonly id: string
  readonly expectation: Expectation
  readonly script: Script
}

/** An expectation, or a part of one, that cannot be provoked on any target, and why. */
export type Gap = {
  readonly kind: 'gap'
  readonly expectation: Expectation
  readonly reason: string
}

export type Planned = Probe | Gap

/** Says how each expectation is provoked, in the order of the expectations: probes, else a gap. */
export function planProbes(
  expectations: readonly Expectation[],
  { schemas, suite }: { schemas: Schemas; suite: Suite },
): readonly Planned[] {
  const { form } = suite
  return expectations.flatMap((expectation): readonly Planned[] => {
    const { operation } = expectation
    const roles = suite.operations[operation.id] ?? {}
    const provocation =
      expectation.kind === 'law'
        ? lawScripts(expectation, { schemas, form })
        : provoke({ operation, roles, status: expectation.documented.status, schemas, form })
    if ('reason' in provocation) return [{ kind: 'gap', expectation, reason: provocation.reason }]
    return provocation.map((script) => ({ kind: 'probe', id: script.id, expectation, script }))
  })
}

/** Says how laws are provoked in one target by what is done in another of the same account. */
export function planAcross(
  expectations: readonly Expectation[],
  { schemas, suite: { form } }: { schemas: Schemas; suite: Suite },
): readonly Probe[] {
  return expectations.flatMap((expectation): readonly Probe[] => {
    if (expectation.kind !== 'law') return []
    const { law, facts } = expectation
    const scripts = fitScripts(law.across?.(facts) ?? [], facts, { schemas, form })
    if ('reason' in scripts) return []
    return scripts.map((script) => ({ kind: 'probe', id: script.id, expectation, script }))
  })
}

function lawScripts(
  { law, facts }: Expectation & { kind: 'law' },
  ground: Pick<Ground, 'schemas' | 'form'>,
): Provocation {
  return fitScripts(law.scripts(facts), facts, ground)
}

function fitScripts(
  asked: readonly Script[],
  { operation, roles }: Facts,
  { schemas, form }: Pick<Ground, 'schemas' | 'form'>,
): Provocation {
  const scripts = asked.map((script) => withFittingCredentials(script, form))
  for (const { given, steps } of scripts) {
    const lacking = given.find(({ role, optional }) => !optional && roles[role] === undefined)
    if (lacking !== undefined) return noRole(lacking.role)
    const checks = [
      ...given
        .filter(({ role }) => role === 'existing')
        .map(({ name }) =>
          namesSomething(pathFromGiven(operation, name, roles.existing?.path ?? {})),
        ),
      ...steps.map((step) => hasInput(step.operation)),
      ...steps.map((step) => absentHoles(step, schemas)),
    ]
    const refusal = checks.find((check) => check !== true)
    if (refusal !== undefined) return refusal
  }
  return scripts
}

function provoke(ground: Ground): Provocation {
  const { operation, status, roles } = ground
  const stands = (code: number) => responseFor(operation, code)?.status === status
  const named = Object.entries(roles).filter(
    ([name]) => /^\d{3}$/.test(name) && stands(Number(name)),
  )
  const ways = [
    ...named.map(([name, role]) => namedStateScript(ground, name, role)),
    ...(isSuccess(operation, status) ? [validScript(ground)] : []),
    ...(stands(401) ? [unauthorizedScripts(ground)] : []),
    ...(stands(404) ? [notFoundScript(ground)] : []),
    ...(stands(500) ? [internalErrorScripts(ground)] : []),
  ]
  const scripts = ways.flatMap((way) => ('reason' in way ? [] : way))
  if (scripts.length > 0) return scripts
  const reasons = ways.flatMap((way) => ('reason' in way ? [way.reason] : []))
  return { reason: [...new Set(reasons)].join('; ') || unknownWay(status) }
}

/** A valid request gives one success; it aims at the first that is documented, or at `default` where none is. */
function isSuccess({ responses }: Operation, status: string): boolean {
  const first = responses.find((response) => /^2/.test(response.status))
  return status === (first?.status ?? 'default')
}

function unknownWay(status: string): string {
  if (/^2/.test(status))
    return 'a valid request gives one success, and another is documented before it'
  return `nothing is known that provokes ${status}; the suite can name a provider state for it`
}
