import { expect, it } from 'vitest'
import type { Exchange } from '../exchange/index.ts'
import { answered, openWorld } from './fixtures/trace.ts'
import { judge } from './judge.ts'
import type { Sent } from './trace.ts'

const paths = `  /a/{id}:
    get:
      operationId: op
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'404': {description: d}, '500': {description: d}}`

const failed = (cause: 'reset' | 'framing' | 'refused', reached = true): Exchange => ({
  kind: 'failed',
  request: { method: 'GET', url: 'http://h/a', headers: [] },
  startedAt: 0,
  ms: 1,
  cause,
  reason: cause,
  reached,
})

/** Judges the copies of one step: a status each, or why there was none. */
async function told(...copies: readonly (number | Exchange)[]) {
  const world = await openWorld(paths)
  const probe = world.probe('404/absent')
  const [step] = probe.script.steps
  if (step === undefined) throw new Error('no step')
  const steps = copies.map(
    (copy): Sent => ({
      step,
      exchange: typeof copy === 'number' ? answered({ status: copy, type: [] }) : copy,
    }),
  )
  const { findings, surprise } = judge({ probe, arranged: [], scope: {}, steps }, world.promises)
  return {
    findings: findings.map(({ check, cell, received }) => `${check} ${cell}: ${received}`),
    surprise: surprise?.cell,
  }
}

it('copies that are answered alike are steady', async () => {
  expect(await told(404, 404, 404)).toEqual({ findings: [], surprise: undefined })
})

it('copies that are answered otherwise now and then are one finding, where the answer was hoped for', async () => {
  expect(await told(404, 500, 404, 500)).toEqual({
    findings: ['stability op/404: 404 Not Found 2 times, 500 Internal Server Error 2 times'],
    surprise: 'op/404',
  })
})

it('copies that are all answered otherwise are the wrong status, not unsteady', async () => {
  const { findings } = await told(500, 500)
  expect(findings.map((each) => each.split(' ')[0])).toEqual(['status-code', 'status-code'])
})

it('no answer is another class of answer, where the same request is answered at other times', async () => {
  expect((await told(404, failed('reset'))).findings).toEqual([
    'stability op/404: 404 Not Found once, reset once',
  ])
  expect((await told(failed('reset'))).findings).toEqual([])
  expect((await told(404, failed('refused', false))).findings).toEqual([])
})

it('what asks for patience is not unsteady, unless it comes at once', async () => {
  expect((await told(404, 404, 429)).findings).toEqual([])
  expect((await told(429)).findings).toEqual([
    'status-code op/404: 429 Too Many Requests, not among the documented 404, 500',
  ])
})

it('an answer that is not well-formed is the protocol, and ends the script', async () => {
  expect(await told(404, failed('framing'))).toEqual({
    findings: ['protocol op/404: framing'],
    surprise: 'op/404',
  })
})
