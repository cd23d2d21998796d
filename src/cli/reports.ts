import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Command } from 'commander'
import { AssayError } from '../errors.ts'
import { type Report, type ReportFormat, renderReport, reportFormats } from '../report/index.ts'
import { twin } from './options.ts'

/** The options that say how a run is told; every command that makes a report shares them. */
export type ReportFlags = {
  readonly report: string[]
  readonly reportDir?: string
  readonly reportJsonPath?: string
  readonly reportJunitPath?: string
  readonly reportMarkdownPath?: string
  readonly strict?: boolean
}

/** Each wanted report and its file; undefined: standard output, which only one report may have. */
export type Destinations = ReadonlyMap<ReportFormat, string | undefined>

/** What the file of a report is called in `--report-dir`. The console and GitHub read standard output. */
const fileNames: Partial<Record<ReportFormat, string>> = {
  json: 'report.json',
  junit: 'junit.xml',
  markdown: 'report.md',
}

/** Adds those options to a command, each with its environment twin `ASSAY_…`. */
export function withReportOptions(command: Command): Command {
  return withFormatOptions(command).addOption(
    twin('--strict', 'findings of level "should" are red too'),
  )
}

/** Adds those that say how and where a report is written. */
export function withFormatOptions(command: Command): Command {
  return command
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
}

/**
 * Reads where each report goes; call it before the work, so that a mistake costs nothing.
 *
 * @throws AssayError USAGE for an unknown report, and for two on standard output
 */
export function readDestinations(flags: ReportFlags): Destinations {
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

/**
 * Writes a report to all its destinations and makes its exit code that of the process.
 *
 * @throws AssayError REPORT_UNWRITABLE
 */
export async function writeReports(report: Report, destinations: Destinations): Promise<void> {
  for (const [format, file] of destinations) {
    const text = await renderReport(format, report, { color: mayColor(process.stdout) })
    if (file === undefined) process.stdout.write(text)
    else await writeReport(file, text)
  }
  process.exitCode = report.exitCode
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
