/** The JSON report as JSON Schema 2020-12. Its member `report` is the version of this contract. */

const text = { type: 'string' } as const
const count = { type: 'integer', minimum: 0 } as const

function closed(properties: Record<string, object>, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', additionalProperties: false, required, properties } as const
}

function listOf(items: object) {
  return { type: 'array', items } as const
}

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
    fingerprint: {
      ...text,
      pattern: '^[0-9a-f]{12}$',
      description: 'Its name, the same in every run and region; what a baseline knows it by.',
    },
    ways: {
      ...listOf(text),
      description: 'Of a status that nobody asked for: the steps of probes that met it.',
    },
    known: {
      ...closed({ owner: text, reason: text, expires: { ...text, format: 'date' } }),
      description: 'Who answers for it and why, where the baseline says that it is known.',
    },
    notKnown: { ...text, description: 'Why it is not known, although the baseline has it.' },
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

export const reportSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Assay report',
  description: 'Every verdict of one run, and what is needed to run it again.',
  ...closed({
    report: { const: 1, description: 'The version of this contract.' },
    tool: closed({ name: { const: 'assay' }, version: text }),
    run: { ...text, description: 'The id of the run; it is in the User-Agent of every request.' },
    seed: { ...count, description: 'Give it to --seed for the same requests.' },
    startedAt: { ...text, format: 'date-time' },
    ms: { ...count, description: 'Milliseconds from start to end.' },
    requests: { ...count, description: 'Requests sent to all targets, states included.' },
    suite: text,
    strict: { type: 'boolean' },
    document: closed({
      name: { ...text, description: 'The path or URL of the document.' },
      title: text,
      version: text,
      hash: { ...text, pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of its text.' },
    }),
    envelope: { type: ['string', 'null'] },
    targets: listOf(
      closed({
        name: text,
        region: text,
        baseUrl: text,
        safety: { enum: ['disposable', 'shared', 'production'] },
      }),
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
