import { declaredReason, fitAcross, type Probe } from './probe/index.ts'
import type { Reach } from './send-step.ts'
import { type Carrying, carryOut } from './sweep.ts'
import type { Case, Omission, Outcome } from './verdict/index.ts'

/**
 * Looks in a target at what is done in others of its account, and adds it to what is to be concluded.
 *
 * What fails in the other target is no fault of this one: it is said to be unseen, and costs nothing else.
 */
export async function lookAcross(
  held: readonly Case[],
  probes: readonly Probe[],
  context: Carrying & { readonly origins: readonly Reach[] },
): Promise<readonly Case[]> {
  const found: Case[] = []
  for (const each of held) {
    const own = probes.filter(({ expectation }) => expectation === each.expectation)
    const isAsked = each.declared === undefined && each.broken === undefined
    found.push(isAsked ? await lookAtCase(each, own, context) : each)
  }
  return found
}

type Context = Carrying & { readonly origins: readonly Reach[] }

async function lookAtCase(each: Case, probes: readonly Probe[], context: Context): Promise<Case> {
  const outcomes: Outcome[] = []
  const omitted: Omission[] = []
  const hopeless = whyHopeless(each)
  const limits = new Map<string, number>()
  const jobs = probes.flatMap((planned) =>
    context.origins.map((origin): Asked => ({ origin, planned, hopeless, limits })),
  )
  const work = async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const seen = await lookFrom(job, context)
      if ('reason' in seen) omitted.push(seen)
      else outcomes.push(rehome(seen, each))
    }
  }
  await Promise.all(Array.from({ length: context.target.limits.workers }, work))
  for (const [text, times] of limits)
    context.remark(times === 1 ? text : `${text} (${times} times)`)
  return {
    ...each,
    outcomes: [...each.outcomes, ...outcomes],
    omitted: [...each.omitted, ...omitted],
  }
}

/** Why nothing needs to be made elsewhere for a target in which nothing of the kind was seen; undefined: it does. */
function whyHopeless({ expectation, outcomes }: Case): string | undefined {
  const own = outcomes.filter(({ cell }) => cell === expectation.id)
  const reasons = own.flatMap(({ trouble }) => (trouble === undefined ? [] : [trouble.reason]))
  return reasons.length === own.length ? reasons[0] : undefined
}

type Asked = {
  readonly limits: Map<string, number>

  readonly origin: Reach
  readonly planned: Probe
  readonly hopeless?: string | undefined
}

async function lookFrom(
  { origin, planned, hopeless, limits }: Asked,
  context: Context,
): Promise<Outcome | Omission> {
  const { target, suite, measure } = context
  const id = `${planned.id} from ${origin.target.name}`
  const probe = { ...planned, id }
  const omit = (reason: string): Omission => {
    measure({ probe, from: origin.target, at: target, unmeasured: reason })
    return { probe: id, reason }
  }
  const declared = declaredReason(planned.expectation, origin.target, suite)
  if (declared !== undefined) return omit(`${origin.target.name} declares: ${declared}`)
  if (hopeless !== undefined) return omit(hopeless)
  const fit = fitAcross(probe, { origin: origin.target, target, suite })
  if (fit.kind !== 'fits') return omit(fit.reason)
  const outcome = await carryOut({ ...probe, script: fit.script }, context, limits, origin)
  const { trouble } = outcome
  if (trouble?.kind !== 'error') return outcome
  if (trouble.atOrigin === true) return omit(`${origin.target.name}: ${trouble.reason}`)
  omit(trouble.reason)
  return outcome
}

/**
 * Files at the law what is filed nowhere else: the other expectations of the operation are told by now,
 * and a defect that they showed too is not said again.
 */
function rehome(outcome: Outcome, { expectation: { id }, outcomes }: Case): Outcome {
  const { judgement } = outcome
  const isTold = (check: string, cell: string) =>
    cell !== id &&
    outcomes.some((each) =>
      each.judgement.findings.some((finding) => finding.check === check && finding.cell === cell),
    )
  const findings = judgement.findings
    .filter(({ check, cell }) => !isTold(check, cell))
    .map((finding) => ({ ...finding, cell: id }))
  const { surprise } = judgement
  const isNew = surprise !== undefined && !isTold('status-code', surprise.cell)
  return {
    ...outcome,
    judgement: {
      ...judgement,
      findings,
      ...(isNew ? { surprise: { ...surprise, cell: id } } : {}),
    },
  }
}
