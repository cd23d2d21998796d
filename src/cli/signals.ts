/**
 * Turns the first Ctrl-C or SIGTERM into an abort that names the signal; a second one ends the
 * process at once, and the journal still tells what was made.
 *
 * @param says what is now being done, for whoever pressed the keys
 */
export function stopOnSignals(
  says = 'stopping; what was made is being removed (once more to end at once)',
): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143)
      process.stderr.write(`\n${name}: ${says}\n`)
      controller.abort(name)
    })
  }
  return controller.signal
}
