/** What makes a finding a known one. */
export type Known = {
  readonly owner: string
  readonly reason: string
  /** The last day (UTC) on which it is known, as YYYY-MM-DD. */
  readonly expires: string
}

/** Says it in one line: `known until 2030-12-31: mended with the next release (team-a)`. */
export function tellKnown({ owner, reason, expires }: Known): string {
  return `known until ${expires}: ${reason} (${owner})`
}
