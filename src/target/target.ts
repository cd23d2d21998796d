import type { CredentialForm } from './credential.ts'
import type { Proxies } from './proxy.ts'
import type { Secret } from './secret.ts'
import type { Cannot, RecipeBook, SafetyClass, VersionPlace } from './suite.ts'
import type { Trust } from './trust.ts'

/** A header; its value is a secret where it may have to stay unseen. */
export type TargetHeader = readonly [name: string, value: string | Secret]

export type Limits = {
  readonly workers: number
  /** Requests per second; undefined: as fast as the workers go. */
  readonly rate: number | undefined
  readonly requestBudget: number
  readonly creationBudget: number
  /** Milliseconds. */
  readonly connectTimeout: number
  readonly requestTimeout: number
  readonly probeTimeout: number
  /** How long the target may make us wait in all, by answering 429. */
  readonly patience: number
  /** How often a request may be sent again after its connection failed. */
  readonly retries: number
  /** Within which an answer is due; undefined: nobody said so. */
  readonly latencyBudget?: number | undefined
  /** Within which a deleted credential must have stopped working; undefined: nobody said so. */
  readonly revocationBudget?: number | undefined
  /** After a write, in which what was there before may still be answered; undefined: nobody said so. */
  readonly consistencyWindow?: number | undefined
  /** Bytes of a body that are read; what is longer is cut and reported. */
  readonly bodyLimit: number
}

/** What arranges provider states on a target. */
export type StateSource =
  | { readonly kind: 'url'; readonly url: string; readonly headers: readonly TargetHeader[] }
  | { readonly kind: 'recipes'; readonly book: RecipeBook }

/** One deployment to look at: where it is, how to speak to it, and how far we may go. */
export type Target = {
  readonly name: string
  readonly region: string
  /** The name of its account, which it shares with every target that names the same. */
  readonly account?: string | undefined
  /** Scheme, host and path prefix, without a slash at the end. */
  readonly baseUrl: string
  /** The bare key; `form` says how it is written. */
  readonly credential: Secret | undefined
  readonly form: CredentialForm
  readonly headers: readonly TargetHeader[]
  readonly states: StateSource | undefined
  readonly faultHeader: TargetHeader | undefined
  readonly faultState: boolean
  readonly safety: SafetyClass
  readonly allowedHosts: readonly string[]
  /** Undefined: it is reached directly. */
  readonly proxies?: Proxies | undefined
  /** Undefined: its certificate is verified. */
  readonly trust?: Trust | undefined
  /** Whether it ends with this process, so that nothing can be left behind on it. */
  readonly embedded: boolean
  readonly cannot: readonly Cannot[]
  /** Where it says which version it runs; undefined: nobody said where. */
  readonly version?: VersionPlace | undefined
  /** What it could not show until a day that is over. */
  readonly lapsed: readonly Cannot[]
  readonly limits: Limits
}
