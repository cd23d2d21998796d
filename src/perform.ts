import { AssayError } from './errors.ts'
import type { Client } from './exchange/index.ts'
import { matchesStatus, type Script } from './plan/index.ts'
import { fillStep, type Probe, type Random } from './probe/index.ts'
import type { Schemas } from './schema/index.ts'
import type { Arrangement, StateSession } from './state/index.ts'
import type { Target } from './target/index.ts'
import type { Trace, Trouble } from './verdict/index.ts'

export type Performance = {
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
export async function perform(performance: Performance): Promise<Trace> {
  const { probe, script, target, states, signal } = performance
  if (signal.aborted)
    return { probe, arranged: [], scope: {}, steps: [], trouble: explain(undefined, signal) }
  const { signal: deadline, clear } = startDeadline(signal, target.limits.probeTimeout)
  const steps: Trace['steps'][number][] = []
  let arrangement: Arrangement | undefined
  let trouble: Trouble | undefined
  try {
    arrangement = await states.arrange(script.given, deadline)
    trouble = await sendSteps(performance, arrangement, deadline, steps)
  } catch (error) {
    trouble = explain(error, signal)
  }
  clear()
  await arrangement?.release()
  return {
    probe,
    arranged: arrangement?.arranged ?? [],
    scope: arrangement?.scope ?? {},
    steps,
    ...(trouble === undefined ? {} : { trouble }),
  }
}

/** Aborts with the run or after its own time; cheaper than signals made for it, which are collected late. */
function startDeadline(signal: AbortSignal, ms: number) {
  const controller = new AbortController()
  const abort = () => controller.abort()
  const timer = setTimeout(abort, ms)
  signal.addEventListener('abort', abort, { once: true })
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    },
  }
}

async function sendSteps(
  { script, target, client, schemas, random, signal }: Performance,
  { scope }: Arrangement,
  deadline: AbortSignal,
  steps: Trace['steps'][number][],
): Promise<Trouble | undefined> {
  for (const step of script.steps) {
    const request = fillStep(step, { target, scope, schemas, random })
    const { exchange } = await client.send(request, { signal: deadline })
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
