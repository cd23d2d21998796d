import { type LookOptions, lookAtEach, type RunEvent } from './each-target.ts'
import { AssayError } from './errors.ts'
import {
  concludeMessages,
  type FetchedPact,
  openDoors,
  openVerifier,
  type Pact,
  planMessages,
  planUnits,
  type Sight,
  tellVerification,
  type Unit,
  type Verification,
} from './pact/index.ts'
import type { Filter } from './plan/index.ts'
import { type PrepareOptions, prepare } from './prepare.ts'
import type { Target } from './target/index.ts'
import type { Verdict } from './verdict/index.ts'
import { verifyTarget } from './verify-target.ts'
import { version } from './version.ts'

export type VerifyOptions = PrepareOptions &
  LookOptions & {
    /** The pacts, all of one provider. */
    readonly pacts: readonly Pact[]
    /** What a broker says of those that it selected: a pending one that fails is told, and not red. */
    readonly fetched?: readonly FetchedPact[] | undefined
    /** Whether findings of level `should` are red, such as those of pending pacts. */
    readonly strict?: boolean | undefined
    /** What runs on the targets, as whoever deployed it knows. */
    readonly providerVersion?: string | undefined
  }

export type VerifyEvent =
  | RunEvent
  | { readonly kind: 'verified'; readonly verification: Verification }

/**
 * Verifies pacts on every chosen target, with the states, the safety class, the credentials, the budgets
 * and the journal of a run.
 *
 * The answer is the stream of events that `run` gives, and after its end one `verified` per target.
 *
 * @throws AssayError USAGE where pacts name several providers or targets share a region; PLAN_EMPTY when a
 * filter leaves nothing; and what `prepare` throws
 */
export async function* verifyPacts(
  options: VerifyOptions,
): AsyncGenerator<VerifyEvent, void, undefined> {
  const start = performance.now()
  const provider = onlyProvider(options.pacts)
  const prepared = await prepare(options)
  const { suite, promises } = prepared
  const { pacts, fetched = [], strict = false, providerVersion = null } = options
  const isPending = (pact: Pact) => fetched.some((each) => each.pact === pact && each.pending)
  const all = planUnits(pacts, promises.document, isPending)
  const units = all.filter((unit) => isSelected(unit, options.filter))
  if (units.length === 0) throw empty()
  const messages = planMessages(pacts, isPending)
  const cells = new Map([...units, ...messages].map((each) => [each.expectation.id, each]))
  const sights: Sight[] = []
  const doors = await openDoors()
  const verifier = openVerifier()
  try {
    const events = lookAtEach(
      {
        prepared: {
          ...prepared,
          expectations: [...cells.values()].map(({ expectation }) => expectation),
          planned: [],
        },
        positionOf: ({ id, promised }) =>
          cells.get(id)?.promised ?? promises.document.positionOf(promised),
        check: refuseSharedRegions,
        async look(look) {
          const { target } = look
          const startedAt = new Date().toISOString()
          const verdicts: Verdict[] = messages.map((each) => concludeMessages(each, target))
          const tell = (verdict: Verdict) => {
            verdicts.push(verdict)
            return look.tell(verdict)
          }
          for (const verdict of verdicts) await look.tell(verdict)
          const { schemas } = promises
          const outcomes = await verifyTarget(units, {
            ...look,
            tell,
            suite,
            schemas,
            doors,
            verifier,
            strict,
          })
          const endedAt = new Date().toISOString()
          sights.push({ target, outcomes, verdicts, startedAt, endedAt })
        },
      },
      { ...options, start },
    )
    let targets: readonly Target[] = []
    for await (const event of events) {
      if (event.kind === 'planned') targets = event.targets
      yield event
      if (event.kind !== 'ended') continue
      const { leftovers, stopped } = event
      const { document } = promises
      const said = { provider, providerVersion, pacts, fetched }
      const shared = { ...said, document, version, leftovers, stopped }
      sights.sort((a, b) => targets.indexOf(a.target) - targets.indexOf(b.target))
      for (const sight of sights)
        yield { kind: 'verified', verification: tellVerification(sight, shared) }
    }
  } finally {
    verifier.close()
    await doors.close()
  }
}

/** A suite is about one document, hence about one provider. */
function onlyProvider(pacts: readonly Pact[]): string {
  const providers = [...new Set(pacts.map(({ provider }) => provider))]
  const [provider] = providers
  if (provider !== undefined && providers.length === 1) return provider
  throw new AssayError('USAGE', `the pacts name ${providers.length} providers, not one`, {
    hint: `they name ${providers.join(', ')}; choose one with --provider`,
  })
}

/** The file of a verification is found by its region. */
function refuseSharedRegions(targets: readonly Target[]): void {
  const shared = targets.find(
    ({ region }, index) => targets.findIndex((each) => each.region === region) < index,
  )
  if (shared === undefined) return
  throw new AssayError('USAGE', `two targets are of the region "${shared.region}"`, {
    hint: 'name one of them with --target, or give them regions of their own in the suite',
  })
}

function isSelected({ expectation }: Unit, filter: Filter = {}): boolean {
  const { operation, documented } = expectation
  const allows = (
    name: string,
    included: readonly string[] = [],
    excluded: readonly string[] = [],
  ) => !excluded.includes(name) && (included.length === 0 || included.includes(name))
  return (
    allows(operation.id, filter.includeOperations, filter.excludeOperations) &&
    allows(documented.status, filter.includeStatuses, filter.excludeStatuses)
  )
}

function empty(): AssayError {
  return new AssayError('PLAN_EMPTY', 'the filters leave no interaction of the pacts', {
    hint: 'loosen --include-… and --exclude-…',
  })
}
