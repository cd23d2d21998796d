import { AssayError } from '../../errors.ts'
import type { Report } from '../collect.ts'
import { type Group, groupBy, plural } from '../naming.ts'
import type { ReportFile } from './report-file.ts'

/** Everything in which the shards of one run are alike, in words. */
const traits: readonly (readonly [what: string, of: (report: Report) => readonly string[]])[] = [
  ['the version of Assay', ({ tool }) => [tool.version]],
  ['the number of shards', ({ shard }) => [String(shard?.count)]],
  ['the suite', ({ suite, suiteHash }) => [suite, hashed(suiteHash)]],
  ['the document', ({ document }) => [hashed(document.hash)]],
  ['the envelope', ({ envelopeHash }) => [hashed(envelopeHash)]],
  ['--strict', ({ strict }) => [strict ? 'given' : 'not given']],
  ['the targets', ({ targets }) => targets.map(({ name, region }) => `${name} (${region})`)],
  ['what is expected', ({ expectations }) => expectations.map(({ id }) => id)],
]

/**
 * Refuses reports that are not of one run.
 *
 * @throws AssayError MERGE_MISMATCH with the first trait in which they differ, and both values
 */
export function refuseDifferences(files: readonly ReportFile[]): void {
  for (const [what, of] of traits) {
    const groups = groupBy(files, ({ report }) => JSON.stringify(of(report)))
    const [most, other] = groups.toSorted((a, b) => b.length - a.length)
    if (most === undefined || other === undefined) continue
    const [usual, odd] = [of(most[0].report), of(other[0].report)]
    const length = Math.max(usual.length, odd.length)
    const index = Array.from({ length }, (_, at) => at).find((at) => usual[at] !== odd[at]) ?? 0
    const tell = (group: Group<ReportFile>, value: string | undefined) =>
      `${named(group)} ${group.length === 1 ? 'has' : 'have'} ${value ?? 'no more'}`
    throw new AssayError(
      'MERGE_MISMATCH',
      `the reports differ in ${what}: ${tell(other, odd[index])}, ${tell(most, usual[index])}`,
      { hint: 'give every shard the same checkout, suite, options and number of shards' },
    )
  }
}

function hashed(hash: string | null): string {
  return hash === null ? 'none' : `SHA-256 ${hash}`
}

function named([{ file }, ...others]: Group<ReportFile>): string {
  return others.length === 0 ? file : `${file} and ${plural(others.length, 'other')}`
}
