import { lookAcross } from './across.ts'
import { type LookOptions, lookAtEach, type RunEvent } from './each-target.ts'
import { type BaselineOptions, openWatch, scopeOf } from './open-watch.ts'
import { type Prepared, type PrepareOptions, prepare } from './prepare.ts'
import { sweep } from './sweep.ts'
import type { Target } from './target/index.ts'
import { type Case, conclude } from './verdict/index.ts'
import { openWaits } from './waits.ts'

export type { RunEvent } from './each-target.ts'

export type RunOptions = PrepareOptions & CarryOptions

/** How what is prepared is carried out. */
export type CarryOptions = LookOptions & BaselineOptions

/**
 * Runs a suite: document → schema → target → plan → probe → exchange → state → verdict.
 *
 * The answer is one stream of events: `planned` once, a `verdict` for every expectation on every
 * target as soon as it is final, a `disagreement` for every way in which targets do not agree, `ended` once.
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
  const { suite, promises, expectations, planned, across } = prepared
  const { strict = false } = options
  const watch = await openWatch(suite, scopeOf(prepared), options)
  const waits = openWaits()
  const held = new Map<Target, Case[]>()
  const carrying = { suite, promises, strict, measure: waits.measure }
  let targets: readonly Target[] = []
  const events = lookAtEach(
    {
      prepared,
      watch,
      positionOf: ({ promised }) => promises.document.positionOf(promised),
      async look(look) {
        const waiting = new Set(
          look.origins.length === 0 ? [] : across.map(({ expectation }) => expectation),
        )
        const rest: Case[] = []
        held.set(look.target, rest)
        const take = async (each: Case) => {
          if (waiting.has(each.expectation)) rest.push(each)
          else await look.tell(conclude(each))
        }
        await sweep(
          expectations.filter(look.covers),
          planned.filter(({ expectation }) => look.covers(expectation)),
          { ...look, ...carrying, take },
        )
      },
      async lookAgain(look, origins) {
        const rest = held.get(look.target) ?? []
        for (const each of await lookAcross(rest, across, { ...look, ...carrying, origins }))
          await look.tell(conclude(each))
        for (const text of waits.remarks(look.target)) look.remark(text)
      },
    },
    options,
  )
  for await (const event of events) {
    if (event.kind === 'planned') targets = event.targets
    yield event.kind === 'ended' ? { ...event, revocations: waits.revocations(targets) } : event
  }
}
