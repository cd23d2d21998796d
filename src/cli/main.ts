#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { version } from '../version.ts'
import { addCleanup } from './cleanup.ts'
import { renderError } from './error.ts'
import { addPlan } from './plan.ts'
import { addProvider } from './provider.ts'
import { addRun } from './run.ts'

function createProgram(): Command {
  const program = new Command('assay')
    .description(
      'Proves, region by region, that a running HTTP API returns what its OpenAPI document promises,\nfor every documented status code.',
    )
    .version(version)
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride()
    .configureHelp({ showGlobalOptions: false, sortSubcommands: false })
    .addHelpText(
      'after',
      `
Exit codes: 0 conforming · 1 a broken promise, or something not shown · 2 usage, suite or document
            3 something could not be carried out · 130, 143 interrupted

Every option has an environment twin: --api-key-env is ASSAY_API_KEY_ENV.`,
    )
  for (const add of [addRun, addPlan, addProvider, addCleanup]) add(program)
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError('(add --help for what there is)')
  return program
}

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
