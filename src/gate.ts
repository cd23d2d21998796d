/** Lets work pass together or alone. */
export type Gate = {
  together<T>(work: () => Promise<T>): Promise<T>
  /** Runs when nothing else runs; what comes later waits for it. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

export function createGate(): Gate {
  const running = new Set<Promise<unknown>>()
  let closed: Promise<unknown> = Promise.resolve()
  let closures = 0

  return {
    async together(work) {
      while (closures > 0) await closed
      const passing = work()
      running.add(passing)
      try {
        return await passing
      } finally {
        running.delete(passing)
      }
    },
    alone(work) {
      closures += 1
      const before = closed
      const turn = (async () => {
        await before
        await Promise.allSettled(running)
        return await work()
      })()
      closed = turn
        .then(
          () => {},
          () => {},
        )
        .finally(() => {
          closures -= 1
        })
      return turn
    },
  }
}
