import type { Command } from 'commander'
import type { PactsWritten } from '../../write-pacts.ts'
import {
  prepareOptions,
  type TargetFlags,
  twin,
  withDocumentOptions,
  withFilterOptions,
} from '../options.ts'

type WriteFlags = TargetFlags & {
  readonly dir?: string
  readonly check?: boolean
  readonly consumer?: string
  readonly provider?: string
}

/** `assay pact write`: the document's own promise as pacts; sends nothing. */
export function addWrite(pact: Command): void {
  withFilterOptions(
    withDocumentOptions(
      pact
        .command('write')
        .description('write what the document promises as pacts, or compare with what is committed')
        .argument('[suite]', 'suite file; default: the control plane')
        .addOption(twin('--dir <folder>', 'the folder of the pacts; default: contracts'))
        .addOption(twin('--check', 'write nothing; exit 1 where what stands there is not the same'))
        .addOption(twin('--consumer <name>', 'the consumer in the pacts; default: assay'))
        .addOption(
          twin(
            '--provider <name>',
            'the provider in the pacts; default: the title of the document',
          ),
        ),
    ),
  ).action(async (suite: string | undefined, flags: WriteFlags) => {
    const { writePacts } = await import('../../write-pacts.ts')
    const { dir, check, consumer, provider } = flags
    const { document, envelope, filter } = prepareOptions(suite, flags)
    const names = { consumer, provider }
    const written = await writePacts({ suite, document, envelope, filter, names, dir, check })
    process.stdout.write(renderWritten(written))
    process.exitCode = written.exitCode
  })
}

/** Tells what became of each file, and which documented statuses are in none. */
function renderWritten({ files, unwritten }: PactsWritten): string {
  const blocks = files.map(({ file, state, interactions, differences }) => {
    const count = interactions === 1 ? '1 interaction' : `${interactions} interactions`
    const told = state === 'idle' ? 'nothing is written into it any more; remove it' : count
    return [
      `${state.padEnd(10)} ${file}   ${told}`,
      ...differences.map((line) => `           ${line}`),
    ].join('\n')
  })
  const gaps = unwritten.map(
    ({ expectation, reason }) => `unwritten  ${expectation.id}   ${reason}`,
  )
  return `${[...blocks, ...gaps].join('\n')}\n`
}
