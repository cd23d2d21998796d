import { AssayError } from './errors.ts'
import type { Client } from './exchange/index.ts'
import { matchesStatus, type Script } from './plan/index.ts'
import { fillStep, type Probe, type Random } from './probe/index.ts'
import type { Schemas } from './schema/index.ts'
import type { Arrangement, StateSession } from './state/index.ts'
import type { Target } from './target/index.ts'
import type { Trace, Trouble } from './verdict/index.ts'

export type Performing = {
  readonly probe: Probe
  /** The script of the probe, fitted to the target. */
  readonly script: Script
  readonly target: Target
  readonly client: Client
  readonly states: StateSession
  readonly schemas: Schemas
  readonly random: Random
  readonly signal: AbortSignal
}

/** Carries out one probe on one target: arranges, sends step by step until a surprise, releases. Never throws. */
export async function perform(performing: Performing): Promise<Trace> {
  const { probe, script, target, states, signal } = performing
  if (signal.aborted)
    return { probe, arranged: [], scope: {}, steps: [], trouble: explain(undefined, signal) }
  const until = performance.now() + target.limits.probeTimeout
  const steps: Trace['steps'][number][] = []
  let arrangement: Arrangement | undefined
  let trouble: Trouble | undefined
  try {
    arrangement = await states.arrange(script.given, until)
    trouble = await sendSteps(performing, arrangement, until, steps)
  } catch (error) {
    trouble = explain(error, signal)
  }
  await arrangement?.release()
  return {
    probe,
    arranged: arrangement?.arranged ?? [],
    scope: arrangement?.scope ?? {},
    steps,
    ...(trouble === undefined ? {} : { trouble }),
  }
}

async function sendSteps(
  { script, target, client, schemas, random, signal }: Performing,
  { scope }: Arrangement,
  until: number,
  steps: Trace['steps'][number][],
): Promise<Trouble | undefined> {
  for (const step of script.steps) {
    const request = fillStep(step, { target, scope, schemas, random })
    const { exchange } = await client.send(request, { until })
    steps.push({ step, exchange })
    if (exchange.kind === 'failed') {
      const stopped = exchange.cause === 'stopped' && signal.aborted
      if (stopped) return { kind: 'stopped', reason: exchange.reason }
      const reason = exchange.cause === 'stopped' ? probeTimedOut(target) : exchange.reason
      return { kind: 'error', reason }
    }
    const { status } = exchange.response
    if (!step.expect.some((pattern) => matchesStatus(step.operation, pattern, status)))
      return undefined
  }
  return undefined
}

function probeTimedOut(target: Target): string {
  return `the probe took longer than ${target.limits.probeTimeout} ms`
}

function explain(error: unknown, signal: AbortSignal): Trouble {
  if (signal.aborted) return { kind: 'stopped', reason: 'the run was stopped' }
  if (error instanceof AssayError) return { kind: 'error', reason: error.message, code: error.code }
  return { kind: 'error', reason: error instanceof Error ? error.message : String(error) }
}
