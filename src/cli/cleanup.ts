import type { Command } from 'commander'
import type { CleanUp } from '../clean-up.ts'
import { prepareOptions, type TargetFlags, twin, withTargetOptions, words } from './options.ts'
import { stopOnSignals } from './signals.ts'

type CleanupFlags = TargetFlags & { readonly journal?: string; readonly run?: string[] }

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
    .addOption(
      twin(
        '--run <id>',
        'a run of another machine or container that is known to have ended',
      ).argParser(words),
    )
    .action(cleanup)
}

async function cleanup(suite: string | undefined, flags: CleanupFlags): Promise<void> {
  const { cleanUp } = await import('../clean-up.ts')
  const options = prepareOptions(suite, flags)
  const names = flags.url === undefined && flags.target === undefined ? ['all'] : flags.target
  const stopping = stopOnSignals('stopping; what is being removed gets its time')
  stopping.begin()
  const done = await cleanUp({
    ...options,
    targets: { ...options.targets, ...(names === undefined ? {} : { names }) },
    journal: flags.journal,
    runs: flags.run,
    signal: stopping.signal,
    onWait: (ms) =>
      process.stderr.write(
        `waiting ${Math.ceil(ms / 1000)} s: a creation of which nothing was heard may still come\n`,
      ),
  })
  process.stdout.write(tellCleanUp(done))
  process.exitCode = stopping.exitCode() ?? (isClean(done) ? 0 : 1)
}

/** What was removed, what was not and why, and which journals were left alone. */
export function tellCleanUp({ cleaned, spared }: CleanUp): string {
  const lines = cleaned.map(({ creation, reason }) => {
    const { key, name = key, target, state } = creation
    const what = `${name}   ${target}   ${state}`
    return reason === undefined ? `GONE  ${what}\n` : `LEFT  ${what}\n      reason    ${reason}\n`
  })
  const alone = spared.map(
    ({ file, reason, open }) =>
      `ALONE ${file}${open === 0 ? '' : `   ${open} open`}\n      reason    ${reason}\n`,
  )
  const gone = cleaned.filter(({ reason }) => reason === undefined).length
  const nothing = spared.length === 0 ? 'Nothing was left behind.\n' : 'Nothing was removed.\n'
  const ending = cleaned.length === 0 ? nothing : `${gone} of ${cleaned.length} removed.\n`
  return [...lines, ...alone, ending].join('')
}

/** Whether nothing is left, but for what a run that lives will remove by itself. */
function isClean({ cleaned, spared }: CleanUp): boolean {
  return cleaned.every(({ reason }) => reason === undefined) && spared.every(({ lives }) => lives)
}
