import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { loadSource, lookUp } from './document/index.ts'
import { AssayError } from './errors.ts'
import { type Report, type ReportFile, reportSchema } from './report/index.ts'
import { compileSchema } from './schema/index.ts'
import { version } from './version.ts'

/** What a folder is searched for: the name that `--report-dir` gives to a JSON report. */
const fileName = 'report.json'

/**
 * Reads JSON reports from files, URLs and folders; in a folder every `report.json` is one, however deep.
 *
 * @throws AssayError REPORT_NONE for a folder without one, MERGE_MISMATCH for one of another version of
 * Assay, REPORT_INVALID for what is no report, and what `loadSource` throws
 */
export async function loadReports(locations: readonly string[]): Promise<readonly ReportFile[]> {
  const validate = await compileSchema(reportSchema)
  const reports: ReportFile[] = []
  for (const location of locations) {
    for (const file of await filesAt(location)) {
      const source = await loadSource(file, { json: true })
      refuseOtherVersion(source.value, file)
      const [violation] = validate(source.value)
      if (violation !== undefined) {
        const { instance, expected, received } = violation
        const place = instance === '' ? 'the whole' : instance
        throw new AssayError(
          'REPORT_INVALID',
          `${place}: expected ${expected}, received ${received}`,
          {
            at: source.positionOf(instance),
            hint: 'it is written by assay run --report json; see schemas/report.schema.json',
          },
        )
      }
      reports.push({ file, report: source.value as Report })
    }
  }
  return reports
}

async function filesAt(location: string): Promise<readonly string[]> {
  const found = await stat(location).catch(() => undefined)
  if (found?.isDirectory() !== true) return [location]
  const entries = await readdir(location, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile() && entry.name === fileName)
    .map(({ parentPath, name }) => path.join(parentPath, name))
  if (files.length > 0) return files.sort()
  throw new AssayError('REPORT_NONE', `the folder ${JSON.stringify(location)} holds no report`, {
    hint: `in a folder, every file that is called ${fileName} counts; name others one by one`,
  })
}

function refuseOtherVersion(value: unknown, file: string): void {
  const other = lookUp(value, ['tool', 'version'])
  if (typeof other !== 'string' || other === version) return
  const message = `${file} was written by Assay ${other.slice(0, 40)}, and this is ${version}`
  throw new AssayError('MERGE_MISMATCH', message, {
    hint: 'run and merge with the same version: another one may deal the work out differently',
  })
}
