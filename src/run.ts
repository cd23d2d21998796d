import { randomBytes, randomInt } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { openClient } from './exchange/index.ts'
import { type Prepared, type PrepareOptions, prepare } from './prepare.ts'
import { type Leftover, noJournal, openJournal, openStates } from './state/index.ts'
import { sweep } from './sweep.ts'
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

export type RunOptions = PrepareOptions & CarryOptions

/** How what is prepared is carried out. */
export type CarryOptions = {
  /** Whether findings of level `should` are red. */
  readonly strict?: boolean | undefined
  /** Makes the random parts of requests repeat. Default: any. */
  readonly seed?: number | undefined
  /** The folder of the journal. Default: `.assay/journal`. */
  readonly journal?: string | undefined
  /** Stops the run: nothing new is sent, what was arranged is undone, what was seen is told. */
  readonly signal?: AbortSignal | undefined
}

export type RunEvent =
  | {
      readonly kind: 'planned'
      readonly run: string
      readonly seed: number
      readonly startedAt: string
      readonly prepared: Prepared
      readonly targets: readonly Target[]
    }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | {
      readonly kind: 'ended'
      readonly tally: Tally
      readonly leftovers: readonly Leftover[]
      readonly stopped: 'SIGINT' | 'SIGTERM' | undefined
      readonly requests: number
      readonly ms: number
      readonly exitCode: number
    }

/**
 * Runs a suite: document → schema → target → plan → probe → exchange → state → verdict.
 *
 * The answer is one stream of events: `planned` once, a `verdict` for every expectation on every
 * target as soon as it is final, `ended` once.
 *
 * @throws AssayError for everything that is wrong with suite, document, targets or names given
 */
export async function* run(options: RunOptions = {}): AsyncGenerator<RunEvent, void, undefined> {
  const start = performance.now()
  yield* runPrepared(await prepare(options), { ...options, start })
}

/**
 * Runs what is prepared; it may be run several times, against other targets too.
 *
 * @param options.start when the run began, as `performance.now()` has it. Default: now.
 * @throws AssayError for what is wrong with the targets
 */
export async function* runPrepared(
  prepared: Prepared,
  options: CarryOptions & { readonly start?: number } = {},
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

  async function tell(verdict: Verdict): Promise<void> {
    const key = tallyKey(verdict)
    tally = { ...tally, [key]: tally[key] + 1 }
    badInput ||= isOurInput(verdict)
    await writer.write({ kind: 'verdict', verdict })
  }

  async function look(target: Target): Promise<readonly Leftover[]> {
    const { suite, promises, expectations, planned } = prepared
    const client = openClient(target, { userAgent: `assay/${version} run/${id}`, signal })
    const chooseName = () => `assay-${id}-${++created}`
    const states = openStates({
      target,
      client,
      suite,
      journal: target.embedded ? noJournal : journal,
      chooseName,
    })
    const strict = options.strict ?? false
    try {
      await sweep(expectations, planned, {
        target,
        client,
        states,
        suite,
        promises,
        strict,
        seed,
        signal,
        tell,
      })
      return await states.releaseAll()
    } finally {
      requests += client.sent
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
    yield { kind: 'planned', run: id, seed, startedAt: new Date().toISOString(), prepared, targets }
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
    yield { kind: 'ended', tally, leftovers, stopped, requests, ms, exitCode: code }
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
  for (const { kind, name, entry } of chosen) {
    if (kind === 'remote') {
      targets.push(resolveTarget(name, entry, { suite, document, environment }))
      continue
    }
    const { startProvider } = await import('./provider/index.ts')
    const provider = await startProvider({ regions: entry.embedded?.regions ?? [] })
    closers.push(() => provider.close())
    for (const region of provider.regions) targets.push(embeddedTarget(name, region, entry, suite))
  }
  return { targets, close: async () => void (await Promise.all(closers.map((close) => close()))) }
}
