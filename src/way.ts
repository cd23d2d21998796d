import type { LoadOptions } from './document/index.ts'
import type { Environment } from './target/index.ts'

/** How texts at URLs are read: the way that an environment says, as requests to targets go. */
export function byWayOf(environment: Environment = process.env): LoadOptions {
  return {
    async fetch(...given) {
      const { fetchBy } = await import('./exchange/index.ts')
      return fetchBy(environment)(...given)
    },
  }
}
