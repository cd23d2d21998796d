import { expect, test } from 'vitest'
import { readResult } from './mismatch.ts'

function resultOf(mismatch: object, key = 'errors'): string {
  return JSON.stringify({
    result: key === 'pendingErrors',
    interactionResults: [{}],
    [key]: [{ mismatch: { type: 'mismatches', mismatches: [mismatch] } }],
  })
}

test.each([
  [{ type: 'StatusMismatch', expected: 404, actual: 500 }, '404', '500 Internal Server Error'],
  [
    {
      type: 'HeaderMismatch',
      key: 'assay-location',
      expected: '/a',
      actual: '',
      mismatch: "Expected header 'assay-location' but was missing",
    },
    'the header Location to be /a',
    'no Location, or an empty one',
  ],
  [
    {
      type: 'BodyMismatch',
      path: '$.error',
      expected: '"x"',
      actual: '5',
      mismatch: "Expected 5 (Integer) to be the same type as 'x' (String)",
    },
    "$.error to be the same type as 'x' (String)",
    '5',
  ],
  [
    {
      type: 'BodyMismatch',
      path: '$',
      expected: '["error","success"]',
      actual: '["success"]',
      mismatch: 'Actual map is missing the following keys: error',
    },
    'the body to have error',
    'members ["success"]',
  ],
  [
    {
      type: 'BodyMismatch',
      path: '/',
      expected: '{}',
      actual: '',
      mismatch: 'Expected … but was empty',
    },
    'the body to be {}',
    'no body',
  ],
  [
    {
      type: 'BodyMismatch',
      path: '$',
      expected: '{}',
      actual: '',
      mismatch: "Expected '' (String) to be the same type as {} (Object)",
    },
    'the body to be the same type as {} (Object)',
    '""',
  ],
  [
    { type: 'Unheard', path: '$.a', expected: 'e', actual: 'a', mismatch: 'something else' },
    '$.a to be e',
    'a (something else)',
  ],
])('a mismatch says what was promised and what came: %j', (mismatch, expected, received) => {
  expect(readResult(resultOf(mismatch))).toEqual({
    kind: 'mismatches',
    mismatches: [{ expected, received }],
  })
})

test('a pending interaction that fails is no pass', () => {
  const mismatch = { type: 'StatusMismatch', expected: 200, actual: 404 }
  expect(readResult(resultOf(mismatch, 'pendingErrors')).kind).toBe('mismatches')
})

test.each([
  ['', 'it verified nothing'],
  [JSON.stringify({ result: true, errors: [], interactionResults: [] }), 'it verified nothing'],
  [JSON.stringify({ result: false, errors: [], interactionResults: [{}] }), 'it verified nothing'],
  [
    JSON.stringify({ result: false, errors: [{ mismatch: { type: 'error', message: 'no' } }] }),
    'no',
  ],
])('a verifier that did not do its work has failed: %s', (text, reason) => {
  expect(readResult(text)).toEqual({ kind: 'failed', reason })
})

test('a verified interaction is one that was verified', () => {
  const text = JSON.stringify({ result: true, errors: [], interactionResults: [{}] })
  expect(readResult(text)).toEqual({ kind: 'verified' })
})
