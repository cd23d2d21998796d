import { expect, it } from 'vitest'
import { readEvidence } from '../evidence.ts'
import { answered, complain, openWorld } from '../fixtures/trace.ts'
import { bodyEncoding } from './body-encoding.ts'
import { bodySchema } from './body-schema.ts'
import { disclosure } from './disclosure.ts'
import { format } from './format.ts'
import { latency } from './latency.ts'

const paths = `  /a:
    get:
      operationId: op
      responses:
        '200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
        '404': {description: see /opt/app/docs/errors.txt, content: {application/json: {}}}
components:
  schemas:
    User:
      type: object
      required: [id, pin]
      properties:
        id: {type: string, format: uuid}
        pin: {type: string, writeOnly: true}
        friends: {type: array, items: {$ref: '#/components/schemas/User'}}
        secrets: {type: object, additionalProperties: {allOf: [{type: string}, {writeOnly: true}]}}`

const world = await openWorld(paths)
const id = '550e8400-e29b-41d4-a716-446655440000'

it('a format is a finding of its own, and practice where it is an annotation', () => {
  const body = { id: 'x', friends: [{ id: 7 }] }
  expect(complain(format, world, { status: 200, body })).toMatchObject([
    { expected: 'a value in the format "uuid" at /id', received: '"x"', level: 'should' },
  ])
  expect(
    complain(bodySchema, world, { status: 200, body }).map(({ expected }) => expected),
  ).toEqual(['string at /friends/0/id'])
})

it.each<[body: object, places: string[]]>([
  [{ id }, []],
  [{ id, pin: '1' }, ['/pin']],
  [{ id, friends: [{ id }, { id, pin: '1' }] }, ['/friends/1/pin']],
  [{ id, secrets: { a: '1', b: '2' } }, ['/secrets/a', '/secrets/b']],
])('what is only ever sent should not come back: %j', (body, places) => {
  expect(
    complain(bodySchema, world, { status: 200, body }).map(({ expected, level }) => [
      expected,
      level,
    ]),
  ).toEqual(places.map((place) => [`no value at ${place}, which is writeOnly`, 'should']))
})

it('JSON inside a JSON text is said once, and only where no text is wanted', () => {
  const body = JSON.stringify(JSON.stringify({ id }))
  expect(complain(bodyEncoding, world, { status: 200, body })).toMatchObject([
    { received: expect.stringContaining('it is JSON inside a JSON string') },
  ])
  expect(complain(bodySchema, world, { status: 200, body })).toEqual([])
  expect(complain(bodyEncoding, world, { status: 404, body })).toEqual([])
  expect(complain(bodySchema, world, { status: 200, body: '"text"' })).toHaveLength(1)
})

it('a body that was cut is that, whatever is left of it', () => {
  const flaws = [{ kind: 'cut', what: 'the connection was closed after 1 of 9 bytes' }] as const
  for (const type of ['application/json', 'text/html'])
    expect(complain(bodyEncoding, world, { status: 404, body: '{', type, flaws })).toEqual([
      {
        expected: 'the whole body',
        received: 'the connection was closed after 1 of 9 bytes',
        rule: 'cut',
      },
    ])
})

it('time is judged by the declared budget alone, and only where we did not make it long ourselves', async () => {
  const [step] = world.probe('200/valid').script.steps
  if (step === undefined) throw new Error('no step')
  const took = (ms: number, latencyBudget?: number, manner?: 'raw' | 'beside-others') =>
    latency.run(
      readEvidence(
        { step, exchange: { ...answered({ status: 200 }), ms }, ...(manner && { manner }) },
        { ...world.promises, latencyBudget },
      ),
    ).length
  expect([took(9999), took(100, 100), took(101, 100)]).toEqual([0, 0, 1])
  expect([took(101, 100, 'raw'), took(101, 100, 'beside-others')]).toEqual([0, 0])
})

it.each<[name: string, status: number, body: unknown, headers: [string, string][], said: string[]]>(
  [
    [
      'a trace in a refusal',
      404,
      { e: 'x\n at run (/a/b.js:1:2)' },
      [],
      ['no stack trace in an answer'],
    ],
    [
      'a trace in a list of lines',
      404,
      ['x', 'at run (b.js:1:2)'],
      [],
      ['no stack trace in an answer'],
    ],
    ['a host in a refusal', 404, { e: '10.0.0.1' }, [], ['no internal host in an answer']],
    ['a host as data of a success', 200, { id: '10.0.0.1' }, [], []],
    [
      'a trace in a success',
      200,
      { id: 'Traceback (most recent call last):' },
      [],
      ['no stack trace in an answer'],
    ],
    [
      'a host in a header of a success',
      200,
      {},
      [['X-A', 'db.internal']],
      ['no internal host in an answer'],
    ],
    ['what the document says itself', 404, { e: '/opt/app/docs/errors.txt' }, [], []],
  ],
)('%s', (_, status, body, headers, said) => {
  const told = complain(disclosure, world, { status, body: JSON.stringify(body), headers })
  expect(told.map(({ expected }) => expected)).toEqual(said)
  expect(told.filter(({ level }) => level !== 'should')).toEqual([])
})

it('what the request named, and the host that was asked, is given away already', () => {
  const [step] = world.probe('200/valid').script.steps
  if (step === undefined) throw new Error('no step')
  const request = { method: 'GET', url: 'http://10.0.0.1/a/%2Fetc%2Fapp%2Fx.conf', headers: [] }
  const said = (error: string) =>
    disclosure.run(
      readEvidence(
        { step, exchange: answered({ status: 404, body: { error } }, request) },
        world.promises,
      ),
    ).length
  expect([said('no /etc/app/x.conf at 10.0.0.1'), said('10.0.0.2')]).toEqual([0, 1])
})

it('a value that a state answered is no credential unless the probe shows it as one', () => {
  const [step] = world.probe('200/valid').script.steps
  if (step === undefined) throw new Error('no step')
  const said = (secret: string, credentials: readonly string[], extent?: 'part') =>
    disclosure
      .run(
        readEvidence(
          {
            step,
            exchange: answered({
              status: 200,
              disclosed: [{ secret, where: 'body', ...(extent && { extent }) }],
            }),
          },
          world.promises,
          { credentials: new Set(credentials) },
        ),
      )
      .map(({ level }) => level ?? 'must')
  expect(said('{existing.name}', [])).toEqual([])
  expect(said('{existing.token}', ['{existing.token}'])).toEqual(['must'])
  expect(said('$KEY', [])).toEqual(['must'])
  expect(said('$KEY', [], 'part')).toEqual(['should'])
})
