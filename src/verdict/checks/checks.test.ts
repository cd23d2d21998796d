import { describe, expect, it } from 'vitest'
import { type Answer, complain, openWorld } from '../fixtures/trace.ts'
import { bodyEncoding } from './body-encoding.ts'
import { bodySchema } from './body-schema.ts'
import { disclosure } from './disclosure.ts'
import { envelope } from './envelope.ts'
import { checks } from './index.ts'
import { mediaType } from './media-type.ts'
import { statusCode } from './status-code.ts'

/** A GET whose responses have the given content, as flow YAML by status. */
const withContent = (content: Record<string, string>, method = 'get') =>
  `  /a: {${method}: {operationId: op, responses: {${Object.entries(content)
    .map(([status, each]) => `'${status}': {description: d, content: ${each}}`)
    .join(', ')}}}}`

const json = '{application/json: {}}'
const bytes = (...codes: number[]) => Uint8Array.from(codes)

it('the checks are told in the order in which a reader asks, each with its source', () => {
  expect(checks.map(({ id, level }) => `${id} ${level}`)).toEqual([
    'status-code must',
    'stability must',
    'answers-together must',
    'protocol must',
    'media-type must',
    'body-encoding must',
    'body-schema must',
    'envelope must',
    'header-schema must',
    'format should',
    'disclosure must',
    'latency should',
  ])
  expect(checks.filter(({ source, cure }) => source === '' || cure === '')).toEqual([])
})

describe('status-code', () => {
  it.each<[documented: string[], expect: string[], status: number, said: string[]]>([
    [['200'], ['200'], 200, []],
    [['200', '202'], ['200', '202'], 202, []],
    [['2XX'], ['2XX'], 204, []],
    [['200', 'default'], ['default'], 418, []],
    [['200', '404'], ['404'], 200, ['404', '200 OK']],
    [['200', '202', '404'], ['2XX'], 404, ['200 or 202', '404 Not Found']],
    [['200', '4XX'], ['409'], 404, ['409', '404 Not Found']],
    [['default'], ['4XX'], 200, ['4XX', '200 OK']],
    [['200', '401'], ['200'], 401, ['200', '401 Unauthorized to the configured credential']],
    [['200', '404'], ['404'], 403, ['404', '403 Forbidden, not among the documented 200, 404']],
    [['200'], ['200'], 799, ['200', '799, not among the documented 200']],
  ])('of %j, where %j is expected: %i', async (documented, expected, status, said) => {
    const world = await openWorld(
      withContent(Object.fromEntries(documented.map((each) => [each, '{}']))),
    )
    const told = complain(statusCode, world, { status }, expected)
    expect(told.flatMap((each) => [each.expected, each.received])).toEqual(said)
    expect(told.map(({ because }) => because)).toEqual(said.length === 0 ? [] : ['it is asked for'])
  })
})

