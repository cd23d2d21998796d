import type { Command } from 'commander'
import { writeBaseline } from '../baseline/index.ts'
import type { RunEvent } from '../run.ts'
import { twin } from './options.ts'

/** The options about known findings; every command that finds something shares them. */
export type BaselineFlags = {
  readonly baseline?: string
  readonly baselineUpdate?: boolean
}

/** Adds those options to a command, each with its environment twin `ASSAY_…`. */
export function withBaselineOptions(command: Command): Command {
  return command
    .addOption(twin('--baseline <file>', 'findings that are known, each with owner and expiry'))
    .addOption(
      twin(
        '--baseline-update',
        'write what was found into the baseline; the exit code is that of the run all the same',
      ),
    )
}

type Ended = Pick<RunEvent & { kind: 'ended' }, 'baseline' | 'stopped' | 'tally'>

/**
 * Writes a baseline anew after a run, where that was asked for, and says so. A run that was stopped, or
 * that saw nothing, leaves it as it is.
 *
 * @throws AssayError BASELINE_UNWRITABLE
 */
export async function updateBaseline(
  ended: Ended | undefined,
  stream: NodeJS.WritableStream,
): Promise<void> {
  const renewal = ended?.baseline?.renewal
  if (ended === undefined || renewal === undefined) return
  const { of, entries } = renewal
  const { pass, fail, known } = ended.tally
  if (ended.stopped !== undefined || pass + fail + known === 0) {
    const why = ended.stopped === undefined ? 'nothing was seen' : 'the run was stopped'
    stream.write(`${of.file}: left as it is, because ${why}\n`)
    return
  }
  const { added, removed, changed, toFillIn } = await writeBaseline(of, entries)
  const news = [`${added} added`, `${removed} removed`, `${changed} changed`].join(', ')
  const next = toFillIn === 0 ? '' : `; fill in owner and reason of ${toFillIn}`
  stream.write(`${of.file}: ${entries.length} known, ${news}${next}\n`)
}
