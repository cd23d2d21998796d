import type { Report } from './collect.ts'

/** Writes the JSON report: a contract, versioned by its member `report`. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`
}
