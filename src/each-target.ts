import { randomBytes, randomInt } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { Watch } from './baseline/index.ts'
import { type Company, gather } from './company.ts'
import type { Position } from './errors.ts'
import { type Client, openClient } from './exchange/index.ts'
import { type Closing, type Ledger, openLedger } from './ledger.ts'
import { openTargets } from './open-targets.ts'
import type { Expectation } from './plan/index.ts'
import type { Prepared } from './prepare.ts'
import { tellLapsed } from './probe/index.ts'
import type { Reach } from './send-step.ts'
import { type Share, shareOf } from './share.ts'
import {
  type Journal,
  noJournal,
  openJournal,
  openStates,
  type StateSession,
} from './state/index.ts'
import type { Target, TargetFacts } from './target/index.ts'
import type { Disagreement, Gathering, Revocation, StopSignal, Verdict } from './verdict/index.ts'
import { version } from './version.ts'
import { watchVersions } from './versions.ts'

export type LookOptions = {
  /** When the run began, as `performance.now()` has it. Default: now. */
  readonly start?: number | undefined
  /** Makes the random parts of requests repeat. Default: any. */
  readonly seed?: number | undefined
  /** The folder of the journal. Default: `.assay/journal`. */
  readonly journal?: string | undefined
  /** Whether what is only practice is red. */
  readonly strict?: boolean | undefined
  /** Stops the run: nothing new is sent, what was arranged is undone, what was seen is told. */
  readonly signal?: AbortSignal | undefined
  /** The day (UTC, YYYY-MM-DD) by which declarations and known findings expire. Default: today. */
  readonly today?: string | undefined
}

export type RunEvent =
  | {
      readonly kind: 'planned'
      readonly run: string
      readonly seed: number
      readonly startedAt: string
      readonly prepared: Prepared
      /** The targets that are looked at here. */
      readonly targets: readonly Target[]
      /** Every target of the whole run, those of other shards too. */
      readonly known: readonly TargetFacts[]
      readonly share: Share
      /** Where an expectation is promised. */
      readonly positionOf: (expectation: Expectation) => Position
    }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'disagreement'; readonly disagreement: Disagreement }
  | ({
      readonly kind: 'ended'
      readonly stopped: StopSignal | undefined
      /** How long deleted credentials still worked, where a run looked at that. */
      readonly revocations?: readonly Revocation[]
      readonly ms: number
    } & Closing)

/** What there is to look at one target with. */
export type Look = {
  readonly target: Target
  readonly client: Client
  readonly states: StateSession
  readonly seed: number
  readonly signal: AbortSignal
  /** Whether an expectation is looked at here, and not by another shard. */
  readonly covers: (expectation: Expectation) => boolean
  /** Takes each verdict as soon as it is final. */
  readonly tell: (verdict: Verdict) => Promise<void>
  /** Takes a remark on how the target was looked at. */
  readonly remark: (text: string) => void
  /** The targets of its account whose changes are looked at here. */
  readonly origins: readonly Target[]
  /** Takes what the answers look like, so that those of all targets can be compared. */
  readonly gathering: Gathering
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
  /** Looks at a target once more, when it and its origins were looked at by themselves. */
  readonly lookAgain?: (look: Look, origins: readonly Reach[]) => Promise<void>
}

/**
 * Looks at all chosen targets side by side: `planned` once, a `verdict` for every expectation on every
 * target, a `disagreement` for every way in which they do not agree, `ended` once. What was arranged is
 * undone, whatever happens.
 */
