import { type Environment, readProxies, readTrust } from '../target/index.ts'
import { ConnectError, connectorTo } from './connect.ts'
import { describeUnconnected } from './connect-failure.ts'

const limits = { connectTimeout: 10_000 }

/**
 * Makes a `fetch` that goes the way that requests to targets go: through the proxies of an environment.
 *
 * Where no connection can be made, its error is called `Unreached`, and its message says why.
 * What is wrong with the variables is thrown as AssayError PROXY_INVALID once something is asked for.
 */
export function fetchBy(environment: Environment): typeof fetch {
  return async (input, init) => {
    const proxies = readProxies(environment)
    const ways = { proxies, trust: readTrust(undefined, environment), limits }
    const { Agent, fetch: ask } = await import('undici')
    const dispatcher = new Agent({
      connect: ({ protocol, host }, done) => {
        const connect = connectorTo(`${protocol}//${host}`, ways)
        connect().then(
          (socket) => done(null, socket),
          (error) => done(error, null),
        )
      },
      keepAliveTimeout: 1,
    })
    try {
      const options = { ...init, dispatcher } as Parameters<typeof ask>[1]
      return (await ask(input as URL, options)) as unknown as Response
    } catch (error) {
      throw unreached(error) ?? error
    }
  }
}

function unreached(error: unknown): Error | undefined {
  const { cause } = error as Error
  if (!(cause instanceof ConnectError)) return undefined
  const told = describeUnconnected(cause)
  return told && Object.assign(new Error(told.reason), { name: 'Unreached' })
}
