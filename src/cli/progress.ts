import type { Spinner } from 'yocto-spinner'
import type { RunEvent } from '../run.ts'

export type Progress = {
  observe(event: RunEvent): void
  end(): void
}

/** Shows how far a run is: one live line on a terminal, a plain line per target elsewhere. */
export function showProgress(stream: NodeJS.WriteStream): Progress {
  let total = 0
  let done = 0
  let spinner: Spinner | undefined
  const planned = new Map<string, number>()
  const counts = new Map<string, number>()

  async function spin(): Promise<void> {
    const { default: createSpinner } = await import('yocto-spinner')
    if (done < total) spinner = createSpinner({ stream, text: '0' }).start()
  }

  return {
    observe(event) {
      if (event.kind === 'planned') {
        for (const { name } of event.targets) {
          const own = event.prepared.expectations.filter(({ operation }) =>
            event.share.covers(name, operation.id),
          )
          planned.set(name, own.length)
          total += own.length
        }
        if (stream.isTTY) void spin()
      } else if (event.kind === 'verdict') {
        const { target } = event.verdict
        done += 1
        const count = (counts.get(target) ?? 0) + 1
        counts.set(target, count)
        if (spinner !== undefined)
          spinner.text = `${done} of ${total} · ${event.verdict.expectation.id} in ${event.verdict.region}`
        else if (!stream.isTTY && count === planned.get(target))
          stream.write(`${target}: ${count} of ${count} looked at\n`)
      }
    },
    end() {
      total = 0
      spinner?.stop()
    },
  }
}
