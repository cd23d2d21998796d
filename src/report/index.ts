/** A run comes in; text for people and machines goes out. */
export {
  concludeRun,
  type Report,
  type ReportBaseline,
  type ReportExpectation,
  type ReportShard,
  type ReportTarget,
  type ReportVerdict,
  reportBaseline,
  reportExpectation,
  reportVerdict,
  staleIn,
} from './collect.ts'
export { type ConsoleOptions, renderConsole } from './console.ts'
export { tellDisagreement } from './disagreements.ts'
export { renderJson } from './json.ts'
export { mergeReports } from './merge/merge.ts'
export type { ReportFile } from './merge/report-file.ts'
export { nameAll } from './naming.ts'
export { type ReportFormat, renderReport, reportFormats } from './render.ts'
export { reportSchema } from './report-schema.ts'
export { tellRows, tellVerdict } from './tell.ts'
