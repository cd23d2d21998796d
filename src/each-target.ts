import { randomBytes, randomInt } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { BaselineOutcome, Watch } from './baseline/index.ts'
import { gather } from './company.ts'
import type { Position } from './errors.ts'
import { type Client, openClient } from './exchange/index.ts'
import type { Expectation } from './plan/index.ts'
import type { Prepared } from './prepare.ts'
import { tellLapsed } from './probe/index.ts'
import type { Reach } from './send-step.ts'
import { limitTo, type Share, shareOf } from './share.ts'
import {
  type Leftover,
  noJournal,
  openJournal,
  openStates,
  type StateSession,
} from './state/index.ts'
import {
  describeTarget,
  embeddedTarget,
  resolveTarget,
  type Target,
  type TargetFacts,
} from './target/index.ts'
import {
  type Answers,
  agree,
  type Disagreement,
  emptyTally,
  exitCode,
  type Gathering,
  gatherAnswers,
  isOurInput,
  isRed,
  type Judged,
  judgedOf,
  type Revocation,
  type StopSignal,
  type Tally,
  tallyKey,
  type Verdict,
} from './verdict/index.ts'
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

/** What is to be known of how a target was looked at, beside its verdicts: it makes nothing red. */
export type Remark = { readonly target: string; readonly text: string }

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
  | {
      readonly kind: 'ended'
      readonly tally: Tally
      /** What the answers of all targets look like. */
      readonly answers: Answers
      /** The versions that each target says it runs; undefined: the suite does not name where. */
      readonly runs: ReadonlyMap<string, readonly string[]>
      readonly leftovers: readonly Leftover[]
      readonly remarks: readonly Remark[]
      readonly stopped: StopSignal | undefined
      readonly requests: number
      /** How long deleted credentials still worked, where a run looked at that. */
      readonly revocations?: readonly Revocation[]
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
 * target, a `disagreement` for every way in which they do not agree, `ended` once. What was arranged is undone, whatever happens.
 */
export async function* lookAtEach(
  { prepared, positionOf, check, watch, look: lookAt, lookAgain }: Work,
  options: LookOptions,
): AsyncGenerator<RunEvent, void, undefined> {
  const { start = performance.now() } = options
  const id = randomBytes(4).toString('hex')
  const seed = options.seed ?? randomInt(2 ** 31)
  const share = shareOf(prepared)
  const { targets, known, close } = await openTargets(prepared, share, options.today)
  const company = gather(targets)
  const journal = openJournal(options.journal ?? '.assay/journal', id)
  const broken = new AbortController()
  const { signal: asked = broken.signal } = options
  const signal = AbortSignal.any([asked, broken.signal])
  setMaxListeners(0, signal)
  const { readable, writable } = new TransformStream<RunEvent, RunEvent>()
  const writer = writable.getWriter()
  let tally: Tally = emptyTally
  let badInput = false
  let requests = 0
  let created = 0
  const remarks: Remark[] = []
  const leftovers: Leftover[] = []
  const judged: Judged[] = []
  const runs = new Map<string, readonly string[]>()
  const gathering = gatherAnswers(targets.map(({ name }) => name))

  async function tell(told: Verdict): Promise<void> {
    const verdict = watch?.take(told) ?? told
    const key = tallyKey(verdict)
    tally = { ...tally, [key]: tally[key] + 1 }
    badInput ||= isOurInput(verdict)
    if (verdict.kind !== 'pass' || verdict.findings.length > 0) judged.push(judgedOf(verdict))
    // Whoever read the verdicts may be gone; what was made is undone all the same.
    await writer.write({ kind: 'verdict', verdict }).catch(() => {})
  }

  async function look(target: Target): Promise<void> {
    const { suite } = prepared
    const remark = (text: string) => void remarks.push({ target: target.name, text })
    const opened = openClient(target, { userAgent: `assay/${version} run/${id}`, signal })
    const { client, ask, list } = watchVersions(opened, target)
    const chooseName = () => `assay-${id}-${++created}`
    const states = openStates({
      target,
      client,
      suite,
      journal: target.embedded ? noJournal : journal,
      chooseName,
    })
    const covers = ({ operation }: Expectation) => share.covers(target.name, operation.id)
    const member = company.join({ target, client, states })
    const { origins } = member
    const strangers = share.strangersOf(target)
    if (strangers.length > 0) remark(tellStrangers(target, strangers.length))
    const one = { target, client, states, seed, signal, covers, tell, remark, origins, gathering }
    try {
      for (const text of tellLapsed(target)) remark(text)
      await ask()
      await lookAt(one)
      await lookAgain?.(one, await member.looked())
      await member.left()
    } catch (error) {
      broken.abort(error)
      throw error
    } finally {
      member.end()
      leftovers.push(...(await states.releaseAll()))
      requests += client.sent
      const versions = list(remark)
      if (versions !== undefined) runs.set(target.name, versions)
      for (const text of client.remarks()) remark(text)
      await client.close()
    }
  }

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
    const said = { run: id, seed, startedAt, prepared, targets, known, share, positionOf }
    yield { kind: 'planned', ...said }
    looking = lookAtAll()
    looking.catch(() => {})
    yield* readable
    await looking
    const answers = gathering.answers()
    const disagreements = agree(answers, judged, gathering.reproduce).map(
      (each) => watch?.takeDisagreement(each) ?? each,
    )
    for (const disagreement of disagreements) yield { kind: 'disagreement', disagreement }
    const red = disagreements.filter((each) => isRed(each, options.strict))
    const stopped = asked.aborted ? stopSignal(asked.reason) : undefined
    const baseline = watch?.end(targets.map(({ name }) => name))
    const code = exitCode({
      tally,
      badInput,
      leftovers: leftovers.length,
      disagreements: red.length,
      stale: baseline === undefined ? 0 : baseline.expired.length + baseline.unseen.length,
      stopped,
    })
    const ms = performance.now() - start
    const seen = { tally, answers, runs, leftovers, remarks, requests, ms, baseline }
    yield { kind: 'ended', ...seen, stopped, exitCode: code }
  } finally {
    broken.abort()
    await looking?.catch(() => {})
    await journal.close()
    await close()
  }
}

