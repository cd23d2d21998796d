import type { Operation } from '../document/index.ts'
import { AssayError } from '../errors.ts'
import type { Client, RecordedRequest } from '../exchange/index.ts'
import type { Given } from '../plan/index.ts'
import { roleOf, type Scope } from '../probe/index.ts'
import type { Suite, Target } from '../target/index.ts'
import { type Progress, type StateCall, setUp, tearDown } from './ask.ts'
import type { Journal } from './journal.ts'
import type { Values } from './values.ts'

/** Something that may still be on a target although we meant to remove it. */
export type Leftover = {
  readonly target: string
  readonly state: string
  readonly name: string | undefined
  readonly reason: string
}

/** A provider state by its name, as a pact gives it; where Assay is to choose a name, params hold `{name}`. */
export type NamedState = {
  readonly name: string
  readonly state: string
  readonly params: Readonly<Record<string, unknown>>
  /** The answered values that are no secret, because they fill a path. */
  readonly plain: readonly string[]
  readonly operation: Operation
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
  /**
   * Arranges states in order, by the time given, as `performance.now()` counts.
   *
   * @throws AssayError STATE_FAILED, BUDGET_SPENT, JOURNAL_UNWRITABLE; what was arranged before is undone
   */
  arrange(given: readonly (Given | NamedState)[], until: number): Promise<Arrangement>
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
  /** Milliseconds for one teardown, apart from the turns that a rate limit gives out. Default: 5000. */
  readonly teardownTimeout?: number | undefined
}

type Pending = StateCall & {
  readonly name: string | undefined
  readonly progress: Progress
  releasing?: Promise<string | undefined> | undefined
}

/** Opens the state session of a target. Nothing is sent yet. */
export function openStates(options: SessionOptions): StateSession {
  const { target, client, suite, journal, chooseName, teardownTimeout = 5000 } = options
  const { workers, rate, creationBudget } = target.limits
  const pending = new Set<Pending>()
  let creations = 0

  async function arrangeOne(given: Given | NamedState, until: number): Promise<Pending> {
    const named = 'state' in given ? given : nameState(given, suite)
    const { params, name } = fillParams(named, chooseName)
    const { state } = named
    if (name !== undefined) {
      if (creations >= creationBudget) throw budgetSpent(target)
      creations += 1
      await journal.creating({ target: target.name, baseUrl: target.baseUrl, state, name, params })
    }
    const progress: Progress = { reached: 'nothing', values: {}, requests: [], forgets: [] }
    const call: Pending = { operation: given.operation, state, params, values: {}, name, progress }
    pending.add(call)
    const plain = new Set(named.plain)
    try {
      await setUp(call, { given: given.name, plain }, { target, client, until }, progress)
      if (name !== undefined) await journal.created(name, plainValues(progress.values))
      return call
    } catch (error) {
      await release(call)
      throw error
    }
  }

  /** Undoes one state, once however many ask for it; the answer says why that could not be done. */
  function release(call: Pending): Promise<string | undefined> {
    call.releasing ??= undo(call).finally(() => {
      call.releasing = undefined
    })
    return call.releasing
  }

  async function undo(call: Pending): Promise<string | undefined> {
    if (!pending.has(call)) return undefined
    const { reached, values } = call.progress
    if (reached !== 'nothing') {
      await client.ready()
      const turns = rate === undefined ? 0 : (2 * (workers + 1) * 1000) / rate
      const until = performance.now() + teardownTimeout + turns
      const made = { ...call, values, reached }
      const reason = await tearDown(made, { target, client, until }).catch(say)
      if (reason !== undefined) return reason
    }
    pending.delete(call)
    for (const forget of call.progress.forgets) forget()
    // Where the journal cannot be told, cleanup looks once more and finds that it is gone.
    if (call.name !== undefined) await journal.released(call.name).catch(() => {})
    return undefined
  }

  return {
    async arrange(given, until) {
      const scope: Record<string, Values> = {}
      const arranged: ArrangedState[] = []
      const calls: Pending[] = []
      const releaseCalls = async () => {
        for (const call of calls.toReversed()) await release(call)
      }
      try {
        for (const each of given) {
          const call = await arrangeOne(each, until)
          calls.push(call)
          scope[each.name] = call.progress.values
          arranged.push({ given: each.name, requests: call.progress.requests })
        }
      } catch (error) {
        await releaseCalls()
        throw error
      }
      return { scope, arranged, release: releaseCalls }
    },
    async releaseAll() {
      const reasons = new Map<Pending, string>()
      const rest = [...pending]
      const work = async () => {
        for (let call = rest.shift(); call !== undefined; call = rest.shift()) {
          const reason = await release(call)
          if (reason !== undefined) reasons.set(call, reason)
        }
      }
      await Promise.all(Array.from({ length: workers }, work))
      return [...pending].map((call) => ({
        target: target.name,
        state: call.state,
        name: call.name,
        reason: reasons.get(call) ?? 'it was arranged too late to be undone',
      }))
    },
  }
}

function nameState(given: Given, suite: Suite): NamedState {
  const role = roleOf(given, suite)
  if (role === undefined) throw new Error(`${given.name} has no role`)
  const { state, params = {}, path = {} } = role
  return { ...given, state, params, plain: Object.values(path) }
}

function fillParams({ params: wanted, operation }: NamedState, chooseName: () => string) {
  let name: string | undefined
  const params = Object.fromEntries(
    Object.entries(wanted).map(([key, value]) => {
      if (typeof value !== 'string') return [key, value]
      const filled = value
        .replaceAll('{operationId}', () => operation.id)
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
