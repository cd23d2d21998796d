import type { Pointer } from '../../document/index.ts'
import { AssayError } from '../../errors.ts'
import type { Report } from '../collect.ts'

/** A report, and the file that it stands in, as the user wrote it. */
export type ReportFile = { readonly file: string; readonly report: Report }

/** Refuses a report that says what cannot be, at the place where it says so. */
export function invalid(file: string, at: Pointer, message: string): AssayError {
  const place = at === '' ? file : `${file}, ${at}`
  return new AssayError('REPORT_INVALID', `${place}: ${message}`, {
    hint: 'take the file as assay run wrote it, or run that shard again',
  })
}
