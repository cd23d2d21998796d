/**
 * How long a request goes on when the run is stopped: `ends` at once; `answers`, once it is under way,
 * for half of the time that is left, because what it makes is removed better when its answer is known;
 * `undoes` to the end of that time.
 */
export type Bearing = 'ends' | 'answers' | 'undoes'

export type Halt = {
  /** Whether nothing of this bearing is begun any more. */
  isOver(bearing: Bearing): boolean
  /** Aborted when what undoes must end as well. */
  readonly over: AbortSignal
  /** Calls back for each bearing when what is under way with it must end. */
  onEnd(end: (bearing: Bearing) => void): void
  /** Waits; a stop cuts it short early enough to do something afterwards. */
  pause(ms: number): Promise<void>
  close(): void
}

/**
 * Divides up the time that a stop leaves.
 *
 * @param grace milliseconds from the stop to the end of everything
 */
export function watchHalt(signal: AbortSignal | undefined, grace: number): Halt {
  const over = new AbortController()
  const late = new AbortController()
  const listeners: ((bearing: Bearing) => void)[] = []
  const timers: NodeJS.Timeout[] = []
  const end = (bearing: Bearing) => {
    for (const listener of listeners) listener(bearing)
  }
  const stop = () => {
    end('ends')
    timers.push(
      setTimeout(() => end('answers'), grace / 2),
      setTimeout(() => late.abort(), grace * 0.8),
      setTimeout(() => {
        over.abort()
        end('undoes')
      }, grace),
    )
  }
  if (signal?.aborted) stop()
  else signal?.addEventListener('abort', stop, { once: true })

  return {
    isOver: (bearing) => over.signal.aborted || (bearing !== 'undoes' && signal?.aborted === true),
    over: over.signal,
    onEnd: (listener) => void listeners.push(listener),
    pause: (ms) =>
      new Promise((resolve) => {
        if (late.signal.aborted || ms <= 0) return resolve()
        const done = () => {
          clearTimeout(timer)
          late.signal.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, ms)
        late.signal.addEventListener('abort', done, { once: true })
      }),
    close() {
      signal?.removeEventListener('abort', stop)
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
