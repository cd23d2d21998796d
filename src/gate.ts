/** Lets work pass together or alone. */
export type Gate = {
  together<T>(work: () => Promise<T>): Promise<T>
  /** Runs when nothing else runs; what comes later waits for it. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

export function createGate(): Gate {
  let running = 0
  let closures = 0
  let closed: Promise<unknown> = Promise.resolve()
  let emptied = () => {}

  async function pass<T>(work: () => Promise<T>): Promise<T> {
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      if (running === 0) emptied()
    }
  }

  async function passAlone<T>(before: Promise<unknown>, work: () => Promise<T>): Promise<T> {
    await before
    if (running > 0) await new Promise<void>((resolve) => (emptied = resolve))
    try {
      return await work()
    } finally {
      closures -= 1
    }
  }

  return {
    async together(work) {
      while (closures > 0) await closed
      return pass(work)
    },
    alone(work) {
      closures += 1
      const turn = passAlone(closed, work)
      closed = turn.catch(() => {})
      return turn
    },
  }
}
