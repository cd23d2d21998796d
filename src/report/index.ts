/** A run comes in; text for people and machines goes out. */
export {
  concludeRun,
  type Report,
  type ReportBaseline,
  type ReportVerdict,
  reportBaseline,
  reportExpectation,
  reportVerdict,
  staleIn,
} from './collect.ts'
export { type ConsoleOptions, renderConsole } from './console.ts'
export { renderJson } from './json.ts'
export { type ReportFormat, renderReport, reportFormats } from './render.ts'
export { reportSchema } from './report-schema.ts'
export { tellVerdict } from './tell.ts'
