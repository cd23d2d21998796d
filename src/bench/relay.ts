import { createServer, request as forward, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Something between Assay and a region that takes its time and notes what goes through. */
export type Relay = {
  readonly url: string
  /** Every value that an answer gave out for a credential. */
  readonly issued: ReadonlySet<string>
  /** `METHOD path` of every request. */
  readonly asked: readonly string[]
  /** Called back once, when the next thing is made. */
  whenMade(act: () => void): void
  close(): Promise<void>
}

/** What is done to a request: no answer, no connection, a status; or it is passed on later. */
export type Meddling = 'hang' | 'drop' | number | { readonly after: Promise<unknown> } | undefined

/**
 * Starts a relay to a region, on loopback.
 *
 * @param latency milliseconds, half of them before a request reaches the region
 * @param meddle sees `METHOD path` and the body of each request
 */
export async function startRelay(
  to: string,
  latency = 0,
  meddle: (asked: string, body: string) => Meddling = () => undefined,
): Promise<Relay> {
  const { port } = new URL(to)
  const issued = new Set<string>()
  const asked: string[] = []
  let made: (() => void) | undefined

  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    asked.push(`${method} ${url}`)
    const body = await read(request)
    const meddling = meddle(`${method} ${url}`, body.toString())
    if (meddling === 'hang') return
    if (meddling === 'drop') return void request.socket.destroy()
    if (typeof meddling === 'number') return void response.writeHead(meddling).end('{}')
    await (meddling?.after ?? pause(latency / 2))
    const onward = forward({ port, method, path: url, headers }, async (answer) => {
      const came = await read(answer)
      for (const secret of secretsIn(came.toString())) {
        issued.add(secret)
        made?.()
        made = undefined
      }
      await pause(latency / 2)
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      response.end(came)
    })
    onward.on('error', () => response.destroy())
    onward.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    issued,
    asked,
    whenMade: (act) => {
      made = act
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function secretsIn(text: string): readonly string[] {
  return [...text.matchAll(/"(?:token|apiKey)":"([^"]+)"/g)].flatMap(([, value]) => value ?? [])
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
}
