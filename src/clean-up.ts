import { rm } from 'node:fs/promises'
import { AssayError } from './errors.ts'
import { type Client, openClient } from './exchange/index.ts'
import { type Prepared, type PrepareOptions, prepare } from './prepare.ts'
import {
  costOf,
  type JournalFile,
  type Open,
  openJournalFile,
  readJournals,
  tearDown,
} from './state/index.ts'
import { resolveTarget, type Target } from './target/index.ts'
import { version } from './version.ts'

export type CleanUpOptions = PrepareOptions & {
  readonly journal?: string | undefined
  /** Runs of which it is known that they ended, although that cannot be seen from here. */
  readonly runs?: readonly string[] | undefined
  /** Stops it: nothing new is removed, and what is being removed gets its time. */
  readonly signal?: AbortSignal | undefined
  /** Told when it waits, with milliseconds. */
  readonly onWait?: ((ms: number) => void) | undefined
}

/** What became of one thing that a run left behind; without a reason it is gone. */
export type Cleaned = {
  readonly creation: Open
  readonly run: string
  readonly reason?: string
}

/** A journal that was left alone; `open`: how much it lists, as far as that is known. */
export type Spared = {
  readonly file: string
  readonly reason: string
  /** Whether its run lives, and so will remove by itself what it made. */
  readonly lives: boolean
  readonly open: number
}

export type CleanUp = { readonly cleaned: readonly Cleaned[]; readonly spared: readonly Spared[] }

/**
 * Removes what killed runs left on targets: exactly what their journals list as made and not
 * released, and nothing else. The journal of a run that still lives, or may live, is left alone.
 *
 * A creation of which nothing was heard may still be on its way: it is looked for until the time is
 * over in which it would come.
 *
 * @throws AssayError JOURNAL_UNREADABLE, and as `prepare` does
 */
export async function cleanUp(options: CleanUpOptions): Promise<CleanUp> {
  const { journals, unread } = await readJournals(options.journal ?? '.assay/journal')
  const { ended, spared } = sort(journals, options.runs ?? [])
  const prepared = await prepare(options)
  const clients = openClients(prepared, options.signal)
  const cleaned: Cleaned[] = []
  try {
    for (const file of ended) cleaned.push(...(await cleanFile(file, clients, options)))
  } finally {
    await clients.close()
  }
  const alone = unread.map((each) => ({ ...each, lives: false, open: 0 }))
  return { cleaned, spared: [...spared, ...alone] }
}

/** Runs that ended, and those that are left alone, each with the reason. */
function sort(journals: readonly JournalFile[], named: readonly string[]) {
  const ended: JournalFile[] = []
  const spared: Spared[] = []
  for (const journal of journals) {
    const { file, run, pid, life, open } = journal
    if (life === 'ended' || (life === 'unknown' && named.includes(run))) ended.push(journal)
    else if (life === 'lives')
      spared.push({
        file,
        reason: `its run lives (process ${pid})`,
        lives: true,
        open: open.length,
      })
    else {
      const reason = `its run is of another machine or container and may live; when it has ended, name it with --run ${run}`
      spared.push({ file, reason, lives: false, open: open.length })
    }
  }
  return { ended, spared }
}

type Reached = { readonly target: Target; readonly client: Client }
type Clients = ReturnType<typeof openClients>

async function cleanFile(
  file: JournalFile,
  clients: Clients,
  { signal, onWait }: CleanUpOptions,
): Promise<readonly Cleaned[]> {
  const journal = openJournalFile(file.file)
  const reasons = new Map<Open, string>()
  const late: Open[] = []
  try {
    await eachOf(file.open, async (creation) => {
      const began = Date.now()
      const reason = await remove(creation, clients, signal)
      if (reason === notSeen && mayComeUntil(creation) > began) late.push(creation)
      else if (reason === undefined || reason === notSeen) await journal.released(creation.key)
      else reasons.set(creation, reason)
    })
    if (late.length > 0) await wait(Math.max(...late.map(mayComeUntil)), late, clients, onWait)
    await eachOf(late, async (creation) => {
      const isOver = mayComeUntil(creation) <= Date.now()
      const reason = await remove(creation, clients, signal)
      if (reason === undefined || (reason === notSeen && isOver))
        await journal.released(creation.key)
      else reasons.set(creation, reason === notSeen ? 'it may still be on its way' : reason)
    })
  } finally {
    await journal.close()
  }
  if (reasons.size === 0) await rm(file.file, { force: true })
  return file.open.map((creation) => {
    const reason = reasons.get(creation)
    return { creation, run: file.run, ...(reason === undefined ? {} : { reason }) }
  })
}

