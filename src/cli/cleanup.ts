import type { Command } from 'commander'
import { prepareOptions, type TargetFlags, twin, withTargetOptions } from './options.ts'

/** `assay cleanup`: remove what killed runs left behind, and only that. */
export function addCleanup(program: Command): void {
  withTargetOptions(
    program
      .command('cleanup')
      .description(
        'remove what killed runs left behind, as their journals list it, and nothing else',
      )
      .argument('[suite]', 'suite file of the run'),
  )
    .addOption(
      twin('--journal <folder>', 'where created resources were noted; default: .assay/journal'),
    )
    .action(async (suite: string | undefined, flags: TargetFlags & { journal?: string }) => {
      const { cleanUp } = await import('../clean-up.ts')
      const options = prepareOptions(suite, flags)
      const names = flags.url === undefined && flags.target === undefined ? ['all'] : flags.target
      const done = await cleanUp({
        ...options,
        targets: { ...options.targets, ...(names === undefined ? {} : { names }) },
        journal: flags.journal,
      })
      for (const { creation, reason } of done) {
        const { name, target, state } = creation
        const what = `${name}   ${target}   ${state}`
        process.stdout.write(
          reason === undefined ? `GONE  ${what}\n` : `LEFT  ${what}\n      reason    ${reason}\n`,
        )
      }
      const left = done.filter(({ reason }) => reason !== undefined).length
      process.stdout.write(
        done.length === 0
          ? 'Nothing was left behind.\n'
          : `${done.length - left} of ${done.length} removed.\n`,
      )
      process.exitCode = left > 0 ? 1 : 0
    })
}
