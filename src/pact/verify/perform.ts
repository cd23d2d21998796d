import { AssayError } from '../../errors.ts'
import type { Client, Exchange } from '../../exchange/index.ts'
import type { Random } from '../../probe/index.ts'
import type { Schemas } from '../../schema/index.ts'
import type { Arrangement, StateSession } from '../../state/index.ts'
import type { Target } from '../../target/index.ts'
import { isEvidence } from '../../verdict/index.ts'
import { toAnswer } from './answer.ts'
import type { DoorAnswer, DoorRequest, Doors } from './door.ts'
import type { Fitting } from './fit.ts'
import { type Hole, withoutValues } from './holes.ts'
import { withAlias } from './location.ts'
import { type Mismatch, readResult, unreadable } from './mismatch.ts'
import { showAgain } from './reproduce.ts'
import { toRequest } from './request.ts'
import type { Unit } from './unit.ts'
import { absent, findValues } from './values.ts'
import type { Verifier } from './verifier.ts'

export type Performing = {
  readonly unit: Unit
  readonly fitting: Fitting
  readonly target: Target
  readonly client: Client
  readonly states: StateSession
  readonly schemas: Schemas
  readonly random: Random
  readonly doors: Doors
  readonly verifier: Verifier
  readonly signal: AbortSignal
}

/** What was seen of one interaction on one target. */
export type Seen =
  | { readonly kind: 'pass' }
  | {
      readonly kind: 'fail'
      readonly mismatches: readonly Mismatch[]
      /** Shell lines that show the answer again. */
      readonly reproduce: readonly string[]
    }
  | { readonly kind: 'error'; readonly reason: string; readonly code?: string }
  | { readonly kind: 'stopped' }

/** Carries out one interaction on one target: arranges its states, has it verified, releases. Never throws. */
export async function performUnit(performing: Performing): Promise<Seen> {
  const { unit, fitting, target, client, states, schemas, random, signal } = performing
  if (signal.aborted) return { kind: 'stopped' }
  await client.ready()
  const until = performance.now() + target.limits.probeTimeout
  let arrangement: Arrangement | undefined
  try {
    arrangement = await states.arrange(fitting.given, until)
    const { scope } = arrangement
    const holes = findValues(unit, { fitting, scope, target, schemas, random })
    return await verify(performing, arrangement, holes, until)
  } catch (error) {
    return explain(error, signal)
  } finally {
    await arrangement?.release()
  }
}

/** Milliseconds for what happens on this machine, beside the time that the target may take. */
const patience = 30_000

async function verify(
  performing: Performing,
  arrangement: Arrangement,
  holes: readonly Hole[],
  until: number,
): Promise<Seen> {
  const { unit, target, doors, verifier, signal } = performing
  const { pact, interaction } = unit
  const seen: { sent?: Forwarded; trouble?: unknown } = {}
  const door = doors.open({
    pact: onlyOne(unit),
    values: Object.fromEntries(holes.map(({ name, placeholder }) => [name, placeholder])),
    async send(came) {
      try {
        seen.sent = await forward(came, performing, holes, until)
        const { exchange } = seen.sent
        if (exchange.kind === 'answered')
          return toAnswer(exchange.response, holes, interaction.response)
      } catch (error) {
        seen.trouble = error
      }
      return unavailable
    },
  })
  let result: ReturnType<typeof readResult>
  try {
    const timeout = target.limits.probeTimeout + patience
    const task = { provider: pact.provider, door: door.url, timeout }
    result = readResult(await verifier.verify(task))
  } finally {
    door.close()
  }
  const { sent, trouble } = seen
  if (trouble !== undefined) throw trouble
  const exchange = sent?.exchange
  if (exchange?.kind === 'failed') {
    if (signal.aborted) return { kind: 'stopped' }
    if (isEvidence(exchange, false)) {
      const mismatches = [{ expected: 'an answer in HTTP/1.1', received: exchange.reason }]
      return {
        kind: 'fail',
        mismatches,
        reproduce: showAgain(unit, withFault(arrangement, sent), exchange),
      }
    }
    const isLate = exchange.cause === 'stopped'
    return { kind: 'error', reason: isLate ? tookTooLong(target) : exchange.reason }
  }
  if (exchange === undefined || result.kind === 'failed') {
    const reason = result.kind === 'failed' ? result.reason : 'it sent no request'
    throw new AssayError(
      'PACT_VERIFIER_FAILED',
      `Pact's verifier failed: ${withoutValues(reason, holes)}`,
    )
  }
  const unread = unreadable(exchange.response, interaction.response)
  const found = result.kind === 'verified' ? [] : result.mismatches
  if (found.length + unread.length === 0) return { kind: 'pass' }
  return {
    kind: 'fail',
    mismatches: [...unread, ...found].map(({ expected, received }) => ({
      expected: withoutValues(expected, holes),
      received: withoutValues(received, holes),
    })),
    reproduce: showAgain(unit, withFault(arrangement, sent), exchange),
  }
}

/** Nobody reads it: what kept the answer from coming is told instead. */
const unavailable: DoorAnswer = { status: 503, headers: [], body: new Uint8Array() }

/** An exchange, and the fault state that was armed for it. */
type Forwarded = { readonly exchange: Exchange; readonly armed: Arrangement | undefined }

/** Sends the one request; a fault state is armed right before it and disarmed right after it. */
async function forward(
  came: DoorRequest,
  { unit, fitting, target, client, states, schemas, random }: Performing,
  holes: readonly Hole[],
  until: number,
): Promise<Forwarded> {
  const { faultHeader, faultState, replaced } = fitting
  const made = replaced.map((each) => [each.name, absent(each, { schemas, random })] as const)
  const request = toRequest(came, { unit, target, holes, replaced: new Map(made), faultHeader })
  const armed = faultState && (await states.arrange([faultState], until))
  try {
    const limited = Number(unit.interaction.response.status) === 429 ? 'expected' : 'obeyed'
    const { exchange } = await client.send(request, { until, limited })
    return { exchange, armed }
  } finally {
    await armed?.release()
  }
}

function withFault(arrangement: Arrangement, sent: Forwarded | undefined): Arrangement {
  const armed = sent?.armed?.arranged ?? []
  return { ...arrangement, arranged: [...arrangement.arranged, ...armed] }
}

/** The pact with this interaction alone, in its own version. */
function onlyOne({ pact, interaction }: Unit): unknown {
  const { consumer, provider, version } = pact
  return {
    consumer: { name: consumer },
    provider: { name: provider },
    interactions: [withAlias(interaction.raw)],
    metadata: { pactSpecification: { version: `${version}.0${version === 4 ? '' : '.0'}` } },
  }
}

function tookTooLong({ limits }: Target): string {
  return `the interaction took longer than ${limits.probeTimeout} ms`
}

function explain(error: unknown, signal: AbortSignal): Seen {
  if (signal.aborted) return { kind: 'stopped' }
  if (error instanceof AssayError) return { kind: 'error', reason: error.message, code: error.code }
  return { kind: 'error', reason: error instanceof Error ? error.message : String(error) }
}
