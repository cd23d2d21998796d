import { describe, expect, it } from 'vitest'
import { formatPosition } from '../errors.ts'
import type { Exchange } from '../exchange/index.ts'
import { type Answer, openWorld, traceOf } from './fixtures/trace.ts'
import { judge, type Trace } from './index.ts'

/** A DELETE with a schema for each of its statuses: the members that must be there. */
const paths = (statuses: readonly string[]) => `  /a/{id}:
    delete:
      operationId: op
      security: [{key: []}]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
${statuses
  .map(
    (status) =>
      `        '${status}': {description: d, content: {application/json: {schema: {required: [of${status}]}}}}`,
  )
  .join('\n')}
components: {securitySchemes: {key: {type: http, scheme: bearer}}}`

const roles = { existing: { state: 's', path: { id: 'id' }, credential: 'token' } }
const all = ['200', '401', '404', '500']
const open = (statuses: readonly string[] = all) => openWorld(paths(statuses), { roles })

/** An answer that keeps its schema. */
const sound = (status: number, key = String(status)): Answer => ({
  status,
  body: { [`of${key}`]: 1 },
})
const lying = (status: number): Answer => ({ status, body: {} })

async function judged(probe: string, answers: readonly Answer[], statuses?: readonly string[]) {
  const world = await open(statuses)
  const { findings, observed, surprise } = judge(
    traceOf(world.probe(probe), answers),
    world.promises,
  )
  return {
    filed: findings.map(({ check, cell }) => `${check} ${cell.slice(3)}`),
    observed: observed.map((cell) => cell.slice(3)),
    surprise: surprise?.cell.slice(3),
    findings,
  }
}

const stays = 'deleted-stays-deleted'
const stops = 'deleted-credential-stops-working'

