import type { Fault } from './fault.ts'
import { faultNamed } from './faults/index.ts'
import type { Touch } from './ledger.ts'
import { type OpenRegion, openRegion, type RegionHandle } from './region.ts'
import { openSeeded, seedAccounts } from './seed.ts'
import { createWeather } from './weather.ts'

export type ProviderOptions = {
  /** Default: the four that the document lists as servers. */
  readonly regions?: readonly string[]
  /** 0, the default: any free port; otherwise the first region listens there, the next one above. */
  readonly port?: number
  /** Promises to break, by the name of a fault, outage or harmless variant; without region: in every one. */
  readonly faults?: readonly FaultChoice[]
  /** Whether there is a state URL; default true. */
  readonly states?: boolean
  /** Whether a fault header and a fault state make requests fail inside; default true. */
  readonly seam?: boolean
  /** Whether all regions speak of the same accounts, as with a store that is replicated; default false. */
  readonly sharedAccount?: boolean
  /** Milliseconds that each answer takes; default 0. */
  readonly latency?: number
  /** Milliseconds, at most, by which each answer comes earlier or later; default 0. */
  readonly jitter?: number
  /** Makes jitter and losses repeat; default 1. */
  readonly seed?: number
}

export type FaultChoice = {
  readonly name: string
  readonly region?: string
  /** How strong it is, in its own unit; only for faults that have an `amount`. */
  readonly amount?: number
}

/** A control plane that runs. */
export type Provider = {
  readonly regions: readonly RegionHandle[]
  /** What was made and taken away in any region, in order. */
  touches(): readonly Touch[]
  /** Ends every connection; may be called again. */
  close(): Promise<void>
}

const serverRegions = ['aws-us-east-1', 'aws-eu-west-1', 'aws-us-west-2', 'gcp-us-central1']

/**
 * Starts a control plane that keeps every promise of the document but those it is told to break.
 *
 * @throws Error for a fault or region that does not exist, an amount that a fault does not have, and
 * a port that is taken
 */
export async function startProvider(options: ProviderOptions = {}): Promise<Provider> {
  const { regions = serverRegions, port = 0, states = true, seam = true } = options
  const { latency = 0, jitter = 0, seed = 1 } = options
  if (new Set(regions).size < regions.length) throw new Error('a region is named twice')
  const chosen = (options.faults ?? []).map((choice) => choose(choice, regions))
  const shared = options.sharedAccount === true ? seedAccounts() : undefined
  const worlds = regions.map((name) => openSeeded(shared ?? seedAccounts(), name))
  const opening = worlds.map((seeded, index) => {
    const name = seeded.store.region
    return openRegion({
      name,
      port: port === 0 ? 0 : port + index,
      seeded,
      weather: createWeather({ latency, jitter, seed }, name),
      faults: chosen.flatMap(({ region, make }) =>
        region === undefined || region === name ? [make()] : [],
      ),
      states,
      seam,
    })
  })
  const opened = await Promise.allSettled(opening)
  const open = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const failed = opened.find((each) => each.status === 'rejected')
  if (failed !== undefined) {
    await closeAll(open)
    throw failed.reason
  }
  const ledgers = new Set(worlds.map(({ ledger }) => ledger))
  return {
    regions: open.map(({ handle }) => handle),
    touches: () => [...ledgers].flatMap((ledger) => ledger.list()).sort((a, b) => a.at - b.at),
    close: () => closeAll(open),
  }
}

/** A fault and where it is; each region that has it makes one of its own. */
type Chosen = { make(): Fault; readonly region: string | undefined }

function choose({ name, region, amount }: FaultChoice, regions: readonly string[]): Chosen {
  const fault = faultNamed(name)
  if (fault === undefined) throw new Error(`no fault is called "${name}"`)
  if (amount !== undefined && fault.amount === undefined)
    throw new Error(`the fault "${name}" has no amount`)
  if (region !== undefined && !regions.includes(region)) {
    throw new Error(`no region is called "${region}"`)
  }
  const strength = amount ?? fault.amount?.usual ?? 0
  return { make: () => fault.tune?.(strength) ?? fault, region }
}

async function closeAll(open: readonly OpenRegion[]): Promise<void> {
  await Promise.all(open.map((region) => region.close()))
}
