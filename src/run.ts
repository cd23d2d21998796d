import { type LookOptions, lookAtEach, type RunEvent } from './each-target.ts'
import { type BaselineOptions, openWatch, scopeOf } from './open-watch.ts'
import { type Prepared, type PrepareOptions, prepare } from './prepare.ts'
import { sweep } from './sweep.ts'

export type { RunEvent } from './each-target.ts'

export type RunOptions = PrepareOptions & CarryOptions

/** How what is prepared is carried out. */
export type CarryOptions = LookOptions & {
  /** Whether findings of level `should` are red. */
  readonly strict?: boolean | undefined
} & BaselineOptions

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
 * @throws AssayError for what is wrong with the targets, or with the baseline
 */
export async function* runPrepared(
  prepared: Prepared,
  options: CarryOptions = {},
): AsyncGenerator<RunEvent, void, undefined> {
  const { suite, promises, expectations, planned } = prepared
  const { strict = false } = options
  const watch = await openWatch(suite, scopeOf(prepared), options)
  yield* lookAtEach(
    {
      prepared,
      watch,
      positionOf: ({ promised }) => promises.document.positionOf(promised),
      look: (look) => sweep(expectations, planned, { ...look, suite, promises, strict }),
    },
    options,
  )
}
