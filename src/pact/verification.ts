import type { PactVersion, ProviderState } from './pact.ts'

/** What was seen of the interactions of all chosen pacts in one region: the file that the gate reads. */
export type Verification = {
  /** The version of this contract. */
  readonly verification: 1
  readonly tool: { readonly name: 'assay'; readonly version: string }
  readonly provider: string
  /** The version of the provider that ran there, as whoever verified it said; null: nobody did. */
  readonly providerVersion: string | null
  readonly region: string
  readonly target: string
  /** Whether it was the reference provider that comes with Assay: it proves nothing of a deployment. */
  readonly embedded: boolean
  readonly document: {
    readonly name: string
    readonly title: string
    readonly version: string
    readonly hash: string
  }
  /** ISO 8601. */
  readonly startedAt: string
  readonly endedAt: string
  readonly consumers: readonly VerifiedPact[]
  /** True only if every interaction of every pact that is not pending passed, and nothing was left behind. */
  readonly success: boolean
  /** What this region alone would make of the exit code. */
  readonly exitCode: number
}

export type VerifiedPact = {
  readonly consumer: string
  /** The file or URL of the pact. */
  readonly pact: string
  /** Whether the broker said that this branch of the provider need not fulfil it yet. */
  readonly pending: boolean
  readonly version: PactVersion
  /** As `hashPact` computes it. */
  readonly hash: string
  readonly interactions: readonly VerifiedInteraction[]
}

export type VerifiedInteraction = {
  readonly description: string
  readonly states: readonly ProviderState[]
  readonly verdict: 'pass' | 'fail' | 'error' | 'skip'
  /** Why it is no pass; empty for a pass. */
  readonly reasons: readonly string[]
}

/** What the file of a region is called in the folder of results. */
export function verificationFileName({
  provider,
  region,
}: Pick<Verification, 'provider' | 'region'>): string {
  return `${encodeURIComponent(provider)}-${encodeURIComponent(region)}.json`
}

const text = { type: 'string' } as const
const hash = { ...text, pattern: '^[0-9a-f]{64}$' } as const

function closed(properties: Record<string, object>) {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties),
    properties,
  } as const
}

/** The verification of a region as JSON Schema 2020-12. */
export const verificationSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Assay verification',
  description: 'Which interactions of which pacts one region of a provider was seen to satisfy.',
  ...closed({
    verification: { const: 1, description: 'The version of this contract.' },
    tool: closed({ name: { const: 'assay' }, version: text }),
    provider: { ...text, description: 'The provider that the pacts name.' },
    providerVersion: {
      type: ['string', 'null'],
      description: 'What ran there, as --provider-version said; null: nobody said it.',
    },
    region: text,
    target: { ...text, description: 'The name of the target in the suite, or of its URL.' },
    embedded: {
      type: 'boolean',
      description: 'true: the reference provider of Assay, which proves nothing of a deployment.',
    },
    document: closed({
      name: { ...text, description: 'The path or URL of the document.' },
      title: text,
      version: text,
      hash: { ...hash, description: 'SHA-256 of its text.' },
    }),
    startedAt: { ...text, format: 'date-time' },
    endedAt: { ...text, format: 'date-time' },
    consumers: {
      type: 'array',
      items: closed({
        consumer: text,
        pact: { ...text, description: 'The file or URL of the pact.' },
        pending: {
          type: 'boolean',
          description: 'true: the broker says that this branch need not fulfil it yet.',
        },
        version: { enum: [2, 3, 4], description: 'Of the Pact specification.' },
        hash: {
          ...hash,
          description: 'SHA-256 of its content: members sorted by name, metadata left out.',
        },
        interactions: {
          type: 'array',
          minItems: 1,
          items: closed({
            description: text,
            states: {
              type: 'array',
              items: closed({ name: text, params: { type: 'object' } }),
            },
            verdict: { enum: ['pass', 'fail', 'error', 'skip'] },
            reasons: { type: 'array', items: text, description: 'Why it is no pass.' },
          }),
        },
      }),
    },
    success: {
      type: 'boolean',
      description:
        'true: every interaction of every pact that is not pending passed, and nothing was left behind.',
    },
    exitCode: { type: 'integer', minimum: 0, description: 'As if this region were the only one.' },
  }),
} as const
