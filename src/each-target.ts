import { randomBytes, randomInt } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { Position } from './errors.ts'
import { type Client, openClient } from './exchange/index.ts'
import type { Expectation } from './plan/index.ts'
import type { Prepared } from './prepare.ts'
import {
  type Leftover,
  noJournal,
  openJournal,
  openStates,
  type StateSession,
} from './state/index.ts'
import { embeddedTarget, resolveTarget, type Target } from './target/index.ts'
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
      readonly stopped: 'SIGINT' | 'SIGTERM' | undefined
      readonly requests: number
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
  /** Takes what the answers look like, so that those of all targets can be compared. */
  readonly gathering: Gathering
}

export type Work = {
  readonly prepared: Prepared
  readonly positionOf: (expectation: Expectation) => Position
  /** Sees the targets before anything is sent; what it throws ends the run. */
  readonly check?: (targets: readonly Target[]) => void
  /** Looks at one target, and tells a verdict for every expectation. */
  readonly look: (look: Look) => Promise<void>
}

/**
 * Looks at all chosen targets side by side: `planned` once, a `verdict` for every expectation on every
 * target, a `disagreement` for every way in which they do not agree, `ended` once. What was arranged is undone, whatever happens.
 */
export async function* lookAtEach(
  { prepared, positionOf, check, look: lookAt }: Work,
  options: LookOptions,
): AsyncGenerator<RunEvent, void, undefined> {
  const { start = performance.now() } = options
  const id = randomBytes(4).toString('hex')
  const seed = options.seed ?? randomInt(2 ** 31)
  const { targets, close } = await openTargets(prepared)
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
  const judged: Judged[] = []
  const runs = new Map<string, readonly string[]>()
  const gathering = gatherAnswers(targets.map(({ name }) => name))

  async function tell(verdict: Verdict): Promise<void> {
    const key = tallyKey(verdict)
    tally = { ...tally, [key]: tally[key] + 1 }
    badInput ||= isOurInput(verdict)
    if (verdict.kind !== 'pass' || verdict.findings.length > 0) judged.push(judgedOf(verdict))
    await writer.write({ kind: 'verdict', verdict })
  }

  async function look(target: Target): Promise<readonly Leftover[]> {
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
    try {
      await ask()
      await lookAt({ target, client, states, seed, signal, tell, remark, gathering })
      return await states.releaseAll()
    } finally {
      requests += client.sent
      const versions = list(remark)
      if (versions !== undefined) runs.set(target.name, versions)
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
    const answers = gathering.answers()
    const disagreements = agree(answers, judged, gathering.reproduce)
    for (const disagreement of disagreements) yield { kind: 'disagreement', disagreement }
    const red = disagreements.filter((each) => isRed(each, options.strict))
    const reason = signal.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT'
    const stopped = signal.aborted ? reason : undefined
    const code = exitCode({
      tally,
      badInput,
      leftovers: leftovers.length,
      disagreements: red.length,
      stopped,
    })
    const ms = performance.now() - start
    const seen = { tally, answers, runs, leftovers, remarks, requests, ms }
    yield { kind: 'ended', ...seen, stopped, exitCode: code }
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
