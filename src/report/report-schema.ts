/** The JSON report as JSON Schema 2020-12. Its member `report` is the version of this contract. */
import { answersSchema, disagreementSchema } from './agreement-schema.ts'
import {
  closed,
  count,
  fingerprint,
  known,
  listOf,
  notKnown,
  orNull,
  text,
} from './schema-parts.ts'

const finding = closed(
  {
    check: { ...text, description: 'The check that found it.' },
    level: { enum: ['must', 'should'], description: '`should` is red only with --strict.' },
    expected: { ...text, description: 'What was promised, in words.' },
    because: { ...listOf(text), description: 'Why it was to be expected, per kind of probe.' },
    received: { ...text, description: 'What came; credentials are `***`.' },
    promised: { ...text, description: 'Where it is promised: file:line:column.' },
    at: { ...text, description: 'Of a finding about a pact, where it stands: file:line:column.' },
    probe: {
      ...text,
      description: 'The probe that showed it first, or the interaction of a pact.',
    },
    reproduce: { ...listOf(text), description: 'Shell lines that show it again.' },
    times: { ...count, minimum: 1, description: 'How often it was seen.' },
    fingerprint,
    ways: {
      ...listOf(text),
      description: 'Of a status that nobody asked for: the steps of probes that met it.',
    },
    known,
    notKnown,
  },
  ['at', 'ways', 'known', 'notKnown'],
)

const stale = listOf(
  closed({
    fingerprint: { ...text, pattern: '^[0-9a-f]{12}$' },
    expectation: {
      ...text,
      description: 'The id of an expectation, which the document may have no more.',
    },
    check: text,
    target: { ...text, description: 'The name of a target.' },
    owner: { type: ['string', 'null'] },
    expires: { type: ['string', 'null'], format: 'date' },
    reason: { ...text, description: 'What became of it, and what to do.' },
    at: { ...text, description: 'Where it stands: file:line:column.' },
  }),
)

const verdict = closed(
  {
    expectation: { ...text, description: 'The id of an expectation.' },
    target: { ...text, description: 'The name of a target.' },
    verdict: { enum: ['pass', 'fail', 'error', 'skip'] },
    known: {
      type: 'boolean',
      description: 'Of a failure: whether all that is red in it is known.',
    },
    why: { enum: ['declared', 'undeclared', 'unproven', 'stopped'], description: 'Of a skip.' },
    reasons: { ...listOf(text), description: 'Of a skip or an error.' },
    codes: { ...listOf(text), description: 'Error codes behind an error.' },
    planned: { ...count, description: 'Probes planned for it on this target.' },
    observed: { ...count, description: 'Probes of it that were observed.' },
    findings: listOf(finding),
    omitted: {
      ...listOf(closed({ probe: text, reason: text })),
      description: 'Probes that this target does not get, and why.',
    },
  },
  ['known', 'why', 'reasons', 'codes'],
)

