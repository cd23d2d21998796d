import { AssayError } from '../../errors.ts'
import type { ReportTarget } from '../collect.ts'
import type { ReportFile } from './report-file.ts'

/**
 * Says of each target what the shard that looked at it says: others may not know its address.
 *
 * @throws AssayError MERGE_MISMATCH where two shards looked for the same target at different places; an
 * embedded one is at another place in every run
 */
export function joinTargets(files: readonly ReportFile[]): readonly ReportTarget[] {
  const seen = new Map<string, { readonly target: ReportTarget; readonly file: string }>()
  for (const { file, report } of files) {
    const looked = new Set(report.verdicts.map(({ target }) => target))
    for (const target of report.targets) {
      if (!looked.has(target.name)) continue
      const before = seen.get(target.name)
      if (before === undefined) seen.set(target.name, { target, file })
      else if (placeOf(before.target) !== placeOf(target)) throw moved(before, { target, file })
      else seen.set(target.name, { target: withVersions(before.target, target), file })
    }
  }
  return (files[0]?.report.targets ?? []).map((each) => seen.get(each.name)?.target ?? each)
}

/** What a target says that it runs, to whichever shard. */
function withVersions(one: ReportTarget, { runs }: ReportTarget): ReportTarget {
  return runs === undefined ? one : { ...one, runs: [...new Set([...(one.runs ?? []), ...runs])] }
}

function placeOf({ baseUrl, safety, embedded }: ReportTarget): string {
  return `${embedded ? 'embedded' : baseUrl} (${safety})`
}

type Seen = { readonly target: ReportTarget; readonly file: string }

function moved(one: Seen, other: Seen): AssayError {
  const { name } = one.target
  const message = `the reports differ in where ${name} is: ${one.file} has ${placeOf(one.target)}, ${other.file} has ${placeOf(other.target)}`
  return new AssayError('MERGE_MISMATCH', message, {
    hint: 'set the same base URL and safety class on every machine',
  })
}