describe('media-type', () => {
  const problem = '{application/json: {}, Application/Problem+JSON;v=1: {}}'
  const promisedJson = ['Content-Type: application/json']

  it.each<[name: string, content: string, Omit<Answer, 'status'>, said: string[]]>([
    ['the documented one', json, { body: '{}' }, []],
    ['in capitals', json, { body: '{}', type: 'APPLICATION/JSON' }, []],
    ['with parameters', json, { body: '{}', type: 'application/json; charset=utf-8' }, []],
    ['with idle parameters', json, { body: '{}', type: ' application/json ;' }, []],
    [
      'documented in capitals and with parameters',
      problem,
      { body: '{}', type: 'application/problem+json' },
      [],
    ],
    ['a range', '{application/*: {}}', { body: '{}', type: 'application/json' }, []],
    ['any', "{'*/*': {}}", { body: 'a', type: 'text/plain' }, []],
    [
      'outside the range',
      '{application/*: {}}',
      { body: 'a', type: 'text/plain' },
      ['Content-Type: application/*', 'Content-Type: text/plain'],
    ],
    [
      'another',
      json,
      { body: 'a', type: 'text/html' },
      [...promisedJson, 'Content-Type: text/html'],
    ],
    [
      'of the same family',
      json,
      { body: '{}', type: 'application/problem+json' },
      [...promisedJson, 'Content-Type: application/problem+json'],
    ],
    [
      'one of several',
      problem,
      { body: 'a', type: 'text/html' },
      ['Content-Type: application/json or Application/Problem+JSON;v=1', 'Content-Type: text/html'],
    ],
    ['none', json, { body: '{}', type: [] }, [...promisedJson, 'no Content-Type']],
    ['an empty one', json, { body: '{}', type: '' }, [...promisedJson, 'Content-Type: ']],
    ['none, and no body either', json, { type: [] }, []],
    [
      'another, and no body',
      json,
      { type: 'text/html' },
      [...promisedJson, 'Content-Type: text/html'],
    ],
    [
      'twice the same',
      json,
      { body: '{}', type: ['application/json', 'Application/JSON; a=b'] },
      [],
    ],
    [
      'two that differ',
      json,
      { body: '{}', type: ['application/json', 'text/html'] },
      [...promisedJson, 'Content-Type: application/json and Content-Type: text/html'],
    ],
    [
      'two in one',
      json,
      { body: '{}', type: 'application/json, application/json' },
      [...promisedJson, 'Content-Type: application/json, application/json'],
    ],
    ['no content, where none is documented', '{}', { type: [] }, []],
    ['a type without content, where none is documented', '{}', {}, []],
    [
      'content, where none is documented',
      '{}',
      { body: 'ab' },
      ['no content, as none is documented', '2 bytes, Content-Type: application/json'],
    ],
  ])('%s', async (_, content, answer, said) => {
    const world = await openWorld(withContent({ '200': content }))
    const told = complain(mediaType, world, { status: 200, ...answer })
    expect(told.flatMap((each) => [each.expected, each.received])).toEqual(said)
  })

  it('content where none is documented is only practice', async () => {
    const world = await openWorld(withContent({ '200': '{}' }))
    expect(complain(mediaType, world, { status: 200, body: 'a' })[0]?.level).toBe('should')
  })

  it('says nothing where there can be no content, or the status is not documented', async () => {
    const world = await openWorld(withContent({ '200': json, '204': json, '304': json }))
    for (const status of [204, 304, 500])
      expect(complain(mediaType, world, { status, type: 'text/html' })).toEqual([])
    const head = await openWorld(withContent({ '200': json }, 'head'))
    expect(complain(mediaType, head, { status: 200, type: [] })).toEqual([])
  })

  it('the most specific of several that fit is the one that is judged by', async () => {
    const world = await openWorld(
      withContent({
        '200':
          "{'*/*': {schema: {const: 1}}, application/*: {schema: {const: 2}}, application/json: {schema: {const: 3}}}",
      }),
    )
    const of = (type: string) =>
      complain(bodySchema, world, { status: 200, body: '0', type }).map((each) => each.expected)
    expect([of('application/json'), of('application/a+json'), of('text/json')]).toEqual([
      ['3'],
      ['2'],
      ['1'],
    ])
  })
})

