import { expect, test } from 'vitest'
import { killRuns } from './bench/index.ts'
import { command } from './fixtures/assay.ts'

/** `npm run kills` kills 200, with and without latency. */
const count = Number(process.env.ASSAY_TEST_KILLS ?? 6)

test('runs that are killed at any moment leave nothing once cleaned up after, touch nothing of others, and write no secret', async () => {
  const ways = [
    { states: 'url', latency: 20 },
    { states: 'recipes', latency: 20 },
  ] as const
  let killed = 0
  let made = 0
  for await (const kill of killRuns(command, ways, count)) {
    expect(kill.wrong, `killed after ${Math.round(kill.after)} ms`).toEqual([])
    if (kill.killed) killed += 1
    made += kill.made
  }
  expect([killed > 0, made > 0]).toEqual([true, true])
}, 300_000)