/** Milliseconds since 1970 until which a creation may come of which nothing was heard. */
function mayComeUntil({ known, at, within }: Open): number {
  if (known !== 'sent' || !Number.isFinite(at) || !Number.isFinite(within)) return 0
  // A clock that was set back makes nobody wait longer than it may take.
  return Math.min(at, Date.now()) + within
}

/** Waits until the last of them would have come, unless it is stopped before. */
async function wait(
  until: number,
  [creation]: readonly Open[],
  clients: Clients,
  onWait: CleanUpOptions['onWait'],
): Promise<void> {
  const ms = until - Date.now()
  const reached = creation && clients.at(creation)
  if (ms <= 0 || reached === undefined || typeof reached === 'string') return
  onWait?.(ms)
  await reached.client.pause(ms)
}

/** How many things are removed at a time. */
const atOnce = 4

async function eachOf(all: readonly Open[], act: (one: Open) => Promise<void>): Promise<void> {
  const rest = [...all]
  const work = async () => {
    for (let one = rest.shift(); one !== undefined; one = rest.shift()) await act(one)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

/** Says that nothing was seen of it: it is gone, or not there yet. */
const notSeen = Symbol('not seen')

/** Removes one thing; the answer says why it could not be done, or that nothing was seen of it. */
async function remove(
  creation: Open,
  clients: Clients,
  signal: AbortSignal | undefined,
): Promise<string | typeof notSeen | undefined> {
  if (signal?.aborted) return 'cleanup was stopped before'
  const reached = clients.at(creation)
  if (typeof reached === 'string') return reached
  const operation = clients.operationOf(creation, reached.target)
  if (operation === undefined) return `the suite no longer speaks of the state "${creation.state}"`
  const { state, params, values, name, known } = creation
  const call = {
    operation,
    state,
    params,
    values,
    name,
    reached: known === 'complete' ? 'end' : 'part',
  } as const
  try {
    const reserve = reached.client.reserve(costOf(state, reached.target).undoing, 0)
    const until = performance.now() + 2 * reached.target.limits.requestTimeout
    const undone = await tearDown(call, { ...reached, until, reserve })
    reserve.free()
    if (undone.kind === 'left') return undone.reason
    return undone.kind === 'gone' ? notSeen : undefined
  } catch (error) {
    if (error instanceof AssayError) return error.message
    throw error
  }
}

/** The targets that creations were made on, each opened once. */
function openClients(prepared: Prepared, signal: AbortSignal | undefined) {
  const clients = new Map<string, Reached | string>()
  return {
    /** The target, or why it cannot be reached. */
    at(creation: Open): Reached | string {
      const known = clients.get(creation.baseUrl) ?? reach(creation, prepared, signal)
      clients.set(creation.baseUrl, known)
      return known
    },
    operationOf: (creation: Open, target: Target) => operationOf(creation, prepared, target),
    async close() {
      for (const each of clients.values()) if (typeof each !== 'string') await each.client.close()
    },
  }
}

/** Opens the target that a creation was made on, or says why it cannot be. */
function reach(
  creation: Open,
  prepared: Prepared,
  signal: AbortSignal | undefined,
): Reached | string {
  const { chosen, suite, promises, environment } = prepared
  let trouble = `no target given is at ${creation.baseUrl}; name it with -u or --target`
  for (const { kind, name, entry } of chosen) {
    if (kind === 'embedded') continue
    try {
      const { document } = promises
      const target = resolveTarget(name, entry, { suite, document, environment })
      if (target.baseUrl !== creation.baseUrl) continue
      if (target.safety === 'production')
        return `${name} is classed production: nothing is removed there`
      if (target.states === undefined) return `${name} has neither a state URL nor recipes`
      const userAgent = `assay/${version} cleanup`
      return { target, client: openClient(target, { userAgent, signal }) }
    } catch (error) {
      if (!(error instanceof AssayError)) throw error
      if (name === creation.target) trouble = `${error.message}; ${error.hint ?? ''}`
    }
  }
  return trouble
}

/** The operation that a state serves; a state that only a pact names serves none, and any will do. */
function operationOf({ state }: Open, { suite, promises }: Prepared, { states }: Target) {
  const { operations } = promises.document
  const served = operations.find(({ id }) =>
    Object.values(suite.operations[id] ?? {}).some((role) => role.state === state),
  )
  const isKnown =
    states?.kind === 'url' || (states !== undefined && Object.hasOwn(states.book, state))
  const withCredential = operations.find(({ security }) => security.length > 0)
  return served ?? (isKnown ? (withCredential ?? operations[0]) : undefined)
}
