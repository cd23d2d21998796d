import { Command } from 'commander'
import { version } from '../version.ts'
import { addCleanup } from './cleanup.ts'
import { addMerge } from './merge.ts'
import { addPact } from './pact.ts'
import { addPlan } from './plan.ts'
import { addProvider } from './provider.ts'
import { addRun } from './run.ts'
import { addSelftest } from './selftest.ts'

/** Makes the command line; `main.ts` runs it, the option reference is written from it. */
export function createProgram(): Command {
  const hint = '(add --help for what there is)'
  const program = new Command('assay')
    .description(
      'Proves, region by region, that a running HTTP API returns what its OpenAPI document promises.',
    )
    .version(version)
    .showHelpAfterError(hint)
    .exitOverride()
    .addHelpText(
      'after',
      `
Exit codes: 0 conforming · 1 a broken promise, or something not shown · 2 usage, suite or document
            3 something could not be carried out · 130, 143 interrupted

Every option has an environment twin: --api-key-env is ASSAY_API_KEY_ENV.`,
    )
  for (const add of [addRun, addPlan, addMerge, addPact, addProvider, addCleanup, addSelftest])
    add(program)
  for (const command of allCommands(program)) command.exitOverride().showHelpAfterError(hint)
  return program
}

/** Every command below one, and those below them. */
export function allCommands({ commands }: Command): readonly Command[] {
  return commands.flatMap((command) => [command, ...allCommands(command)])
}
