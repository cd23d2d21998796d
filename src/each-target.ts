import { randomBytes, randomInt } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { gather } from './company.ts'
import type { Position } from './errors.ts'
import { type Client, openClient } from './exchange/index.ts'
import type { Expectation } from './plan/index.ts'
import type { Prepared } from './prepare.ts'
import type { Reach } from './send-step.ts'
import {
  type Leftover,
  noJournal,
  openJournal,
  openStates,
  type StateSession,
} from './state/index.ts'
import { embeddedTarget, resolveTarget, type Target } from './target/index.ts'
import {
  emptyTally,
  exitCode,
  isOurInput,
  type Revocation,
  type Tally,
  tallyKey,
  type Verdict,
} from './verdict/index.ts'
import { version } from './version.ts'

export type LookOptions = {
  /** When the run began, as `performance.now()` has it. Default: now. */
  readonly start?: number | undefined
  /** Makes the random parts of requests repeat. Default: any. */
  readonly seed?: number | undefined
  /** The folder of the journal. Default: `.assay/journal`. */
  readonly journal?: string | undefined
  /** Stops the run: nothing new is sent, what was arranged is undone, what was seen is told. */
  readonly signal?: AbortSignal | undefined
}

/** What is to be known of how a target was looked at, beside its verdicts: it makes nothing red. */
export type Remark = { readonly target: string; readonly text: string }

export type RunEvent =
  | {
      readonly kind: 'planned'
      readonly run: string
      readonly seed: number
      readonly startedAt: string
      readonly prepared: Prepared
      readonly targets: readonly Target[]
      /** Where an expectation is promised. */
      readonly positionOf: (expectation: Expectation) => Position
    }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | {
      readonly kind: 'ended'
      readonly tally: Tally
      readonly leftovers: readonly Leftover[]
      readonly remarks: readonly Remark[]
      readonly stopped: 'SIGINT' | 'SIGTERM' | undefined
      readonly requests: number
      /** How long deleted credentials still worked, where a run looked at that. */
      readonly revocations?: readonly Revocation[]
      readonly ms: number
      readonly exitCode: number
    }

/** What there is to look at one target with. */
export type Look = {
  readonly target: Target
  readonly client: Client
  readonly states: StateSession
  readonly seed: number
  readonly signal: AbortSignal
  /** Takes each verdict as soon as it is final. */
  readonly tell: (verdict: Verdict) => Promise<void>
  /** Takes a remark on how the target was looked at. */
  readonly remark: (text: string) => void
  /** The targets of its account whose changes are looked at here. */
  readonly origins: readonly Target[]
}

export type Work = {
  readonly prepared: Prepared
  readonly positionOf: (expectation: Expectation) => Position
  /** Sees the targets before anything is sent; what it throws ends the run. */
  readonly check?: (targets: readonly Target[]) => void
  /** Looks at one target, and tells a verdict for every expectation. */
  readonly look: (look: Look) => Promise<void>
  /** Looks at a target once more, when it and its origins were looked at by themselves. */
  readonly lookAgain?: (look: Look, origins: readonly Reach[]) => Promise<void>
}

/**
 * Looks at all chosen targets side by side: `planned` once, a `verdict` for every expectation on every
 * target, `ended` once. What was arranged is undone, whatever happens.
 */
export async function* lookAtEach(
  { prepared, positionOf, check, look: lookAt, lookAgain }: Work,
  options: LookOptions,
): AsyncGenerator<RunEvent, void, undefined> {
  const { start = performance.now() } = options
  const id = randomBytes(4).toString('hex')
  const seed = options.seed ?? randomInt(2 ** 31)
  const { targets, close } = await openTargets(prepared)
  const company = gather(targets)
  const journal = openJournal(options.journal ?? '.assay/journal', id)
  const signal = options.signal ?? new AbortController().signal
  setMaxListeners(0, signal)
  const { readable, writable } = new TransformStream<RunEvent, RunEvent>()
  const writer = writable.getWriter()
  let tally: Tally = emptyTally
  let badInput = false
  let requests = 0
  let created = 0
  const remarks: Remark[] = []

  async function tell(verdict: Verdict): Promise<void> {
    const key = tallyKey(verdict)
    tally = { ...tally, [key]: tally[key] + 1 }
    badInput ||= isOurInput(verdict)
    await writer.write({ kind: 'verdict', verdict })
  }

  async function look(target: Target): Promise<readonly Leftover[]> {
    const { suite } = prepared
    const client = openClient(target, { userAgent: `assay/${version} run/${id}`, signal })
    const chooseName = () => `assay-${id}-${++created}`
    const states = openStates({
      target,
      client,
      suite,
      journal: target.embedded ? noJournal : journal,
      chooseName,
    })
    const remark = (text: string) => void remarks.push({ target: target.name, text })
    const member = company.join({ target, client, states })
    const { origins } = member
    const one = { target, client, states, seed, signal, tell, remark, origins }
    try {
      await lookAt(one)
      await lookAgain?.(one, await member.looked())
      await member.left()
      return await states.releaseAll()
    } finally {
      member.end()
      requests += client.sent
      for (const text of client.remarks()) remark(text)
      await client.close()
    }
  }

  async function lookAtAll(): Promise<readonly Leftover[]> {
    try {
      const leftovers = (await Promise.all(targets.map(look))).flat()
      await writer.close()
      return leftovers
    } catch (error) {
      await writer.abort(error)
      throw error
    }
  }

  try {
    check?.(targets)
    const startedAt = new Date().toISOString()
    yield { kind: 'planned', run: id, seed, startedAt, prepared, targets, positionOf }
    const looking = lookAtAll()
    looking.catch(() => {})
    yield* readable
    const leftovers = await looking
    const stopped = signal.aborted
      ? signal.reason === 'SIGTERM'
        ? 'SIGTERM'
        : 'SIGINT'
      : undefined
    const code = exitCode({ tally, badInput, leftovers: leftovers.length, stopped })
    const ms = performance.now() - start
    yield { kind: 'ended', tally, leftovers, remarks, stopped, requests, ms, exitCode: code }
  } finally {
    await journal.close()
    await close()
  }
}

/** Makes targets of what was chosen, and starts the reference provider where it is one of them. */
async function openTargets({ chosen, suite, promises, environment }: Prepared) {
  const { document } = promises
  const targets: Target[] = []
  const closers: (() => Promise<void>)[] = []
  const close = async () => void (await Promise.all(closers.map((each) => each())))
  try {
    for (const { kind, name, entry } of chosen) {
      if (kind === 'remote') {
        targets.push(resolveTarget(name, entry, { suite, document, environment }))
        continue
      }
      const { startProvider } = await import('./provider/index.ts')
      const provider = await startProvider({ regions: entry.embedded?.regions ?? [] })
      closers.push(() => provider.close())
      for (const region of provider.regions)
        targets.push(embeddedTarget(name, region, entry, suite))
    }
  } catch (error) {
    await close()
    throw error
  }
  return { targets, close }
}
