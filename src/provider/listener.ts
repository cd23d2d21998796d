import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createDoor, type Socket } from 'node:net'
import { refuseMalformed } from './refuse-malformed.ts'

/** A port of 127.0.0.1 that is listened at. */
export type Listener = {
  readonly url: string
  /** Ends every connection and listens no more; may be called again. */
  close(): Promise<void>
}

export type ListenerOptions = {
  /** 0: any free port. */
  readonly port: number
  readonly respond: RequestListener
  /** Sees each new connection first, and answers whether it keeps it: then nobody else sees it. */
  readonly keeps: (socket: Socket) => boolean
  /** Milliseconds that what is no HTTP waits for its answer. */
  readonly delay: () => number
}

/** Listens; a connection passes a door of its own before HTTP is spoken, so that a fault may keep it. */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { port, respond, keeps, delay } = options
  const speaker = createServer({ keepAliveTimeout: 0 }, respond)
  speaker.on('clientError', (error, socket) => {
    const ms = delay()
    if (ms === 0) refuseMalformed(error, socket)
    else setTimeout(refuseMalformed, ms, error, socket)
  })
  const sockets = new Set<Socket>()
  const door = createDoor({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    if (keeps(socket)) socket.on('error', () => {})
    else speaker.emit('connection', socket)
  })
  await new Promise<void>((resolve, reject) => {
    door.once('error', reject)
    door.listen(port, '127.0.0.1', resolve)
  })
  const closed = new Promise<void>((resolve) => void door.once('close', resolve))
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    close() {
      door.close()
      for (const socket of sockets) socket.destroy()
      speaker.close()
      return closed
    },
  }
}