/** Silence would say that what is deleted there was looked at here. */
function tellStrangers({ account }: Target, count: number): string {
  return `what is deleted in ${count} other targets of the account "${account}" was not looked at here: other shards have them`
}

/** What stopped a run; whatever else an API user gives as the reason counts as Ctrl-C. */
function stopSignal(reason: unknown): StopSignal {
  return reason === 'SIGTERM' || reason === 'SIGHUP' ? reason : 'SIGINT'
}

/**
 * Makes targets of what was chosen and is looked at here, and starts the reference provider where it is
 * one of them. Of the others no credential is read.
 */
async function openTargets(
  { chosen, suite, promises, environment }: Prepared,
  share: Share,
  today: string | undefined,
) {
  const { document } = promises
  const targets: Target[] = []
  const closers: (() => Promise<void>)[] = []
  const close = async () => void (await Promise.all(closers.map((each) => each())))
  const add = (target: Target) => targets.push(limitTo(share.partOf(target.name), target))
  try {
    for (const each of chosen) {
      const { kind, name, entry } = each
      const own = share.targets.filter(
        (target) => target.chosen === each && share.partOf(target.name) > 0,
      )
      if (own.length === 0) continue
      if (kind === 'remote') {
        add(resolveTarget(name, entry, { suite, document, environment, today }))
        continue
      }
      const { startProvider } = await import('./provider/index.ts')
      const provider = await startProvider({ regions: own.map(({ region }) => region) })
      closers.push(() => provider.close())
      for (const region of provider.regions) add(embeddedTarget(name, region, entry, suite, today))
    }
  } catch (error) {
    await close()
    throw error
  }
  const opened = new Map(targets.map((target) => [target.name, target]))
  const known = share.targets.map(
    (target): TargetFacts =>
      opened.get(target.name) ?? describeTarget(target, { document, environment }),
  )
  return { targets, known, close }
}
