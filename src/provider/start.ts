import type { Fault } from './fault.ts'
import { faultNamed } from './faults/index.ts'
import { type OpenRegion, openRegion, type RegionHandle } from './region.ts'

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
}

export type FaultChoice = { readonly name: string; readonly region?: string }

/** A control plane that runs. */
export type Provider = {
  readonly regions: readonly RegionHandle[]
  /** Ends every connection; may be called again. */
  close(): Promise<void>
}

const serverRegions = ['aws-us-east-1', 'aws-eu-west-1', 'aws-us-west-2', 'gcp-us-central1']

/**
 * Starts a control plane that keeps every promise of the document but those it is told to break.
 *
 * @throws Error for a fault or region that does not exist, and for a port that is taken
 */
export async function startProvider(options: ProviderOptions = {}): Promise<Provider> {
  const { regions = serverRegions, port = 0, states = true, seam = true } = options
  if (new Set(regions).size < regions.length) throw new Error('a region is named twice')
  const chosen = (options.faults ?? []).map((choice) => choose(choice, regions))
  const opening = regions.map((name, index) =>
    openRegion({
      name,
      port: port === 0 ? 0 : port + index,
      faults: chosen.flatMap(({ region, fault }) =>
        region === undefined || region === name ? [fault] : [],
      ),
      states,
      seam,
    }),
  )
  const opened = await Promise.allSettled(opening)
  const open = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const failed = opened.find((each) => each.status === 'rejected')
  if (failed !== undefined) {
    await closeAll(open)
    throw failed.reason
  }
  return { regions: open.map(({ handle }) => handle), close: () => closeAll(open) }
}

type Chosen = { readonly fault: Fault; readonly region: string | undefined }

function choose({ name, region }: FaultChoice, regions: readonly string[]): Chosen {
  const fault = faultNamed(name)
  if (fault === undefined) throw new Error(`no fault is called "${name}"`)
  if (region !== undefined && !regions.includes(region)) {
    throw new Error(`no region is called "${region}"`)
  }
  return { fault, region }
}

async function closeAll(open: readonly OpenRegion[]): Promise<void> {
  await Promise.all(open.map((region) => region.close()))
}