const hash = { ...text, pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of its text.' } as const
const index = { type: 'integer', minimum: 1 } as const
const instant = { ...text, format: 'date-time' } as const

/** One of the shards that a report was merged of. */
const shard = closed({
  index,
  told: {
    ...orNull(
      closed({
        file: { ...text, description: 'Its report.' },
        run: orNull(text),
        seed: orNull(count),
        startedAt: instant,
        ms: count,
        requests: count,
        exitCode: count,
      }),
    ),
    description: 'Null: it left no report, and what it was to look at is an error.',
  },
})

const milliseconds = { type: ['integer', 'null'], minimum: 0 } as const

const revocation = closed({
  expectation: { ...text, description: 'The law that it is judged at.' },
  account: { type: ['string', 'null'], description: 'That of the targets, where they name one.' },
  from: { ...text, description: 'The target where the credential was made and deleted.' },
  in: { ...text, description: 'The target where it was used.' },
  samples: { ...count, description: 'How many were measured.' },
  p50: {
    ...milliseconds,
    description: 'Milliseconds after the deletion in which half of them were refused for good.',
  },
  max: { ...milliseconds, description: 'The same for all of them.' },
  open: {
    type: 'boolean',
    description: 'Whether one was not refused for good while it was looked at: longer than `max`.',
  },
  worked: {
    ...milliseconds,
    description: 'When one was last seen to work; null: none was, after its deletion.',
  },
  budget: {
    ...milliseconds,
    description: 'The `revocationBudget` of the target where it is used.',
  },
  unmeasured: { ...listOf(text), description: 'Why samples are missing.' },
})

export const reportSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Assay report',
  description: 'Every verdict of one run, and what is needed to run it again.',
  ...closed({
    report: { const: 1, description: 'The version of this contract.' },
    tool: closed({ name: { const: 'assay' }, version: text }),
    run: {
      ...orNull(text),
      description: 'The id of the run, in the User-Agent of every request. Null: several, merged.',
    },
    seed: {
      ...orNull(count),
      description: 'Give it to --seed for the same requests. Null: several, merged.',
    },
    startedAt: instant,
    ms: { ...count, description: 'Milliseconds from start to end.' },
    requests: { ...count, description: 'Requests sent to all targets, states included.' },
    shard: {
      ...orNull(closed({ index, count: index })),
      description: 'Of a run that was split, which part this is: it has verdicts of that alone.',
    },
    shards: {
      ...orNull(listOf(shard)),
      description: 'Of a report that was merged: every shard, in order.',
    },
    suite: text,
    suiteHash: orNull(hash),
    strict: { type: 'boolean' },
    document: closed({
      name: { ...text, description: 'The path or URL of the document.' },
      title: text,
      version: text,
      hash,
    }),
    envelope: { type: ['string', 'null'] },
    envelopeHash: orNull(hash),
    targets: listOf(
      closed(
        {
          name: text,
          region: text,
          baseUrl: {
            ...text,
            description: 'As far as it is known, where another shard looks at it.',
          },
          safety: { enum: ['disposable', 'shared', 'production'] },
          embedded: { type: 'boolean', description: 'Whether it ended with the run.' },
          runs: {
            ...listOf(text),
            description: 'The versions it says it runs; absent: the suite does not name where.',
          },
        },
        ['runs'],
      ),
    ),
    expectations: listOf(
      closed({
        id: text,
        operation: text,
        method: text,
        path: text,
        kind: { enum: ['response', 'law'] },
        name: { ...text, description: 'The documented status, or the id of the law.' },
        statement: text,
        promised: { ...text, description: 'file:line:column' },
      }),
    ),
    verdicts: listOf(verdict),
    disagreements: {
      ...listOf(disagreementSchema),
      description: 'In what the targets do not agree.',
    },
    answers: {
      anyOf: [answersSchema, { type: 'null' }],
      description:
        'What the answers of all targets look like, so that those of several runs can be compared.',
    },
    leftovers: {
      ...listOf(
        closed({ target: text, state: text, name: { type: ['string', 'null'] }, reason: text }),
      ),
      description: 'What may still be on a target although it was to be removed.',
    },
    remarks: {
      ...listOf(closed({ target: text, text })),
      description: 'What is to be known of how a target was looked at; it makes nothing red.',
    },
    revocations: {
      ...listOf(revocation),
      description: 'How long deleted credentials still worked, per place of deletion and of use.',
    },
    baseline: {
      description: 'What became of the known findings; null without a baseline.',
      anyOf: [
        closed({
          file: { ...text, description: 'The path of the baseline.' },
          known: { ...count, description: 'How many findings were known.' },
          expired: {
            ...stale,
            description: 'Entries of what was looked at whose last day is over.',
          },
          unseen: {
            ...stale,
            description: 'Entries whose finding did not show where it was looked for.',
          },
        }),
        { type: 'null' },
      ],
    },
    tally: {
      ...closed({
        pass: count,
        fail: count,
        known: { ...count, description: 'Failed, with nothing red but what the baseline knows.' },
        error: count,
        declared: count,
        undeclared: count,
        unproven: count,
        stopped: count,
      }),
      description: 'Verdicts by kind; a skip counts by its reason.',
    },
    conclusion: {
      enum: [
        'conforming',
        'partial',
        'broken',
        'unproven',
        'incomplete',
        'stale',
        'bad-input',
        'interrupted',
      ],
    },
    exitCode: count,
  }),
} as const
