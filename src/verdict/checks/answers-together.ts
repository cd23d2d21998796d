import type { Check } from '../evidence.ts'

/** Several answers fit together: what each of them shows alone may well be as documented. */
export const answersTogether: Check = {
  id: 'answers-together',
  level: 'must',
  files: 'probe',
  proves: 'answers that a law compares fit together: they are alike, or each comes once',
  source: 'the law where it is filed; `should` where two requests meet each other',
  example: {
    expected: '401 application/json {error: string, success: boolean}',
    received: '401 application/json {error: string, id: string, success: boolean}',
  },
  cure: 'see the law where it is filed.',

  run: ({ unfitting }) => unfitting,
}
