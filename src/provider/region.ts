import type { Fault } from './fault.ts'
import type { Touch } from './ledger.ts'
import { openListener } from './listener.ts'
import { createResponder } from './respond.ts'
import { statesPath } from './route.ts'
import { createSeam, faultHeader } from './seam.ts'
import type { Seeded } from './seed.ts'
import { createSeenLog, type SeenRequest } from './seen.ts'
import { type StoredToken, show } from './store.ts'
import type { Weather } from './weather.ts'

/** One region of the control plane, listening. */
export type RegionHandle = {
  readonly name: string
  readonly url: string
  /** Sets provider states up and tears them down; answers 404 where states are off. */
  readonly statesUrl: string
  /** The key of an account, without its prefix `key-`. */
  readonly apiKey: string
  /** Makes the one request that carries it fail inside. */
  readonly faultHeader: { readonly name: string; readonly value: string }
  /** The requests that arrived, oldest first, at most the last 100,000. */
  seen(): readonly SeenRequest[]
  /** What is in the store now, of every account. */
  tokens(): readonly StoredToken[]
  /** What was made and taken away here since the start, oldest first, at least the last 100,000. */
  touches(): readonly Touch[]
}

export type OpenRegion = { readonly handle: RegionHandle; close(): Promise<void> }

export type RegionOptions = {
  readonly name: string
  /** 0: any free port. */
  readonly port: number
  readonly seeded: Seeded
  readonly weather: Weather
  readonly faults: readonly Fault[]
  readonly states: boolean
  readonly seam: boolean
}

/** Opens one region on 127.0.0.1 and answers once it listens. */
export async function openRegion(options: RegionOptions): Promise<OpenRegion> {
  const { name, port, seeded, weather, faults, states } = options
  const seen = createSeenLog()
  const seam = options.seam ? createSeam() : undefined
  const respond = createResponder({ ...seeded, faults, states, seam })
  const meetings = faults.flatMap(({ meet }) => (meet === undefined ? [] : [meet]))
  const plant = { weather, die: () => void listener.close() }
  const listener = await openListener({
    port,
    delay: weather.delay,
    keeps: (socket) => faults.some((fault) => fault.connect?.(socket, plant) === 'kept'),
    respond(request, response) {
      seen.record(request)
      const go = meetings.reduceRight<() => void>(
        (next, meet) => () => meet({ request, response, go: next, plant }),
        () => respond(request, response),
      )
      const ms = weather.delay()
      if (ms === 0) go()
      else setTimeout(go, ms)
    },
  })
  const { url } = listener

  return {
    handle: {
      name,
      url,
      statesUrl: `${url}${statesPath}`,
      apiKey: seeded.owner.value,
      faultHeader,
      seen: seen.list,
      tokens: () => [...seeded.store.tokens()].map(show),
      touches: () => seeded.ledger.list().filter(({ region }) => region === name),
    },
    close: () => listener.close(),
  }
}
