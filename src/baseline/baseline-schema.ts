/** The baseline as JSON Schema 2020-12: the findings that are known, and who answers for each. */

const text = { type: 'string', pattern: '\\S' } as const
const lines = { type: 'array', minItems: 1, uniqueItems: true, items: text } as const

const entry = {
  fingerprint: {
    type: 'string',
    pattern: '^[0-9a-f]{12}$',
    description: 'The name of the finding, as every report shows it.',
  },
  expectation: { ...text, description: 'Where it is filed: operationId/status or law.' },
  check: { ...text, description: 'The check that found it.' },
  what: { ...text, description: 'What it is, for people.' },
  ways: {
    ...lines,
    description:
      'Of a status that nobody asked for: the steps of probes that may meet it. Any other step that meets it is new. Default: every step.',
  },
  targets: {
    ...lines,
    description: 'The names of the targets where it is known. On any other it is new.',
  },
} as const

const answered = {
  owner: { ...text, description: 'Who sees to it.' },
  reason: { ...text, description: 'Why it is left as it is.' },
  expires: {
    type: 'string',
    format: 'date',
    description: 'The last day (UTC) on which it is known, at most a year ahead.',
  },
} as const

export const baselineSchema = schemaOf(answered, Object.keys(answered))

/** The same for a file that people have not filled in yet. */
export const unfilledSchema = schemaOf(
  {
    owner: { type: ['string', 'null'] },
    reason: { type: ['string', 'null'] },
    expires: { type: ['string', 'null'], format: 'date' },
  },
  [],
)

function schemaOf(answers: Readonly<Record<string, object>>, required: readonly string[]) {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Assay baseline',
    description:
      'Findings that are known: each with somebody who answers for it, why, and until when.',
    type: 'object',
    additionalProperties: false,
    required: ['baseline', 'entries'],
    properties: {
      $schema: { type: 'string' },
      baseline: { const: 1, description: 'The version of this contract.' },
      entries: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['fingerprint', 'expectation', 'check', 'targets', ...required],
          properties: { ...entry, ...answers },
        },
      },
    },
  } as const
}
