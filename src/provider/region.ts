import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Fault } from './fault.ts'
import { refuseMalformed } from './refuse-malformed.ts'
import { createResponder } from './respond.ts'
import { statesPath } from './route.ts'
import { createSeam, faultHeader } from './seam.ts'
import { seedStore } from './seed.ts'
import { createSeenLog, type SeenRequest } from './seen.ts'
import type { Token } from './store.ts'

/** One region of the control plane, listening, with a store of its own. */
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
}

export type StoredToken = Pick<Token, 'id' | 'name' | 'account' | 'createdBy'>

export type OpenRegion = { readonly handle: RegionHandle; close(): Promise<void> }

export type RegionOptions = {
  readonly name: string
  /** 0: any free port. */
  readonly port: number
  readonly faults: readonly Fault[]
  readonly states: boolean
  readonly seam: boolean
}

/** Opens one region on 127.0.0.1 and answers once it listens. */
export async function openRegion(options: RegionOptions): Promise<OpenRegion> {
  const { name, port, faults, states } = options
  const seeded = seedStore()
  const seen = createSeenLog()
  const seam = options.seam ? createSeam() : undefined
  const respond = createResponder({ ...seeded, faults, states, seam })
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    seen.record(request)
    respond(request, response)
  })
  server.on('clientError', refuseMalformed)
  for (const { connect } of faults) if (connect !== undefined) server.on('connection', connect)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    handle: {
      name,
      url,
      statesUrl: `${url}${statesPath}`,
      apiKey: seeded.owner.value,
      faultHeader,
      seen: seen.list,
      tokens: () => [...seeded.store.tokens()].map(show),
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function show({ id, name, account, createdBy }: Token): StoredToken {
  return { id, name, account, createdBy }
}
