import { expect, it } from 'vitest'
import type { Attempt, Exchange } from '../exchange/index.ts'
import { answered, openWorld } from './fixtures/trace.ts'
import { judge } from './judge.ts'
import { undocumentedLimits } from './repeats.ts'
import type { Trace } from './trace.ts'

const paths = (statuses: string) => `  /a/{id}:
    get:
      operationId: op
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {${statuses}}`

const plain = `'404': {description: d}`
const typed = (status: string) => `${plain}, ${status}: {description: d, content: {text/csv: {}}}`

const lost = (times: number): Attempt[] =>
  Array.from({ length: times }, () => ({ kind: 'lost', cause: 'reset', reason: 'it was closed' }))

const throttled = (...headers: [string, string][]): Attempt => ({
  kind: 'throttled',
  ms: 1,
  response: { status: 429, headers, body: new Uint8Array(), disclosed: [] },
})

/** What a request shows that was answered 404 after some attempts, by what the document says. */
async function told(statuses: string, attempts: readonly Attempt[], after?: Exchange) {
  const world = await openWorld(paths(statuses))
  const probe = world.probe('404/absent')
  const [step] = probe.script.steps
  if (step === undefined) throw new Error('no step')
  const answer = after ?? answered({ status: 404, type: [] })
  const exchange = { ...answer, attempts }
  const trace: Trace = { probe, arranged: [], scope: {}, steps: [{ step, exchange }] }
  const { findings, observed, surprise } = judge(trace, world.promises)
  return {
    findings: findings.map(
      ({ check, cell, level, received }) => `${check} ${cell} ${level}: ${received}`,
    ),
    reproduce: findings.map(({ reproduce }) => reproduce().at(-1)),
    observed,
    surprise,
    limits: undocumentedLimits(trace),
  }
}

it('an answer at the second attempt is an answer, one that took more is reported', async () => {
  expect((await told(plain, lost(1))).findings).toEqual([])
  const { findings, reproduce, surprise } = await told(plain, lost(2))
  expect(findings).toEqual(['stability op/404 should: one at attempt 3, after reset, reset'])
  expect(surprise).toBeUndefined()
  expect(reproduce).toEqual(['# sent again after: it was closed; it was closed'])
})

it('a 429 that was obeyed is judged at the response that is about it, exact or not', async () => {
  for (const [status, cell] of [
    [`'429'`, 'op/429'],
    [`'4XX'`, 'op/4XX'],
    ['default', 'op/default'],
  ] as const) {
    const attempt = throttled(['Date', 'Wed, 25 Nov 2026 12:00:00 GMT'], ['Content-Type', 'a/b'])
    const { findings, observed, limits } = await told(typed(status), [attempt])
    expect(findings).toEqual([`media-type ${cell} must: Content-Type: a/b`])
    expect(observed).toEqual(cell === 'op/429' ? ['op/429', 'op/404'] : ['op/404'])
    expect(limits).toEqual([])
  }
})

it('a 429 that is documented nowhere is no finding, and is said once for each', async () => {
  const { findings, limits } = await told(plain, [
    throttled(),
    throttled(['Retry-After', 'tomorrow']),
  ])
  expect(findings).toEqual([])
  expect(limits).toEqual([
    'GET /a/{id} answered 429, which is not documented',
    'GET /a/{id} answered 429, which is not documented, with a Retry-After that cannot be read',
  ])
})

it('what was asked in vain is judged too, although the request was never answered otherwise', async () => {
  const failed: Exchange = {
    kind: 'failed',
    request: { method: 'GET', url: 'http://h/a', headers: [] },
    startedAt: 0,
    ms: 1,
    cause: 'throttled',
    reason: 'asked to wait',
    reached: true,
  }
  const attempt = throttled(['Date', 'yesterday'])
  const { findings, surprise } = await told(typed(`'429'`), [attempt], failed)
  expect(findings).toEqual([expect.stringMatching(/^protocol op\/429 must: Date: yesterday$/)])
  expect(surprise).toBeUndefined()
})
