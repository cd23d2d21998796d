import { type Attempt, readRetryAfter } from '../exchange/index.ts'
import { methodOf } from '../plan/index.ts'
import { documentedFor } from './evidence.ts'
import type { Sent, Trace } from './trace.ts'

/** An exchange that was answered, with what was sent. */
export type Answered = Sent & { readonly exchange: { readonly kind: 'answered' } }

/** The answers to a request that asked to wait before it was sent again: each 429 that was obeyed. */
export function refusalsOf({ step, exchange, manner }: Sent): readonly Answered[] {
  const { request, startedAt, attempts = [] } = exchange
  return attempts.flatMap((attempt): Answered[] =>
    attempt.kind === 'lost'
      ? []
      : [
          {
            step,
            exchange: {
              kind: 'answered',
              request,
              startedAt,
              ms: attempt.ms,
              response: attempt.response,
            },
            ...(manner === undefined ? {} : { manner }),
          },
        ],
  )
}

/** The attempts at a request that brought nothing, before the one that brought something. */
export function lossesOf({ exchange }: Sent): readonly (Attempt & { kind: 'lost' })[] {
  return (exchange.attempts ?? []).filter((attempt) => attempt.kind === 'lost')
}

/** A 429 that no response of the document is about, in words that say so of its operation. */
export function undocumentedLimits(trace: Trace): readonly string[] {
  return trace.steps
    .flatMap((sent) => [...refusalsOf(sent), sent])
    .flatMap(({ step, exchange }) => {
      if (exchange.kind !== 'answered' || exchange.response.status !== 429) return []
      if (step.method !== undefined || documentedFor(step, 429) !== undefined) return []
      const unreadable = readRetryAfter(exchange.response.headers) === 'unreadable'
      const also = unreadable ? ', with a Retry-After that cannot be read' : ''
      return [
        `${methodOf(step)} ${step.operation.path} answered 429, which is not documented${also}`,
      ]
    })
}
