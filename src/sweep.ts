import { AssayError, formatPosition } from './errors.ts'
import { createGate } from './gate.ts'
import { perform } from './perform.ts'
import type { Expectation } from './plan/index.ts'
import {
  declaredReason,
  fitProbe,
  lapsedReason,
  type Planned,
  type Probe,
  randomFor,
} from './probe/index.ts'
import type { Schemas } from './schema/index.ts'
import type { Reach } from './send-step.ts'
import type { Suite } from './target/index.ts'
import {
  type Case,
  type Gathering,
  judge,
  type Omission,
  type Outcome,
  type Promises,
  undocumentedLimits,
} from './verdict/index.ts'
import type { Sight } from './waits.ts'

/** What probes are carried out and judged with. */
export type Carrying = Reach & {
  readonly suite: Suite
  readonly promises: Promises
  readonly strict: boolean
  /** Takes what the answers look like. */
  readonly gathering: Gathering
  readonly seed: number
  readonly signal: AbortSignal
  /** Takes how long what a probe waited for took. */
  readonly measure: (sight: Sight) => void
  readonly remark: (text: string) => void
}

export type Sweep = Carrying & {
  /** Takes what there is to conclude of each expectation, once its operation is done. */
  readonly take: (each: Case) => Promise<void>
}

type Job = { readonly probe: Probe; readonly batch: Batch }

/** What one target gets for one operation. */
type Batch = {
  readonly expectations: readonly Expectation[]
  readonly obstacles: Map<string, string[]>
  readonly omitted: Map<string, Omission[]>
  readonly declared: ReadonlyMap<string, string>
  readonly broken: ReadonlyMap<string, { reason: string; code: string }>
  readonly outcomes: Outcome[]
  waiting: number
}

/** Carries out all probes on one target, several at a time, and concludes each expectation once its operation is done. */
export async function sweep(
  expectations: readonly Expectation[],
  planned: readonly Planned[],
  context: Sweep,
): Promise<void> {
  const gate = createGate()
  const jobs = listJobs(expectations, planned, context)
  const limits = new Map<string, number>()
  const work = async () => {
    for await (const job of jobs) {
      const pass = job.probe.script.exclusive === true ? gate.alone : gate.together
      await finish(job, await pass(() => carryOut(job.probe, context, limits)), context)
    }
  }
  await Promise.all(Array.from({ length: context.target.limits.workers }, work))
  for (const [text, times] of limits)
    context.remark(times === 1 ? text : `${text} (${times} times)`)
}

/** Carries out one fitted probe, on what is arranged there or at an origin, and judges it. Never throws. */
export async function carryOut(
  probe: Probe,
  { promises, measure, ...context }: Carrying,
  limits: Map<string, number>,
  origin?: Reach,
): Promise<Outcome> {
  const { target, seed } = context
  const random = randomFor(seed, [probe.id, ...(origin ? [origin.target.name] : [])].join(' '))
  const { schemas } = promises
  const { script } = probe
  const trace = await perform({ ...context, probe, script, origin, schemas, random })
  const { trouble, waits = [] } = trace
  for (const wait of waits) measure({ probe, at: target, from: origin?.target ?? target, wait })
  const { latencyBudget } = target.limits
  const { drawn, ...judgement } = judge(trace, { ...promises, latencyBudget })
  context.gathering.note(target.name, probe, drawn)
  for (const text of undocumentedLimits(trace)) limits.set(text, (limits.get(text) ?? 0) + 1)
  return {
    probe: probe.id,
    cell: probe.expectation.id,
    judgement,
    ...(trouble === undefined ? {} : { trouble }),
  }
}

async function finish({ batch }: Job, outcome: Outcome, context: Sweep): Promise<void> {
  batch.outcomes.push(outcome)
  batch.waiting -= 1
  if (batch.waiting === 0) await tellVerdicts(batch, context)
}

async function* listJobs(
  expectations: readonly Expectation[],
  planned: readonly Planned[],
  context: Sweep,
): AsyncGenerator<Job> {
  let rest = 0
  for (const group of byOperation(expectations)) {
    const start = rest
    const ids = new Set(group.map(({ id }) => id))
    while (ids.has(planned[rest]?.expectation.id ?? '')) rest += 1
    const { batch, jobs } = openBatch(group, planned.slice(start, rest), context)
    if (jobs.length === 0) await tellVerdicts(batch, context)
    yield* jobs
  }
}

function openBatch(
  expectations: readonly Expectation[],
  planned: readonly Planned[],
  context: Sweep,
) {
  const { target, suite, promises } = context
  const declared = new Map(
    expectations.flatMap((each): [string, string][] => {
      const reason = declaredReason(each, target, suite)
      return reason === undefined ? [] : [[each.id, reason]]
    }),
  )
  const batch: Batch = {
    expectations,
    obstacles: new Map(),
    omitted: new Map(),
    declared,
    broken: brokenSchemas(expectations, promises.schemas),
    outcomes: [],
    waiting: 0,
  }
  const jobs: Job[] = []
  for (const each of planned) {
    const { id } = each.expectation
    if (declared.has(id) || batch.broken.has(id)) continue
    if (each.kind === 'gap') {
      note(batch.obstacles, id, each.reason)
      continue
    }
    const fit = fitProbe(each, target, suite)
    if (fit.kind === 'fits') jobs.push({ probe: { ...each, script: fit.script }, batch })
    else {
      note(batch.omitted, id, { probe: each.id, reason: fit.reason })
      if (fit.kind === 'obstacle') note(batch.obstacles, id, fit.reason)
    }
  }
  batch.waiting = jobs.length
  return { batch, jobs }
}

/** The schemas that an operation needs are compiled before its first request. */
function brokenSchemas(expectations: readonly Expectation[], schemas: Schemas) {
  const broken = new Map<string, { reason: string; code: string }>()
  for (const expectation of expectations) {
    if (expectation.kind !== 'response') continue
    for (const { schema } of expectation.documented.content) {
      try {
        if (schema !== undefined) schemas.validator(schema)
      } catch (error) {
        if (!(error instanceof AssayError)) throw error
        const at = error.at === undefined ? '' : ` (${formatPosition(error.at)})`
        broken.set(expectation.id, { reason: `${error.message}${at}`, code: error.code })
      }
    }
  }
  return broken
}

async function tellVerdicts(batch: Batch, { target, strict, take }: Sweep): Promise<void> {
  for (const expectation of batch.expectations) {
    const { id } = expectation
    await take({
      expectation,
      target: target.name,
      region: target.region,
      obstacle: unique(batch.obstacles.get(id))?.join('; '),
      declared: batch.declared.get(id),
      lapsed: lapsedReason(expectation, target),
      broken: batch.broken.get(id),
      omitted: batch.omitted.get(id) ?? [],
      outcomes: batch.outcomes,
      strict,
    })
  }
}

function* byOperation(expectations: readonly Expectation[]): Generator<readonly Expectation[]> {
  let group: Expectation[] = []
  for (const expectation of expectations) {
    if (group[0] !== undefined && group[0].operation !== expectation.operation) {
      yield group
      group = []
    }
    group.push(expectation)
  }
  if (group.length > 0) yield group
}

function note<T>(notes: Map<string, T[]>, id: string, entry: T): void {
  const known = notes.get(id)
  if (known === undefined) notes.set(id, [entry])
  else known.push(entry)
}

function unique(texts: readonly string[] | undefined): readonly string[] | undefined {
  return texts && [...new Set(texts)]
}
