import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Command } from 'commander'
import { AssayError } from '../errors.ts'
import { type ReportFormat, renderReport, reportFormats } from '../report/index.ts'
import { count, prepareOptions, type TargetFlags, twin, withTargetOptions } from './options.ts'
import { type Progress, showProgress } from './progress.ts'
import { stopOnSignals } from './signals.ts'

type RunFlags = TargetFlags & {
  readonly report: string[]
  readonly reportDir?: string
  readonly reportJsonPath?: string
  readonly reportJunitPath?: string
  readonly reportMarkdownPath?: string
  readonly strict?: boolean
  readonly seed?: number
  readonly journal?: string
}

/** What the file of a report is called in `--report-dir`. The console and GitHub read standard output. */
const fileNames: Partial<Record<ReportFormat, string>> = {
  json: 'report.json',
  junit: 'junit.xml',
  markdown: 'report.md',
}

/** `assay run`: look at targets, tell what was seen, exit by it. */
export function addRun(program: Command): void {
  withTargetOptions(
    program
      .command('run')
      .description('provoke every documented status on every target and judge what comes back')
      .argument(
        '[suite]',
        'suite file; default: the control plane with its embedded reference provider',
      ),
  )
    .addOption(
      twin('--report <formats>', `what is written, of ${reportFormats.join(', ')}`)
        .argParser((value) => value.split(',').map((part) => part.trim()))
        .default(['console'], 'console'),
    )
    .addOption(
      twin(
        '--report-dir <folder>',
        `where reports that are files go: ${Object.values(fileNames).join(', ')}`,
      ),
    )
    .addOption(twin('--report-json-path <file>', 'the file of the JSON report'))
    .addOption(twin('--report-junit-path <file>', 'the file of the JUnit report'))
    .addOption(twin('--report-markdown-path <file>', 'the file of the Markdown report'))
    .addOption(twin('--strict', 'findings of level "should" are red too'))
    .addOption(twin('--seed <n>', 'makes the random parts of requests repeat').argParser(count(0)))
    .addOption(
      twin('--journal <folder>', 'where created resources are noted; default: .assay/journal'),
    )
    .action(runSuite)
}

async function runSuite(suite: string | undefined, flags: RunFlags): Promise<void> {
  readDestinations(flags)
  const [{ run }, { collectReport }] = await Promise.all([
    import('../run.ts'),
    import('../collect.ts'),
  ])
  const signal = stopOnSignals()
  const progress = showProgress(process.stderr)
  const report = await collect(progress, () =>
    collectReport(
      run({
        ...prepareOptions(suite, flags),
        strict: flags.strict,
        seed: flags.seed,
        journal: flags.journal,
        signal,
      }),
      { strict: flags.strict ?? false, observe: progress.observe },
    ),
  )
  for (const [format, file] of readDestinations(flags)) {
    const text = await renderReport(format, report, { color: mayColor(process.stdout) })
    if (file === undefined) process.stdout.write(text)
    else await writeReport(file, text)
  }
  process.exitCode = report.exitCode
}

async function collect<T>(progress: Progress, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    progress.end()
  }
}

/** Each wanted report and its file; undefined: standard output, which only one report may have. */
function readDestinations(flags: RunFlags): ReadonlyMap<ReportFormat, string | undefined> {
  for (const name of flags.report) {
    if (!(reportFormats as readonly string[]).includes(name)) {
      throw new AssayError('USAGE', `there is no report "${name}"`, {
        hint: `there are ${reportFormats.join(', ')}`,
      })
    }
  }
  const paths: Partial<Record<ReportFormat, string | undefined>> = {
    json: flags.reportJsonPath,
    junit: flags.reportJunitPath,
    markdown: flags.reportMarkdownPath,
  }
  const named = reportFormats.filter((format) => paths[format] !== undefined)
  const wanted = new Set([...(flags.report as ReportFormat[]), ...named])
  const destinations = new Map(
    [...wanted].map((format) => [format, paths[format] ?? inFolder(flags.reportDir, format)]),
  )
  const spoken = [...destinations].filter(
    ([format, file]) => file === undefined && format !== 'github',
  )
  if (spoken.length <= 1) return destinations
  throw new AssayError('USAGE', 'two reports cannot share standard output', {
    hint: 'name a folder with --report-dir, or files with --report-…-path',
  })
}

function inFolder(folder: string | undefined, format: ReportFormat): string | undefined {
  const name = fileNames[format]
  return folder === undefined || name === undefined ? undefined : path.join(folder, name)
}

async function writeReport(file: string, text: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, text)
  } catch (cause) {
    throw new AssayError('REPORT_UNWRITABLE', `the report ${file} cannot be written`, {
      hint: 'name a writable place; what was seen is lost otherwise',
      cause,
    })
  }
}

/** Colours only for a person who has not refused them (https://no-color.org). */
export function mayColor(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true
  return stream.isTTY === true && TERM !== 'dumb'
}
