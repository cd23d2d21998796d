import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as the verifier made it. */
export type DoorRequest = {
  readonly method: string
  /** Percent-encoded, with its query. */
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

export type DoorAnswer = {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array
}

/** What the verifier meets behind a door: one interaction. */
export type Visit = {
  /** The pact, as JSON. */
  readonly pact: unknown
  /** What every provider state answers. */
  readonly values: Readonly<Record<string, string>>
  /** Takes its one request to the provider; asked once, however often the verifier tries. */
  send(request: DoorRequest): Promise<DoorAnswer>
}

/** A server on loopback between Pact's verifier and the targets: the verifier speaks to nobody else. */
export type Doors = {
  /** Opens a door of which only the answered URL tells. */
  open(visit: Visit): { readonly url: string; close(): void }
  close(): Promise<void>
}

type Open = { readonly visit: Visit; answer?: Promise<DoorAnswer> }

/** Starts the server, on any free port of 127.0.0.1. */
export async function openDoors(): Promise<Doors> {
  const open = new Map<string, Open>()
  const server = createServer((request, response) => {
    answer(open, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    open(visit) {
      const key = randomBytes(16).toString('hex')
      open.set(key, { visit })
      return { url: `http://127.0.0.1:${port}/${key}`, close: () => void open.delete(key) }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  open: ReadonlyMap<string, Open>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, key = '', part = '', target = ''] =
    /^\/([0-9a-f]+)\/(pact|states|to)(.*)$/s.exec(request.url ?? '') ?? []
  const door = open.get(key)
  const body = await read(request)
  if (door === undefined) response.writeHead(404).end()
  else if (part === 'pact') json(response, door.visit.pact)
  else if (part === 'states') json(response, door.visit.values)
  else {
    const { method = '', rawHeaders } = request
    const headers = rawHeaders.flatMap((name, index): [string, string][] =>
      index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
    )
    door.answer ??= door.visit.send({ method, target, headers, body })
    const { status, headers: answered, body: content } = await door.answer
    response.writeHead(status, answered.flat())
    response.end(content)
  }
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}
