import type { Operation } from '../document/index.ts'
import { AssayError } from '../errors.ts'
import type { Client, RecordedRequest, Reserve } from '../exchange/index.ts'
import type { Given } from '../plan/index.ts'
import { roleOf, type Scope } from '../probe/index.ts'
import type { Suite, Target } from '../target/index.ts'
import { type Progress, type StateCall, setUp, tearDown, type Undone } from './ask.ts'
import { costOf } from './cost.ts'
import type { Journal } from './journal.ts'
import { createOwnership } from './ownership.ts'
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
  /** Whether it arms a fault and makes nothing. */
  readonly arms?: boolean
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
  /**
   * Undoes what is still arranged, once more what could not be undone before, and lists the rest. Where
   * a creation may still be on its way, it waits until it would have come.
   */
  releaseAll(): Promise<readonly Leftover[]>
}

export type SessionOptions = {
  readonly target: Target
  readonly client: Client
  readonly suite: Suite
  readonly journal: Journal
  /** Chooses a name that nobody else uses; each state is noted under one. */
  readonly chooseName: () => string
  /** Milliseconds for one teardown, apart from the turns that a rate limit gives out. Default: 5000. */
  readonly teardownTimeout?: number | undefined
}

type Pending = StateCall & {
  readonly key: string
  readonly name: string | undefined
  readonly progress: Progress
  readonly reserve: Reserve
  releasing?: Promise<string | undefined> | undefined
}

/** Opens the state session of a target. Nothing is sent yet. */
export function openStates(options: SessionOptions): StateSession {
  const { target, client, suite, journal, chooseName, teardownTimeout = 5000 } = options
  const { workers, rate, creationBudget, requestTimeout } = target.limits
  const pending = new Set<Pending>()
  const ownership = createOwnership(target)
  let creations = 0

  async function arrangeOne(given: Given | NamedState, until: number): Promise<Pending> {
    const named = 'state' in given ? given : nameState(given, suite)
    const { state, arms } = named
    const key = chooseName()
    const { params, name } = fillParams(named, key)
    const cost = costOf(state, target)
    const made = arms === true ? 0 : cost.creations
    if (creations + made > creationBudget) throw budgetSpent(target)
    const reserve = client.reserve(cost.undoing, cost.setUp)
    creations += made
    const progress: Progress = { reached: 'nothing', values: {}, requests: [], forgets: [] }
    const { operation } = given
    const call: Pending = { operation, state, params, values: {}, key, name, progress, reserve }
    pending.add(call)
    const note = (complete: boolean) => journal.created(key, plainValues(call, client), complete)
    const tellings = {
      creating: () =>
        journal.creating({
          key,
          target: target.name,
          baseUrl: target.baseUrl,
          state,
          ...(name === undefined ? {} : { name }),
          params: shownParams(params, client),
          at: Date.now(),
          within: requestTimeout,
        }),
      created: () => note(false),
    }
    const naming = { given: given.name, plain: new Set(named.plain) }
    try {
      await setUp(call, naming, { target, client, until, ...tellings }, progress)
      await ownership.claim(call, named.plain, { target, client, until })
      await note(true)
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
    const { reached, values, unseenUntil = 0 } = call.progress
    if (reached !== 'nothing') {
      await client.ready()
      const mayStillCome = unseenUntil > performance.now()
      const until = performance.now() + teardownTimeout + turns(workers + 1)
      const asking = { target, client, until, reserve: call.reserve }
      const undone = await tearDown({ ...call, values, reached }, asking).catch(left)
      if (undone.kind === 'left') return undone.reason
      if (undone.kind === 'gone' && mayStillCome) return 'what was made may not be seen yet'
    }
    pending.delete(call)
    call.reserve.free()
    for (const forget of call.progress.forgets) forget()
    // Where the journal cannot be told, cleanup looks once more and finds that it is gone.
    await journal.released(call.key).catch(() => {})
    return undefined
  }

  /** Milliseconds for the turns of that many teardowns, of two requests each. */
  function turns(count: number): number {
    return rate === undefined ? 0 : (2 * count * 1000) / rate
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
      // What may still be on its way comes last, and those that are sure first.
      const rest = [...pending].sort((a, b) => unseenUntilOf(a) - unseenUntilOf(b))
      const { consistencyWindow = 0 } = target.limits
      const whole = wholeTime(teardownTimeout) + turns(rest.length) + consistencyWindow
      const end = performance.now() + whole
      const work = async () => {
        for (let call = rest.shift(); call !== undefined; call = rest.shift()) {
          await client.pause(Math.ceil(unseenUntilOf(call) - performance.now()) + 1)
          if (performance.now() > end + requestTimeout) continue
          const reason = await release(call)
          if (reason !== undefined) reasons.set(call, reason)
        }
      }
      await Promise.all(Array.from({ length: workers }, work))
      return [...pending].map((call) => ({
        target: target.name,
        state: call.state,
        name: call.name,
        reason: reasons.get(call) ?? 'there was no time left to undo it',
      }))
    },
  }
}

function nameState(given: Given, suite: Suite): NamedState {
  const role = roleOf(given, suite)
  if (role === undefined) throw new Error(`${given.name} has no role`)
  const { state, params = {}, path = {} } = role
  const arms = given.role === 'fault'
  return { ...given, state, params, plain: Object.values(path), arms }
}

function unseenUntilOf({ progress }: Pending): number {
  return progress.unseenUntil ?? 0
}

/** Milliseconds for all that is undone at the end of a run, however much it is. */
function wholeTime(teardownTimeout: number): number {
  return 4 * teardownTimeout
}

function fillParams({ params: wanted, operation }: NamedState, chosen: string) {
  let name: string | undefined
  const params = Object.fromEntries(
    Object.entries(wanted).map(([key, value]) => {
      if (typeof value !== 'string') return [key, value]
      const filled = value
        .replaceAll('{operationId}', () => operation.id)
        .replaceAll('{name}', () => {
          name = chosen
          return chosen
        })
      return [key, filled]
    }),
  )
  return { params, name }
}

/** What may stand in the journal: what is no secret, and does not show one either. */
function plainValues({ progress }: Pending, client: Client): Record<string, string> {
  return Object.fromEntries(
    Object.entries(progress.values).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && !client.shows(entry[1]),
    ),
  )
}

function shownParams(params: Readonly<Record<string, unknown>>, client: Client) {
  return Object.fromEntries(
    Object.entries(params).filter(([, value]) => !client.shows(JSON.stringify(value) ?? '')),
  )
}

function budgetSpent({ limits }: Target): AssayError {
  return new AssayError(
    'BUDGET_SPENT',
    `the budget of ${limits.creationBudget} creations is spent; raise creationBudget (--creation-budget), or look at less with --include-operation`,
  )
}

function left(error: unknown): Undone {
  return { kind: 'left', reason: error instanceof Error ? error.message : String(error) }
}
