import { type Answers, joinAnswers } from '../../verdict/index.ts'
import type { Report } from '../collect.ts'

/** What the answers of all targets look like, whichever shard saw them; null: none was seen. */
export function joinSeen(reports: readonly Report[]): Answers | null {
  const seen = reports.flatMap(({ answers }) => answers ?? [])
  return seen.length === 0 ? null : joinAnswers(seen)
}
