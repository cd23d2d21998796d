import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Command } from 'commander'
import { AssayError } from '../errors.ts'
import { count, prepareOptions, type TargetFlags, twin, withTargetOptions } from './options.ts'
import { type Progress, showProgress } from './progress.ts'
import { stopOnSignals } from './signals.ts'

type RunFlags = TargetFlags & {
  readonly report: string[]
  readonly reportDir?: string
  readonly reportJsonPath?: string
  readonly strict?: boolean
  readonly seed?: number
  readonly journal?: string
}

const formats = ['console', 'json'] as const
type Format = (typeof formats)[number]

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
      twin('--report <formats>', `what is written, of ${formats.join(', ')}`)
        .argParser((value) => value.split(',').map((part) => part.trim()))
        .default(['console'], 'console'),
    )
    .addOption(twin('--report-dir <folder>', 'where reports that are files go: report.json'))
    .addOption(twin('--report-json-path <file>', 'the file of the JSON report'))
    .addOption(twin('--strict', 'findings of level "should" are red too'))
    .addOption(twin('--seed <n>', 'makes the random parts of requests repeat').argParser(count(0)))
    .addOption(
      twin('--journal <folder>', 'where created resources are noted; default: .assay/journal'),
    )
    .action(runSuite)
}

async function runSuite(suite: string | undefined, flags: RunFlags): Promise<void> {
  const wanted = readFormats(flags)
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
  const { renderConsole, renderJson } = await import('../report/index.ts')
  const jsonFile = reportFile(flags)
  if (wanted.has('json') || flags.reportJsonPath !== undefined) {
    if (jsonFile === undefined) process.stdout.write(renderJson(report))
    else await writeReport(jsonFile, renderJson(report))
  }
  if (wanted.has('console')) {
    process.stdout.write(renderConsole(report, { color: mayColor(process.stdout) }))
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

function readFormats({ report, reportDir, reportJsonPath }: RunFlags): ReadonlySet<Format> {
  for (const name of report) {
    if (!(formats as readonly string[]).includes(name)) {
      throw new AssayError('USAGE', `there is no report "${name}"`, {
        hint: `there are ${formats.join(', ')}`,
      })
    }
  }
  const wanted = new Set(report as Format[])
  if (
    wanted.has('json') &&
    wanted.size > 1 &&
    reportDir === undefined &&
    reportJsonPath === undefined
  ) {
    throw new AssayError('USAGE', 'two reports cannot share standard output', {
      hint: 'name a folder with --report-dir, or a file with --report-json-path',
    })
  }
  return wanted
}

function reportFile({ reportDir, reportJsonPath }: RunFlags): string | undefined {
  return (
    reportJsonPath ?? (reportDir === undefined ? undefined : path.join(reportDir, 'report.json'))
  )
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
