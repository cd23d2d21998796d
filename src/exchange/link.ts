import type { Socket } from 'node:net'

/** What a lost connection had to do with the request on it. */
export type Loss = {
  /** Whether not one byte of an answer to it came. */
  readonly silent: boolean
  /**
   * Whether the server may have closed the connection before the request reached it: it had carried
   * others, and was lost within the time that its opening or its fastest answer took.
   */
  readonly stale: boolean
}

type Lost = Loss & { claimed: boolean }

/** By the error with which a connection was lost. */
const losses = new WeakMap<object, Lost>()

/** So much longer than that the news of a loss may take on a busy machine (milliseconds). */
const slack = 250

/** Watches a connection that took so long to be opened (milliseconds), for `lossOf`. */
export function watch(socket: Socket, opening: number): void {
  let taken = 0
  let before = 0
  let writtenAt = 0
  let fastest: number | undefined
  const read = socket.read.bind(socket)
  socket.read = (size?: number) => {
    const chunk: Buffer | null = read(size)
    if (chunk === null) return chunk
    if (taken === before) fastest = Math.min(fastest ?? Infinity, performance.now() - writtenAt)
    taken += chunk.length
    return chunk
  }
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean
  socket.write = (...given: unknown[]) => {
    before = taken
    writtenAt = performance.now()
    return write(...given)
  }
  socket.once('error', (error) => {
    const silent = taken === before
    const quick = performance.now() - writtenAt <= Math.max(opening, fastest ?? 0) + slack
    losses.set(error, { silent, stale: silent && before > 0 && quick, claimed: false })
  })
}

/** Notes what a connection of its own was lost with. */
export function noteLoss(error: Error, silent: boolean): Error {
  losses.set(error, { silent, stale: false, claimed: true })
  return error
}

/** What the loss of a connection has to do with the request that it ended. */
export function lossOf(error: unknown): Loss | undefined {
  return typeof error === 'object' && error !== null ? losses.get(error) : undefined
}

/** Says that a request was ended by this. */
export function claimLoss(error: Error): void {
  const lost = losses.get(error)
  if (lost !== undefined) lost.claimed = true
}

/** Whether the other side closed a connection that it had offered to keep, while no request was on it. */
export function isIdleLoss(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException
  return (
    losses.get(error)?.claimed === false && !/^UND_ERR_(INFO|DESTROYED|CLOSED)$/.test(code ?? '')
  )
}