describe('body-encoding', () => {
  const whole = 'one complete JSON text'

  it.each<[name: string, body: Answer['body'], said: (string | RegExp)[], content?: string]>([
    ['an object', '{"a": 1}', []],
    ['a scalar between white space', ' \r\n\t"a" ', []],
    ['text beyond ASCII', '{"a":"ü€😀"}', []],
    ['nested as deep as is judged', '['.repeat(1000) + ']'.repeat(1000), []],
    ['brackets inside text', JSON.stringify('\\"[['.repeat(2000)), []],
    ['nothing', '', [whole, 'a body: it is empty']],
    ['white space', ' \n', [whole, / {1}\\n: it is empty$/]],
    ['cut off', '{"a":1', [whole, /^\{"a":1: /]],
    ['two texts', '{}{}', [whole, /^\{\}\{\}: /]],
    ['a comma too many', '{"a":1,}', [whole, /JSON/]],
    ['single quotes', "{'a':1}", [whole, /JSON/]],
    ['NaN', '{"a":NaN}', [whole, /JSON/]],
    ['a guard before it', ")]}',\n{}", [whole, /JSON/]],
    ['a byte order mark', '\uFEFF{}', [whole, /it begins with a byte order mark$/]],
    ['latin1', Buffer.from('{"a":"ü"}', 'latin1'), [whole, '{"a":"ü"}: it is not UTF-8']],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), [whole, /\\u0000/]],
    ['an encoded surrogate', bytes(0x22, 0xed, 0xa0, 0x80, 0x22), [whole, /it is not UTF-8$/]],
    [
      'control characters, which reach no terminal',
      '\u001b[31m\u009b',
      [whole, /^\\u001b\[31m\\u009b: /],
    ],
    ['a long text, cut', `[${'1,'.repeat(100)}`, [whole, /^\[(1,)+1?… \(201 characters\): /]],
    ['nested too deep', '['.repeat(200_000), [whole, /: it nests more than 1000 levels deep$/]],
    [
      'a member twice, the values differ',
      '{"a":1,"b":{"c":1,"c":2}}',
      ['the member /b/c once', 'it twice, with different values'],
    ],
    [
      'a member twice, the values equal',
      '{"a":[1],"a":[1.0]}',
      ['the member /a once', 'it twice, with the same value'],
    ],
    ['a type built on JSON', '{', [whole, /JSON/], '{application/vnd.a+json: {}}'],
    ['JSON within a range', '{', [whole, /JSON/], "{'*/*': {}}"],
    ['nothing documented to be JSON', '{', [], '{text/plain: {}}'],
    ['no content documented', '{', [], '{}'],
  ])('%s', async (_, body, said, content = json) => {
    const world = await openWorld(withContent({ '200': content }))
    const type = /[\w/.+]*json|text\/plain/.exec(content)?.[0] ?? 'application/json'
    const told = complain(bodyEncoding, world, { status: 200, body, type } as Answer)
    const texts = told.flatMap((each) => [each.expected, each.received])
    expect(texts).toEqual(
      said.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))),
    )
  })

  it('a member twice is a broken promise where its values differ, else practice', async () => {
    const world = await openWorld(withContent({ '200': json }))
    const levels = (body: string) =>
      complain(bodyEncoding, world, { status: 200, body }).map(({ level }) => level)
    expect(levels('{"a":1,"a":2,"b":0,"b":0}')).toEqual(['must', 'should'])
  })

  it.each<[name: string, content: string, type: string[], said: number]>([
    ['JSON', json, [], 1],
    ['JSON with parameters', "{'application/json; charset=utf-8': {}}", [], 1],
    ['JSON or text', '{application/json: {}, text/plain: {}}', [], 0],
    ['JSON, and another is named', json, ['text/html'], 0],
  ])(
    'an empty body is no JSON where only that is documented: %s',
    async (_, content, type, said) => {
      const world = await openWorld(withContent({ '200': content }))
      expect(complain(bodyEncoding, world, { status: 200, type })).toHaveLength(said)
    },
  )

  it('says what is not what its content coding says, whatever the media type', async () => {
    const undecodable = 'the body is not what Content-Encoding: gzip says'
    for (const content of [json, '{text/plain: {}}']) {
      const world = await openWorld(withContent({ '200': content }))
      const answer = { status: 200, body: 'x', type: 'text/plain', undecodable }
      expect(complain(bodyEncoding, world, answer)).toEqual([
        { expected: 'a body that can be decoded', received: undecodable, rule: 'coding' },
      ])
    }
  })

  it('says nothing where there can be no content', async () => {
    const world = await openWorld(withContent({ '204': json }))
    expect(complain(bodyEncoding, world, { status: 204, type: [] })).toEqual([])
  })
})

