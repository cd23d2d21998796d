import type { RunEvent } from '../run.ts'
import { renderError } from './error.ts'

/** How a command is stopped from outside. */
export type Stopping = {
  /** Aborted by the first signal, with its name, and by a mistake of ours. */
  readonly signal: AbortSignal
  /** From now on something may have to be undone; before that, a signal ends the process at once. */
  begin(): void
  /** The exit code that the way it was stopped asks for; undefined: it was not. */
  exitCode(): number | undefined
}

/** Milliseconds in which the same keys reach us twice: from the terminal, and passed on by npm. */
const samePress = 250

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/**
 * Turns the first Ctrl-C, SIGTERM or SIGHUP into an abort that names the signal; a second one ends the
 * process at once, and the journal still tells what was made.
 *
 * A mistake of ours that nobody caught, and a reader of our output that is gone, keep nothing from
 * being undone either.
 *
 * @param says what is now being done, for whoever pressed the keys
 */
export function stopOnSignals(
  says = 'stopping; what was made is being removed (once more to end at once)',
): Stopping {
  const controller = new AbortController()
  let begun = false
  let stoppedAt = 0
  let code: number | undefined
  for (const [name, each] of Object.entries(exitCodes)) {
    process.on(name, () => {
      if (!begun || (controller.signal.aborted && performance.now() - stoppedAt > samePress))
        process.exit(each)
      if (controller.signal.aborted) return
      stoppedAt = performance.now()
      process.stderr.write(`\n${name}: ${says}\n`)
      code = each
      controller.abort(name)
    })
  }
  for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(name, (error: unknown) => {
      const failed = renderError(error, process.stderr)
      if (!begun || code === failed) process.exit(failed)
      code = failed
      process.once('exit', () => {
        process.exitCode = failed
      })
      controller.abort(name)
    })
  }
  surviveClosedOutput()
  return {
    signal: controller.signal,
    begin() {
      begun = true
    },
    exitCode: () => code,
  }
}

/** Observes a run, which begins to make things once it is planned. */
export function beginning(
  { begin }: Stopping,
  observe: (event: RunEvent) => void,
): (event: RunEvent) => void {
  return (event) => {
    if (event.kind === 'planned') begin()
    observe(event)
  }
}

/** What nobody reads any more, as after `| head`, is not written; that is no reason to end. */
function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}
