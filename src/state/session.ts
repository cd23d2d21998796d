import { AssayError } from '../errors.ts'
import type { Client, RecordedRequest } from '../exchange/index.ts'
import type { Given } from '../plan/index.ts'
import { roleOf, type Scope } from '../probe/index.ts'
import type { Role, Suite, Target } from '../target/index.ts'
import { type Arranged, type StateCall, StateFailure, setUp, tearDown, type Values } from './ask.ts'
import type { Journal } from './journal.ts'

/** Something that may still be on a target although we meant to remove it. */
export type Leftover = {
  readonly target: string
  readonly state: string
  readonly name: string | undefined
  readonly reason: string
}

/** The requests that arranged one given state; secrets stand as their names. */
export type ArrangedState = {
  readonly given: string
  readonly requests: readonly RecordedRequest[]
}

export type Arrangement = {
  readonly scope: Scope
  /** How each given state was arranged, for whoever wants to see it again. */
  readonly arranged: readonly ArrangedState[]
  /** Undoes it, whatever happened to the probe, within its own time. */
  release(): Promise<void>
}

/** Arranges provider states on one target and undoes them. */
export type StateSession = {
  /** @throws AssayError STATE_FAILED, BUDGET_SPENT, JOURNAL_UNWRITABLE; what was arranged before is undone */
  arrange(given: readonly Given[], signal: AbortSignal): Promise<Arrangement>
  /** Undoes what is still arranged, once more what could not be undone before, and lists the rest. */
  releaseAll(): Promise<readonly Leftover[]>
}

export type SessionOptions = {
  readonly target: Target
  readonly client: Client
  readonly suite: Suite
  readonly journal: Journal
  /** Chooses a name that nobody else uses. */
  readonly chooseName: () => string
}

const teardownMs = 5000

type Pending = StateCall & { readonly name: string | undefined; readonly forget: () => void }

/** Opens the state session of a target. Nothing is sent yet. */
export function openStates(options: SessionOptions): StateSession {
  const { target, client, suite, journal, chooseName } = options
  const pending = new Set<Pending>()
  let creations = 0

  async function arrangeOne(given: Given, signal: AbortSignal): Promise<[Pending, Arranged]> {
    const role = roleOf(given, suite)
    if (role === undefined) throw new Error(`${given.name} has no role`)
    const { params, name } = fillParams(role, given, chooseName)
    const { operation } = given
    let call: Pending = { operation, state: role.state, params, values: {}, name, forget: () => {} }
    if (name !== undefined) {
      if (creations >= target.limits.creationBudget) throw budgetSpent(target)
      creations += 1
      await journal.creating({
        target: target.name,
        baseUrl: target.baseUrl,
        state: role.state,
        name,
        params,
      })
    }
    pending.add(call)
    const plain = new Set(Object.values(role.path ?? {}))
    try {
      const arranged = await setUp(call, { given: given.name, plain }, { target, client, signal })
      pending.delete(call)
      call = { ...call, values: arranged.values, forget: arranged.forget }
      pending.add(call)
      if (name !== undefined) await journal.created(name, plainValues(arranged.values))
      return [call, arranged]
    } catch (error) {
      if (error instanceof StateFailure && !error.reached) await forget(call)
      else await release(call)
      throw error
    }
  }

  async function release(call: Pending): Promise<string | undefined> {
    if (!pending.has(call)) return undefined
    const signal = AbortSignal.timeout(teardownMs)
    const reason = await tearDown(call, { target, client, signal, insist: true }).catch(say)
    if (reason === undefined) await forget(call)
    return reason
  }

  async function forget(call: Pending): Promise<void> {
    pending.delete(call)
    call.forget()
    if (call.name !== undefined) await journal.released(call.name)
  }

  return {
    async arrange(given, signal) {
      const scope: Record<string, Values> = {}
      const arranged: ArrangedState[] = []
      const calls: Pending[] = []
      const releaseCalls = async () => {
        for (const call of calls.reverse()) await release(call)
      }
      try {
        for (const each of given) {
          const [call, { values, requests }] = await arrangeOne(each, signal)
          calls.push(call)
          scope[each.name] = values
          arranged.push({ given: each.name, requests })
        }
      } catch (error) {
        await releaseCalls()
        throw error
      }
      return { scope, arranged, release: releaseCalls }
    },
    async releaseAll() {
      const rest = await Promise.all(
        [...pending].map(async (call) => ({ call, reason: await release(call) })),
      )
      return rest.flatMap(({ call, reason }) =>
        reason === undefined
          ? []
          : [{ target: target.name, state: call.state, name: call.name, reason }],
      )
    },
  }
}

function fillParams(role: Role, given: Given, chooseName: () => string) {
  let name: string | undefined
  const params = Object.fromEntries(
    Object.entries(role.params ?? {}).map(([key, value]) => {
      if (typeof value !== 'string') return [key, value]
      const filled = value
        .replaceAll('{operationId}', given.operation.id)
        .replaceAll('{name}', () => {
          name ??= chooseName()
          return name
        })
      return [key, filled]
    }),
  )
  return { params, name }
}

function plainValues(values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )
}

function budgetSpent(target: Target): AssayError {
  return new AssayError(
    'BUDGET_SPENT',
    `target ${target.name} was to see at most ${target.limits.creationBudget} creations`,
    {
      hint: 'raise creationBudget, or run a part of the document with --include-operation',
    },
  )
}

function say(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
