import { AssayError } from './errors.ts'
import { endsWith, isSafe, methodOf, type Script, untilOf } from './plan/index.ts'
import { graceOf } from './poll.ts'
import type { Probe, Random } from './probe/index.ts'
import type { Schemas } from './schema/index.ts'
import { type Reach, sendStep } from './send-step.ts'
import type { Arrangement } from './state/index.ts'
import type { Target } from './target/index.ts'
import { isLimited, type Sent, type Trace, type Trouble, type Wait } from './verdict/index.ts'

export type Performing = Reach & {
  readonly probe: Probe
  /** The script of the probe, fitted to the target. */
  readonly script: Script
  /** Where the states are arranged. Default: where the probe looks. */
  readonly origin?: Reach | undefined
  readonly schemas: Schemas
  readonly random: Random
  readonly signal: AbortSignal
}

/** Carries out one probe on one target: arranges, sends step by step until a surprise, releases. Never throws. */
export async function perform(performing: Performing): Promise<Trace> {
  const { probe, script, target, origin, states, signal } = performing
  const steps: Sent[] = []
  const waits: Wait[] = []
  const trace = { probe, arranged: [], scope: {}, steps, waits }
  if (signal.aborted) return { ...trace, trouble: explain(undefined, signal) }
  await Promise.all([performing.client.ready(), origin?.client.ready()])
  const end = performance.now() + timeFor(script, target)
  let arrangement: Arrangement | undefined
  let trouble: Trouble | undefined
  try {
    arrangement = await (origin?.states ?? states).arrange(script.given, end)
    trouble = await sendSteps({ ...performing, arrangement, end, steps, waits })
  } catch (error) {
    const isAtOrigin = origin !== undefined && arrangement === undefined
    trouble = { ...explain(error, signal), ...(isAtOrigin ? { atOrigin: true } : {}) }
  }
  await arrangement?.release()
  return {
    ...trace,
    arranged: arrangement?.arranged ?? [],
    scope: arrangement?.scope ?? {},
    ...(trouble === undefined ? {} : { trouble }),
  }
}

/** Milliseconds that a probe may take: those of the target, and what its steps are given to wait. */
function timeFor({ steps }: Script, { limits }: Target): number {
  const waiting = steps.map((step) => {
    const until = untilOf(step)
    const allowed = until && limits[until.within]
    return until === undefined || allowed === undefined ? 0 : allowed + graceOf(until, allowed)
  })
  return waiting.reduce((sum, ms) => sum + ms, limits.probeTimeout)
}

type Going = Performing & {
  readonly arrangement: Arrangement
  readonly end: number
  readonly steps: Sent[]
  readonly waits: Wait[]
}

/** Sends step by step until a surprise; what is repeated is sent to the end of its turn all the same. */
async function sendSteps(going: Going): Promise<Trouble | undefined> {
  const { script, arrangement, steps, signal } = going
  const arranged = performance.now()
  let changed = arranged
  for (const step of script.steps) {
    const sents: Sent[] = []
    const { scope } = arrangement
    let trouble: Trouble | undefined
    try {
      trouble = await sendStep(step, { ...going, scope, arranged, changed, sents })
    } catch (error) {
      trouble = explain(error, signal)
    } finally {
      const isUnjudged = step.atOrigin === true || (step.premise !== undefined && trouble)
      steps.push(...(isUnjudged ? sents.map((sent) => ({ ...sent, unjudged: true })) : sents))
    }
    if (trouble !== undefined)
      return step.atOrigin === true ? { ...trouble, atOrigin: true } : trouble
    if (sents.some((sent) => ends(sent) && !isLimited(sent))) return undefined
    if (!isSafe(methodOf(step)) && sents.some(isSuccess)) changed = performance.now()
  }
  return undefined
}

function ends({ step, exchange }: Sent): boolean {
  return exchange.kind === 'failed' || endsWith(step, exchange.response.status)
}

function isSuccess({ exchange }: Sent): boolean {
  return exchange.kind === 'answered' && Math.floor(exchange.response.status / 100) === 2
}

function explain(error: unknown, signal: AbortSignal): Trouble {
  if (signal.aborted) return { kind: 'stopped', reason: 'the run was stopped' }
  if (error instanceof AssayError) return { kind: 'error', reason: error.message, code: error.code }
  return { kind: 'error', reason: error instanceof Error ? error.message : String(error) }
}