export async function* lookAtEach(
  work: Work,
  options: LookOptions,
): AsyncGenerator<RunEvent, void, undefined> {
  const { prepared, positionOf, check } = work
  const { start = performance.now(), seed = randomInt(2 ** 31), strict } = options
  const run = randomBytes(4).toString('hex')
  const share = shareOf(prepared)
  const { targets, known, close } = await openTargets(prepared, share, options.today)
  const journal = openJournal(options.journal ?? '.assay/journal', run)
  const broken = new AbortController()
  const { signal: asked = broken.signal } = options
  const signal = AbortSignal.any([asked, broken.signal])
  setMaxListeners(0, signal)
  const { readable, writable } = new TransformStream<RunEvent, RunEvent>()
  const writer = writable.getWriter()
  const ledger = openLedger(targets, { strict, watch: work.watch })
  const tell = async (told: Verdict) => {
    const verdict = ledger.take(told)
    // Whoever read the verdicts may be gone; what was made is undone all the same.
    await writer.write({ kind: 'verdict', verdict }).catch(() => {})
  }
  const look = openLook(work, {
    ...{ run, seed, signal, share, journal, ledger, tell },
    company: gather(targets),
    fail: (error) => broken.abort(error),
  })

  /** Looks at all of them to the end, also where one of them fails by a mistake of ours. */
  async function lookAtAll(): Promise<void> {
    const settled = await Promise.allSettled(targets.map(look))
    await writer.close().catch(() => {})
    for (const each of settled) if (each.status === 'rejected') throw each.reason
  }

  let looking: Promise<void> | undefined
  try {
    check?.(targets)
    const startedAt = new Date().toISOString()
    const said = { run, seed, startedAt, prepared, targets, known, share, positionOf }
    yield { kind: 'planned', ...said }
    looking = lookAtAll()
    looking.catch(() => {})
    yield* readable
    await looking
    for (const disagreement of ledger.compare()) yield { kind: 'disagreement', disagreement }
    const stopped = asked.aborted ? stopSignal(asked.reason) : undefined
    yield { kind: 'ended', ...ledger.end(stopped), stopped, ms: performance.now() - start }
  } finally {
    broken.abort()
    await looking?.catch(() => {})
    await journal.close()
    await close()
  }
}

/** What the looks at all targets share. */
type Shared = Pick<Look, 'seed' | 'signal' | 'tell'> & {
  readonly run: string
  readonly share: Share
  readonly company: Company
  readonly journal: Journal
  readonly ledger: Ledger
  /** Ends the other looks, where one throws by a mistake of ours. */
  readonly fail: (error: unknown) => void
}

/** Opens what looks at one target, undoes what was arranged there, and notes what is to be known of it. */
function openLook({ prepared, look: lookAt, lookAgain }: Work, shared: Shared) {
  const { run, seed, signal, share, company, journal, ledger, tell, fail } = shared
  const { suite } = prepared
  let created = 0
  const chooseName = () => `assay-${run}-${++created}`

  return async (target: Target): Promise<void> => {
    const remark = (text: string) => ledger.remark(target, text)
    const opened = openClient(target, { userAgent: `assay/${version} run/${run}`, signal })
    const { client, ask, list } = watchVersions(opened, target)
    const noted = target.embedded ? noJournal : journal
    const states = openStates({ target, client, suite, journal: noted, chooseName })
    const member = company.join({ target, client, states })
    const { origins } = member
    const { gathering } = ledger
    const covers = ({ operation }: Expectation) => share.covers(target.name, operation.id)
    const look = { target, client, states, seed, signal, covers, tell, remark, origins, gathering }
    for (const text of tellBeforehand(target, share)) remark(text)
    try {
      await ask()
      await lookAt(look)
      await lookAgain?.(look, await member.looked())
      await member.left()
    } catch (error) {
      fail(error)
      throw error
    } finally {
      member.end()
      ledger.leave(await states.releaseAll(), client.sent)
      ledger.runs(target, list(remark))
      for (const text of client.remarks()) remark(text)
      await client.close()
    }
  }
}

/** What is to be known of a look at a target before anything is sent. */
function tellBeforehand(target: Target, share: Share): readonly string[] {
  const strangers = share.strangersOf(target).length
  return [
    ...tellLapsed(target),
    ...(strangers === 0
      ? []
      : [
          `what is deleted in ${strangers} other targets of the account "${target.account}" was not looked at here: other shards have them`,
        ]),
  ]
}

/** What stopped a run; whatever else an API user gives as the reason counts as Ctrl-C. */
function stopSignal(reason: unknown): StopSignal {
  return reason === 'SIGTERM' || reason === 'SIGHUP' ? reason : 'SIGINT'
}
