#!/usr/bin/env node
import { CommanderError } from 'commander'
import { renderError } from './error.ts'
import { createProgram } from './program.ts'

/** Reads the command line, does what it says, and sets the exit code; errors are told on standard error. */
async function main(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv)
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
    else process.exitCode = renderError(error, process.stderr)
  }
}

await main(process.argv)