describe('what an answer shows is filed', () => {
  it.each<
    [
      name: string,
      probe: string,
      Answer[],
      filed: string[],
      observed: string[],
      surprise: string | undefined,
    ]
  >([
    ['nowhere when it is sound', '200/valid', [sound(200)], [], ['200'], undefined],
    [
      'its body at the status that came',
      '200/valid',
      [lying(200)],
      ['body-schema 200'],
      ['200'],
      undefined,
    ],
    [
      'the status at the one that was expected',
      '200/valid',
      [sound(404)],
      ['status-code 200'],
      [],
      '200',
    ],
    [
      'each at its own',
      '200/valid',
      [lying(404)],
      ['status-code 200', 'body-schema 404'],
      [],
      '200',
    ],
    [
      'an undocumented status, and nothing else of it',
      '200/valid',
      [lying(418)],
      ['status-code 200'],
      [],
      '200',
    ],
    [
      'also where it is met on the way',
      '401/none',
      [sound(401), lying(401)],
      ['body-schema 401'],
      ['401', '401'],
      undefined,
    ],
    [
      'who is let in, at 401',
      '401/none',
      [sound(401), sound(200)],
      ['status-code 401'],
      ['401'],
      '401',
    ],
    [
      'a resource that did not survive, at 401',
      '401/none',
      [sound(401), sound(401), sound(404)],
      ['status-code 401'],
      ['401', '401'],
      '401',
    ],
    [
      'a resource that is gone, also undocumented',
      '401/none',
      [sound(401), sound(401), lying(410)],
      ['status-code 401'],
      ['401', '401'],
      '401',
    ],
    [
      'another surprise of the survivor, at 200',
      '401/none',
      [sound(401), sound(401), sound(500)],
      ['status-code 200'],
      ['401', '401'],
      '200',
    ],
    ['a law that holds', stays, [sound(200), sound(404)], [], ['200', '404'], undefined],
    [
      'a law that is refuted, at the law',
      stays,
      [sound(200), sound(200)],
      [`status-code ${stays}`],
      ['200'],
      stays,
    ],
    [
      'a law refuted by an undocumented success',
      stays,
      [sound(200), lying(204)],
      [`status-code ${stays}`],
      ['200'],
      stays,
    ],
    [
      'another surprise of a law, at the status',
      stays,
      [sound(200), sound(500)],
      ['status-code 404'],
      ['200'],
      '404',
    ],
    ['the surprise before the law came to it', stays, [sound(404)], ['status-code 200'], [], '200'],
    ['a credential that never worked, at 404', stops, [sound(401)], ['status-code 404'], [], '404'],
    [
      'a deleted credential that works, at the law',
      stops,
      [sound(404), sound(401), sound(200), sound(200)],
      [`status-code ${stops}`],
      ['404', '401', '200'],
      stops,
    ],
    [
      'a deleted credential that finds nothing, at the law',
      stops,
      [sound(404), sound(401), sound(200), sound(404)],
      [`status-code ${stops}`],
      ['404', '401', '200'],
      stops,
    ],
  ])('%s', async (_, probe, answers, filed, observed, surprise) => {
    const told = await judged(probe, answers)
    expect(told).toMatchObject({ filed, observed })
    expect(told.surprise).toBe(surprise)
  })

  it.each<
    [name: string, statuses: string[], probe: string, Answer[], filed: string[], observed: string[]]
  >([
    [
      'default is judged like any other',
      ['200', 'default'],
      'default/absent',
      [{ status: 404, body: {} }],
      ['body-schema default'],
      ['default'],
    ],
    [
      'default does not let anybody in',
      ['200', 'default'],
      'default/none',
      [sound(200)],
      ['status-code default'],
      [],
    ],
    [
      'who is let in is filed there, although another code of its class is listed',
      ['200', '404', 'default'],
      'default/none',
      [sound(200)],
      ['status-code default'],
      [],
    ],
    [
      'default alone does not let anybody in',
      ['default'],
      'default/none',
      [sound(200, 'default')],
      ['status-code default'],
      [],
    ],
    [
      'what is listed beside default is no default',
      ['200', '404', 'default'],
      'default/none',
      [sound(404)],
      ['status-code default'],
      [],
    ],
    [
      'a range is judged like any other',
      ['200', '4XX'],
      '4XX/absent',
      [{ status: 404, body: {} }],
      ['body-schema 4XX'],
      ['4XX'],
    ],
    [
      'what is listed beside a range is none of it',
      ['200', '4XX', '404'],
      '4XX/none',
      [sound(404)],
      ['status-code 4XX'],
      [],
    ],
    [
      'a range covers its codes',
      ['2XX', '404'],
      'deleted-stays-deleted',
      [sound(204, '2XX')],
      [],
      [],
    ],
    [
      'a success that is not documented at all',
      ['401', '404'],
      '401/none',
      [sound(401), sound(401), sound(404)],
      ['status-code 401'],
      ['401', '401'],
    ],
    [
      'a surprise where no cell is documented for it',
      ['401', '404'],
      '401/none',
      [sound(401), sound(401), lying(500)],
      ['status-code 401'],
      ['401', '401'],
    ],
  ])('%s', async (_, statuses, probe, answers, filed, observed) => {
    const told = await judged(probe, answers, statuses)
    expect(told.filed).toEqual(filed)
    expect(told.observed.filter((cell) => cell !== '2XX')).toEqual(observed)
  })

  it('with what was expected, why, what came, and who promised it', async () => {
    const [law] = (await judged(stays, [sound(200), sound(200)])).findings
    expect(law).toMatchObject({
      expected: '404: what was deleted stays deleted',
      because: ['it was deleted just before'],
      received: '200 OK',
      level: 'must',
      probe: 'op/deleted-stays-deleted',
    })
    expect(law && formatPosition(law.promised)).toBe('api.yaml:5:5')
    const { findings } = await judged('200/valid', [lying(404)])
    expect(findings.map(({ promised, because }) => [formatPosition(promised), because])).toEqual([
      ['api.yaml:10:9', ['the request is valid and what it names exists']],
      ['api.yaml:12:71', []],
    ])
  })

  it('not at all when there was no answer', async () => {
    const { promises, probe } = await open()
    const { step, exchange } = traceOf(probe('200/valid'), [sound(200)])
      .steps[0] as Trace['steps'][number]
    const failed: Exchange = {
      request: exchange.request,
      startedAt: 0,
      ms: 1,
      kind: 'failed',
      cause: 'reset',
      reason: 'closed',
      reached: true,
    }
    const trace = {
      probe: probe('200/valid'),
      arranged: [],
      scope: {},
      steps: [{ step, exchange: failed }],
    }
    expect(judge(trace, promises)).toEqual({ findings: [], observed: [], drawn: [] })
  })
})
