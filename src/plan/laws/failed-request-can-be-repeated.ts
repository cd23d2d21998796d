import { type Operation, responseFor } from '../../document/index.ts'
import type { Script, Step } from '../script.ts'
import type { Facts, Law } from './law.ts'
import { documentsSuccess, isIdempotent, ownPath } from './parts.ts'

/**
 * A request that failed inside did nothing by halves: sent again, it succeeds.
 *
 * That tells an injected failure from a spontaneous one too: whoever fails again without being told
 * to is found where the success was expected.
 */
export const failedRequestCanBeRepeated: Law = {
  id: 'failed-request-can-be-repeated',
  statement: 'a request that failed can be repeated',
  proves:
    'A request on a resource of our own is made to fail inside, through the fault header or the fault state, then sent again: it must succeed. If it fails again, unprovoked, that is filed at the success.',
  source: 'the documented 5XX, which says that the request failed (RFC 9110, section 9.2.2)',
  example: {
    expected: '2XX, because the request before it failed',
    received: '404 Not Found',
  },
  cure: 'do all of it or nothing (one transaction), and answer what became of it. A target without a seam declares `cannot: 500`.',
  statuses: ['2XX', '500'],

  applies: (facts) =>
    isIdempotent(facts.operation) &&
    documentsSuccess(facts.operation) &&
    failureOf(facts.operation) !== undefined &&
    ownPath(facts) !== undefined,

  scripts(facts) {
    const { operation, roles } = facts
    const byHeader = script(facts, 'fault-header')
    const seam: readonly Script[] = [{ ...byHeader, needsFaultHeader: true }]
    if (roles.fault === undefined) return seam
    const byState = script(facts, 'fault-state')
    return [
      ...seam,
      {
        ...byState,
        given: [...byState.given, { name: 'fault', role: 'fault', operation }],
        steps: byState.steps.map((step) => ({ ...step, faultHeader: false })),
        effect: { ...byState.effect, touchesOthers: true },
        exclusive: true,
      },
    ]
  },
}

/** The documented status of a failure inside; `default` promises none. */
function failureOf(operation: Operation): string | undefined {
  const status = responseFor(operation, 500)?.status
  return status === 'default' ? undefined : status
}

function script(facts: Facts, name: string): Script {
  const { operation } = facts
  const status = failureOf(operation) ?? '500'
  const because = 'the request before it failed'
  const it: Pick<Step, 'operation' | 'path' | 'use'> = {
    operation,
    path: ownPath(facts) ?? {},
    use: { kind: 'configured' },
  }
  return {
    id: `${operation.id}/failed-request-can-be-repeated/${name}`,
    given: [{ name: 'existing', role: 'existing', operation }],
    steps: [
      {
        ...it,
        name: 'make it fail inside',
        expect: [status],
        because: 'the target was told to fail inside',
        faultHeader: true,
      },
      {
        ...it,
        name: 'send it again',
        expect: ['2XX'],
        because,
        refutes: { statuses: ['404', '409', '410'], because, unlessHopedFails: true },
      },
    ],
    effect: {
      sound: 'fails inside, then acts on a resource that Assay made',
      broken: 'acts on a resource that Assay made',
      touchesOthers: false,
    },
  }
}
