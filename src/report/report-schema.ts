/** The JSON report as JSON Schema 2020-12. Its member `report` is the version of this contract. */
import { answersSchema, disagreementSchema } from './agreement-schema.ts'
import { closed, count, listOf, text } from './schema-parts.ts'

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
  },
  ['at'],
)

const verdict = closed(
  {
    expectation: { ...text, description: 'The id of an expectation.' },
    target: { ...text, description: 'The name of a target.' },
    verdict: { enum: ['pass', 'fail', 'error', 'skip'] },
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
  ['why', 'reasons', 'codes'],
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
      closed(
        {
          name: text,
          region: text,
          baseUrl: text,
          safety: { enum: ['disposable', 'shared', 'production'] },
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
    tally: {
      ...closed({
        pass: count,
        fail: count,
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
        'bad-input',
        'interrupted',
      ],
    },
    exitCode: count,
  }),
} as const