describe('body-schema', () => {
  const paths = `  /a:
    get:
      operationId: op
      responses:
        '200':
          description: d
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties:
                  id: {type: integer}
                  mail: {type: string, format: email}
        default: {description: d, content: {application/json: {schema: {const: 1}}}}
        '404': {description: d, content: {application/json: {schema: {type: strnig}}}}`

  it.each<[body: unknown, status: number, said: unknown[]]>([
    [{ id: 1, other: null }, 200, []],
    [[], 200, [['object', '[]', 13, undefined]]],
    [{}, 200, [['property "id" (integer, required)', '{}', 14, undefined]]],
    [{ id: '1' }, 200, [['integer at /id', '"1"', 16, undefined]]],
    [{ id: 1, mail: 'me' }, 200, []],
    [{ id: 1 }, 500, [['1', '{"id":1}', 18, undefined]]],
    [{ id: 1 }, 404, []],
  ])('%j with status %i', async (body, status, said) => {
    const told = complain(bodySchema, await openWorld(paths), {
      status,
      body: JSON.stringify(body),
    })
    expect(
      told.map(({ expected, received, promised, level }) => [
        expected,
        received,
        promised?.line,
        level,
      ]),
    ).toEqual(said)
  })

  it('does not judge what is no JSON, or has another media type', async () => {
    const world = await openWorld(paths)
    expect(complain(bodySchema, world, { status: 200, body: '{' })).toEqual([])
    expect(complain(bodySchema, world, { status: 200, body: '[]', type: 'text/html' })).toEqual([])
  })

  it('judges the deepest answer that is judged at all by a schema that refers to itself', async () => {
    const world = await openWorld(`${withContent({
      '200': "{application/json: {schema: {$ref: '#/components/schemas/List'}}}",
    })}
components: {schemas: {List: {type: array, items: {$ref: '#/components/schemas/List'}}}}`)
    const nest = (inside: string) => '['.repeat(1000) + inside + ']'.repeat(1000)
    const count = (body: string) => complain(bodySchema, world, { status: 200, body }).length
    expect([nest(''), nest('1'), '['.repeat(1001) + ']'.repeat(1001)].map(count)).toEqual([0, 1, 0])
  })
})

