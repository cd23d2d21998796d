/** What a text may cost us before we refuse it; far above what a description needs. */
export const limits = {
  bytes: 64 * 1024 * 1024,
  depth: 500,
  aliasedNodes: 1_000_000,
  fetchMs: 30_000,
} as const
