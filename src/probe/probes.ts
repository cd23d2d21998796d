import { type DocumentedResponse, type Operation, responseFor } from '../document/index.ts'
import type { Expectation, Script } from '../plan/index.ts'
import type { Schemas } from '../schema/index.ts'
import type { Roles, Suite } from '../target/index.ts'
import { type Ground, noRole, type Provocation } from './ground.ts'
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
  return expectations.flatMap((expectation): readonly Planned[] => {
    const { operation } = expectation
    const roles = suite.operations[operation.id] ?? {}
    const provocation =
      expectation.kind === 'law'
        ? lawScripts(expectation, roles)
        : provoke({ operation, roles, status: expectation.documented.status, schemas })
    if ('reason' in provocation) return [{ kind: 'gap', expectation, reason: provocation.reason }]
    return provocation.map((script) => ({ kind: 'probe', id: script.id, expectation, script }))
  })
}

function lawScripts(expectation: Expectation & { kind: 'law' }, roles: Roles): Provocation {
  const { law, operation } = expectation
  if (roles.existing === undefined) return { reason: noRole(operation, 'existing') }
  return [law.script(operation, roles)]
}

function provoke(ground: Ground): Provocation {
  const { operation, status, roles } = ground
  const named = Object.hasOwn(roles, status) ? roles[status] : undefined
  if (named !== undefined) return [namedStateScript(ground, named)]
  if (isSuccess(operation, status)) return validScript(ground)
  const ways = [
    ...(stands(operation, 401, status) ? [unauthorizedScripts(ground)] : []),
    ...(stands(operation, 404, status) ? [notFoundScript(ground)] : []),
    ...(stands(operation, 500, status) ? [internalErrorScripts(ground)] : []),
  ]
  const scripts = ways.flatMap((way) => ('reason' in way ? [] : way))
  if (scripts.length > 0) return scripts
  const reasons = ways.flatMap((way) => ('reason' in way ? [way.reason] : []))
  return { reason: reasons.join('; ') || unknownWay(operation, status) }
}

/** Whether this documented status is what the document says about a status code. */
function stands(operation: Operation, code: number, status: string): boolean {
  return responseFor(operation, code)?.status === status
}

/** A valid request gives one success; it aims at the first that is documented. */
function isSuccess({ responses }: Operation, status: string): boolean {
  return (
    status === responses.find((response: DocumentedResponse) => /^2/.test(response.status))?.status
  )
}

function unknownWay(operation: Operation, status: string): string {
  if (/^2/.test(status))
    return 'a valid request gives one success, and another is documented before it'
  return `nothing is known that provokes ${status}; name a provider state for it under operations.${operation.id}."${status}"`
}
