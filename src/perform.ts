import { AssayError } from './errors.ts'
import type { Client, SendOptions } from './exchange/index.ts'
import { endsWith, type Script, type Step, weigh } from './plan/index.ts'
import { fillStep, type Probe, type Random } from './probe/index.ts'
import type { Schemas } from './schema/index.ts'
import type { Arrangement, StateSession } from './state/index.ts'
import type { Target } from './target/index.ts'
import {
  isEvidence,
  isLimited,
  isSilent,
  type Sent,
  type Trace,
  type Trouble,
} from './verdict/index.ts'

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
  await performing.client.ready()
  const until = performance.now() + target.limits.probeTimeout
  const steps: Sent[] = []
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

/** Sends step by step until a surprise; what is repeated is sent to the end of its turn all the same. */
async function sendSteps(
  performing: Performing,
  { scope }: Arrangement,
  until: number,
  steps: Sent[],
): Promise<Trouble | undefined> {
  const { script, target, client, schemas, random, signal } = performing
  for (const step of script.steps) {
    const { inTurn, atOnce } = step.copies ?? { inTurn: 1, atOnce: 0 }
    const request = fillStep(step, { target, scope, schemas, random })
    if (request === undefined) continue
    const copies: Sent[] = []
    const send = async (manner?: NonNullable<Sent['manner']>): Promise<Sent> => {
      const options = { until, raw: manner === 'raw', limited: limitedAs(step, copies.length) }
      let { exchange } = await client.send(request, options)
      if (step.mustAnswer === true && isSilent(exchange))
        exchange = (await client.send(request, options)).exchange
      const sent = { step, exchange, ...(manner === undefined ? {} : { manner }) }
      steps.push(sent)
      return sent
    }
    for (let copy = 0; copy < inTurn && copies.every(goesOn); copy += 1)
      copies.push(await send(copy === 0 && step.raw === true ? 'raw' : undefined))
    if (copies.every((sent) => goesOn(sent) && isExpected(sent))) {
      const beside = Array.from({ length: atOnce }, () => send('beside-others'))
      copies.push(...(await Promise.all(beside)))
    }
    const trouble = troubleOf(copies, target, signal)
    if (trouble !== undefined) return trouble
    if (copies.some((sent) => ends(sent) && !isLimited(sent))) return undefined
  }
  return undefined
}

/** What a 429 is to a step: nobody waits for the sake of a copy, nor for what was asked for. */
function limitedAs(
  { expect, code, allows = [] }: Step,
  copiesBefore: number,
): SendOptions['limited'] {
  if (expect.includes('429') || code === 429) return 'expected'
  return copiesBefore > 0 || allows.includes('429') ? 'passed-on' : 'obeyed'
}

/** Whether another copy may follow: not after a failure, and not once the target asks for patience. */
function goesOn(sent: Sent): boolean {
  return sent.exchange.kind === 'answered' && !isLimited(sent)
}

function isExpected({ step, exchange }: Sent): boolean {
  return exchange.kind === 'answered' && weigh(step, exchange.response.status) === 'expected'
}

function ends({ step, exchange }: Sent): boolean {
  return exchange.kind === 'failed' || endsWith(step, exchange.response.status)
}

/** What kept a step from being seen; what the API itself did to it is judged instead. */
function troubleOf(
  copies: readonly Sent[],
  target: Target,
  signal: AbortSignal,
): Trouble | undefined {
  const some = copies.some(isExpected)
  for (const { step, exchange } of copies) {
    if (exchange.kind !== 'failed') continue
    if (isEvidence(exchange, some || step.mustAnswer === true)) continue
    const stopped = exchange.cause === 'stopped'
    if (stopped && signal.aborted) return { kind: 'stopped', reason: exchange.reason }
    return { kind: 'error', reason: stopped ? probeTimedOut(target) : exchange.reason }
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
