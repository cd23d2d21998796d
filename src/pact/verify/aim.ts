import type { Parameter } from '../../document/index.ts'
import { isSafe } from '../../plan/index.ts'
import { findAbsent, randomFor } from '../../probe/index.ts'
import type { Schemas } from '../../schema/index.ts'
import type { Target } from '../../target/index.ts'
import { splitPath } from './path-values.ts'
import type { Unit } from './unit.ts'
import { pathExpression } from './wanted.ts'

/** What a request may act on: all that its path names, or what is put in its place; else why it is not sent. */
export type Aim =
  | { readonly kind: 'sent'; readonly replaced: readonly Parameter[] }
  | { readonly kind: 'withheld'; readonly reason: string }

/**
 * Decides whether the request of an interaction is sent to a target.
 *
 * A target classed `production` gets GET and HEAD. Off `disposable`, a request that may destroy names
 * only what Assay arranged, or what cannot exist. A pact that writes its id out is no leave to destroy
 * what has that id: where the answer is to be 401, 403, 404 or 5XX, which id it is does not matter, and
 * one that cannot exist goes in its place, for a target that is broken may let the request through,
 * with or without a credential; for any other answer the request is withheld.
 */
export function aim({ interaction, expectation }: Unit, target: Target, schemas: Schemas): Aim {
  const { operation } = expectation
  const { safety } = target
  if (safety === 'production' && !['GET', 'HEAD'].includes(operation.method))
    return withheld('the target is classed production: only GET and HEAD are sent there')
  if (safety === 'disposable' || isSafe(operation.method)) return { kind: 'sent', replaced: [] }
  const values = splitPath(operation.path, pathExpression(interaction.request))?.values
  const written = [...(values ?? [])].filter(([, value]) => !/\$?\{[^{}]+\}/.test(value))
  if (values === undefined || values.size === 0)
    return withheld('its path names nothing that Assay made, so it would act on what is not ours')
  if (written.length === 0) return { kind: 'sent', replaced: [] }
  const parameters = written.flatMap(([parameter]) =>
    operation.parameters.filter((each) => each.in === 'path' && each.name === parameter),
  )
  const { status } = interaction.response
  if (![401, 403, 404].includes(status) && status < 500)
    return withheld('its path is written out in the pact, so it would act on what is not ours')
  const random = randomFor(0, expectation.id)
  return parameters.every((each) => findAbsent({ schemas }, each, random) !== undefined)
    ? { kind: 'sent', replaced: parameters }
    : withheld('its path is written out in the pact, and nothing that cannot exist fits there')
}

function withheld(reason: string): Aim {
  return { kind: 'withheld', reason }
}