describe('envelope', () => {
  const said = `2XX:
  type: object
  required: [success]
  properties:
    success: {const: true}
    error: {type: 'null'}
4XX:
  type: object
  required: [success, error]
  properties:
    success: {const: false}
    error: {type: string, pattern: '\\S'}
    data: {type: 'null'}
'404': {properties: {code: {const: 404}}}`
  const refusal = (rest: object) => ({ success: false, error: 'no', ...rest })

  it.each<[name: string, status: number, body: unknown, said: unknown[]]>([
    ['a success', 200, { success: true, data: {} }, []],
    ['with members that are nobody’s concern', 200, { success: true, more: 1 }, []],
    ['with a null error', 200, { success: true, error: null }, []],
    ['that says false', 200, { success: false }, [['true at /success', 'false', 5]]],
    ['that says nothing', 200, {}, [['property "success" (required)', '{}', 3]]],
    ['that says text', 200, { success: 'true' }, [['true at /success', '"true"', 5]]],
    ['with an error', 200, { success: true, error: 'x' }, [['null at /error', '"x"', 6]]],
    ['with an empty error', 200, { success: true, error: '' }, [['null at /error', '""', 6]]],
    ['that is a list', 200, [], [['object', '[]', 2]]],
    ['a refusal', 400, refusal({}), []],
    ['with null data', 400, refusal({ data: null }), []],
    ['that says true', 400, refusal({ success: true }), [['false at /success', 'true', 11]]],
    ['with data', 400, refusal({ data: {} }), [['null at /data', '{}', 13]]],
    [
      'with a blank error',
      400,
      refusal({ error: ' ' }),
      [['text that matches \\S at /error', '" "', 12]],
    ],
    ['with a null error', 400, refusal({ error: null }), [['string at /error', 'null', 12]]],
    [
      'without error',
      400,
      { success: false },
      [['property "error" (string, required)', '{"success":false}', 9]],
    ],
    [
      'every lie at once',
      400,
      { success: true, error: '', data: 1 },
      [
        ['false at /success', 'true', 11],
        ['text that matches \\S at /error', '""', 12],
        ['null at /data', '1', 13],
      ],
    ],
    ['a code beats its range', 404, { success: true }, []],
    ['and is kept', 404, { code: 400 }, [['404 at /code', '400', 14]]],
    ['a status that it does not speak of', 500, { success: true }, []],
  ])('%s, %i', async (_, status, body, complaints) => {
    const world = await openWorld(withContent({ default: json }), { envelope: said })
    const told = complain(envelope, world, { status, body: JSON.stringify(body) })
    expect(
      told.map(({ expected, received, promised }) => [expected, received, promised?.line]),
    ).toEqual(complaints)
    expect(new Set(told.map(({ promised }) => promised?.file)).size).toBeLessThanOrEqual(1)
  })

  it('does not say again what the schema says, and only that', async () => {
    const schema = `{schema: {type: object, required: [error], properties: {success: {type: boolean}, error: {type: string, format: email}}}}`
    const world = await openWorld(withContent({ '400': `{application/json: ${schema}}` }), {
      envelope: said,
    })
    const told = (body: object) =>
      complain(envelope, world, { status: 400, body }).map((each) => each.expected)
    expect(told({ success: 'no' })).toEqual([])
    expect(told({ success: 'no', error: 'a@b.c', data: 1 })).toEqual(['null at /data'])
    expect(told({ success: true })).toEqual(['false at /success'])
    expect(told({ success: false, error: ' ' })).toEqual(['text that matches \\S at /error'])
  })

  it.each<[name: string, content: string, Omit<Answer, 'status'>, told: number]>([
    ['JSON', json, { body: '{}' }, 1],
    ['JSON, although no content is documented', '{}', { body: '{}' }, 1],
    ['another media type than is documented', json, { body: '{}', type: 'text/json' }, 0],
    ['no JSON', '{text/html: {}}', { body: '{}', type: 'text/html' }, 0],
    ['broken JSON', json, { body: '{' }, 0],
  ])('judges only what came as JSON: %s', async (_, content, answer, told) => {
    const world = await openWorld(withContent({ '200': content }), { envelope: said })
    expect(complain(envelope, world, { status: 200, ...answer })).toHaveLength(told)
  })

  it('is promised by the document of the suite, not by every document', async () => {
    const world = await openWorld(withContent({ '200': json }))
    expect(complain(envelope, world, { status: 200, body: '{}' })).toEqual([])
    const other = await openWorld(withContent({ '200': json }), { envelope: said })
    expect(complain(envelope, other, { status: 400, body: '{}' })).toEqual([])
  })
})

describe('disclosure', () => {
  const at = (...places: string[]) => places.map((where) => ({ secret: '$KEY', where }))

  it.each<
    [name: string, status: number, disclosed: NonNullable<Answer['disclosed']>, said: string[]]
  >([
    ['no credential', 200, [], []],
    ['one in the body', 200, at('body'), ['a credential in the body, shown here as ***']],
    [
      'several in two places',
      200,
      at('body', 'header X-Key', 'body'),
      [
        'a credential in the body, shown here as ***',
        'a credential in the header X-Key, shown here as ***',
      ],
    ],
    [
      'one where the status is not documented',
      500,
      at('body'),
      ['a credential in the body, shown here as ***'],
    ],
  ])('%s', async (_, status, disclosed, said) => {
    const world = await openWorld(withContent({ '200': json }))
    const told = complain(disclosure, world, { status, body: '{}', disclosed })
    expect(told.map(({ received }) => received)).toEqual(said)
  })
})
