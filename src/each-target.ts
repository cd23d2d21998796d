import { randomBytes, randomInt } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { BaselineOutcome, Watch } from './baseline/index.ts'
import type { Position } from './errors.ts'
import { type Client, openClient } from './exchange/index.ts'
import type { Expectation } from './plan/index.ts'
import type { Prepared } from './prepare.ts'
import { tellLapsed } from './probe/index.ts'
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
  /** The day (UTC, YYYY-MM-DD) by which declarations and known findings expire. Default: today. */
  readonly today?: string | undefined
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
      readonly ms: number
      /** What became of the known findings, where there is a baseline. */
      readonly baseline: BaselineOutcome | undefined
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
}

export type Work = {
  readonly prepared: Prepared
  readonly positionOf: (expectation: Expectation) => Position
  /** Sees the targets before anything is sent; what it throws ends the run. */
  readonly check?: (targets: readonly Target[]) => void
  /** Knows which findings are known. */
  readonly watch?: Watch | undefined
  /** Looks at one target, and tells a verdict for every expectation. */
  readonly look: (look: Look) => Promise<void>
}

/**
 * Looks at all chosen targets side by side: `planned` once, a `verdict` for every expectation on every
 * target, `ended` once. What was arranged is undone, whatever happens.
 */
export async function* lookAtEach(
  { prepared, positionOf, check, watch, look: lookAt }: Work,
  options: LookOptions,
): AsyncGenerator<RunEvent, void, undefined> {
  const { start = performance.now() } = options
  const id = randomBytes(4).toString('hex')
  const seed = options.seed ?? randomInt(2 ** 31)
  const { targets, close } = await openTargets(prepared, options.today)
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

  async function tell(told: Verdict): Promise<void> {
    const verdict = watch?.take(told) ?? told
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
    try {
      for (const text of tellLapsed(target)) remark(text)
      await lookAt({ target, client, states, seed, signal, tell, remark })
      return await states.releaseAll()
    } finally {
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
    const baseline = watch?.end(targets.map(({ name }) => name))
    const stale = baseline === undefined ? 0 : baseline.expired.length + baseline.unseen.length
    const code = exitCode({ tally, badInput, leftovers: leftovers.length, stale, stopped })
    const ms = performance.now() - start
    yield {
      kind: 'ended',
      tally,
      leftovers,
      remarks,
      stopped,
      requests,
      ms,
      baseline,
      exitCode: code,
    }
  } finally {
    await journal.close()
    await close()
  }
}

/** Makes targets of what was chosen, and starts the reference provider where it is one of them. */
async function openTargets(
  { chosen, suite, promises, environment }: Prepared,
  today: string | undefined,
) {
  const { document } = promises
  const targets: Target[] = []
  const closers: (() => Promise<void>)[] = []
  const close = async () => void (await Promise.all(closers.map((each) => each())))
  try {
    for (const { kind, name, entry } of chosen) {
      if (kind === 'remote') {
        targets.push(resolveTarget(name, entry, { suite, document, environment, today }))
        continue
      }
      const { startProvider } = await import('./provider/index.ts')
      const provider = await startProvider({ regions: entry.embedded?.regions ?? [] })
      closers.push(() => provider.close())
      for (const region of provider.regions)
        targets.push(embeddedTarget(name, region, entry, suite, today))
    }
  } catch (error) {
    await close()
    throw error
  }
  return { targets, close }
}
