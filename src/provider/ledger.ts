import type { StoredToken } from './store.ts'

/** That a token was made or taken away: which, where, how, by whom and when. */
export type Touch = StoredToken & {
  readonly region: string
  /** `cleared`: by the teardown of a state. */
  readonly how: 'created' | 'deleted' | 'revoked' | 'cleared'
  /** The run id in the `User-Agent`, else all of that; undefined: the provider itself, or nobody who said so. */
  readonly by?: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Who made what and who took it away, so that it can be asked whether anything foreign was touched. */
export type Ledger = {
  /** Does work that ends before this returns, in the name of somebody. */
  acting<T>(who: string | undefined, work: () => T): T
  maker(): { readonly maker?: string }
  note(touch: Omit<Touch, 'by' | 'at'>): void
  list(): readonly Touch[]
}

/** Keeps at least the latest `limit` touches. */
export function createLedger(limit = 100_000): Ledger {
  let touches: Touch[] = []
  let actor: string | undefined

  return {
    acting(who, work) {
      const before = actor
      actor = who
      try {
        return work()
      } finally {
        actor = before
      }
    },
    maker: () => (actor === undefined ? {} : { maker: actor }),
    note(touch) {
      if (touches.length >= 2 * limit) touches = touches.slice(limit)
      touches.push({ ...touch, ...(actor === undefined ? {} : { by: actor }), at: Date.now() })
    },
    list: () => [...touches],
  }
}

/** Who asks: the run id that Assay names in its `User-Agent`, else what stands there. */
export function whoAsks(userAgent: string | undefined): string | undefined {
  return /(?:^| )run\/(\S+)/.exec(userAgent ?? '')?.[1] ?? userAgent
}
