import type { Report } from './collect.ts'
import { type ConsoleOptions, renderConsole } from './console.ts'
import { renderJson } from './json.ts'
import { ownPart } from './part.ts'

/** Every way in which a run can be told. */
export const reportFormats = ['console', 'json', 'junit', 'markdown', 'github'] as const

export type ReportFormat = (typeof reportFormats)[number]

/** Writes a report in one format, and loads only what that format needs. */
export async function renderReport(
  format: ReportFormat,
  report: Report,
  options: ConsoleOptions,
): Promise<string> {
  switch (format) {
    case 'console':
      return renderConsole(report, options)
    case 'json':
      return renderJson(report)
    case 'junit':
      return (await import('./junit.ts')).renderJunit(ownPart(report))
    case 'markdown':
      return (await import('./markdown.ts')).renderMarkdown(ownPart(report))
    case 'github':
      return (await import('./github.ts')).renderGithub(ownPart(report))
  }
}
