/** What the JSON report says of how targets agree, as JSON Schema 2020-12. */
import { closed, count, fingerprint, known, listOf, notKnown, text } from './schema-parts.ts'

export const disagreementSchema = closed(
  {
    aspect: { enum: ['status', 'media-type', 'shape', 'header', 'latency'] },
    level: { enum: ['must', 'should'], description: '`should` is red only with --strict.' },
    fingerprints: {
      ...listOf(fingerprint),
      description:
        'What a baseline knows it by, one for each expectation; none: it cannot be known.',
    },
    expectations: {
      ...listOf(text),
      description: 'Where it was met; none: it is about a target as a whole.',
    },
    odd: {
      ...listOf(text),
      description: 'The targets that stand against the majority; none: there is no majority.',
    },
    answers: {
      ...listOf(closed({ received: text, targets: listOf(text) })),
      description: 'What was answered, and by which targets; the majority first.',
    },
    probe: { ...text, description: 'The probe that met it first; of latency there is none.' },
    step: { ...text, description: 'The step of that probe.' },
    reproduce: { ...listOf(text), description: 'Shell lines that show an odd answer.' },
    times: { ...count, minimum: 1, description: 'How many steps met it.' },
    known,
    notKnown,
  },
  ['probe', 'step', 'known', 'notKnown'],
)

const perTarget = listOf({ type: ['number', 'null'], minimum: 0 })

export const answersSchema = closed({
  targets: { ...listOf(text), description: 'Names; everything below has the index in this list.' },
  portraits: {
    ...listOf(
      closed(
        {
          cell: { ...text, description: 'The expectation whose status came.' },
          status: count,
          mediaType: {
            ...text,
            description: 'Without parameters; `none`; `, undocumented` behind it.',
          },
          body: {
            type: 'object',
            additionalProperties: text,
            description:
              'Place in a JSON body (`[]` any item, `{}` any member of a map) → type; behind it `undocumented`, `open` (the document lets several types stand) or `sometimes` (not in every item).',
          },
          partly: {
            enum: ['data', 'large'],
            description:
              'Missing members mean nothing: it tells of what others made, or is too large.',
          },
          headers: {
            type: 'object',
            additionalProperties: text,
            description: 'Headers that matter; `there`, or what of the value is compared.',
          },
        },
        ['mediaType', 'body', 'partly'],
      ),
    ),
    description: 'What answers look like, each look once; no value of a body is in it.',
  },
  seen: {
    ...listOf(
      closed(
        {
          expectation: { ...text, description: 'What the probe is about.' },
          probe: text,
          step: text,
          several: { const: true, description: 'The step takes several statuses as they come.' },
          by: listOf(
            closed({
              portrait: { ...count, description: 'Index of a portrait.' },
              targets: { ...text, pattern: '^\\d+(-\\d+)?(,\\d+(-\\d+)?)*$' },
            }),
          ),
        },
        ['several'],
      ),
    ),
    description: 'How each step was answered, and by which targets, such as `0-3,7`.',
  },
  times: {
    ...closed({
      fastest: { ...perTarget, description: 'The fastest answer of each target.' },
      quartiles: listOf(closed({ expectation: text, low: perTarget, high: perTarget })),
    }),
    description: 'Milliseconds of ordinary requests, per target.',
  },
})
