import { describe, expect, it } from 'vitest'
import { parseSource } from '../document/index.ts'
import { AssayError, formatPosition } from '../errors.ts'
import { type Pact, readPact } from './index.ts'

const request = { method: 'get', path: '/things' }
const response = { status: 200 }
const one = { description: 'a thing', request, response }

function pact(version: string | undefined, ...interactions: readonly object[]) {
  const metadata = version === undefined ? {} : { metadata: { pactSpecification: { version } } }
  return { consumer: { name: 'web' }, provider: { name: 'things' }, interactions, ...metadata }
}

async function read(value: unknown): Promise<Pact> {
  return readPact(await parseSource(JSON.stringify(value, null, 2), 'web-things.json'))
}

/** The first interaction of a pact whose only interaction differs from `one` in these members. */
async function readOne(version: string | undefined, members: object) {
  const { interactions } = await read(pact(version, { ...one, ...members }))
  const [interaction] = interactions
  if (interaction === undefined) throw new Error('there is no interaction')
  return interaction
}

const requestOf = async (version: string | undefined, members: object) =>
  (await readOne(version, { request: { ...request, ...members } })).request

describe('the version', () => {
  it.each([
    ['1.0.0', 2],
    ['1.1', 2],
    ['2.0.0', 2],
    ['3.0.0', 3],
    ['4.0', 4],
  ])('%s is read as %i', async (version, expected) => {
    expect((await read(pact(version, one))).version).toBe(expected)
  })

  it('is found in the places where older libraries wrote it', async () => {
    const bare = pact(undefined, one)
    const old = { ...bare, metadata: { 'pact-specification': { version: '3.0.0' } } }
    const oldest = { ...bare, metadata: { pactSpecificationVersion: '3.0.0' } }
    expect((await read(old)).version).toBe(3)
    expect((await read(oldest)).version).toBe(3)
  })

  it('is 2 where none is named, unless the pact has what only 3 knows', async () => {
    expect((await read(pact(undefined, one))).version).toBe(2)
    expect((await read(pact(undefined, { ...one, providerStates: [] }))).version).toBe(3)
  })
})

describe('provider states', () => {
  it.each([
    [{ providerState: 'a thing exists' }, [{ name: 'a thing exists', params: {} }]],
    [{ provider_state: 'a thing exists' }, [{ name: 'a thing exists', params: {} }]],
    [{ providerState: null }, []],
    [
      { providerStates: [{ name: 'a', params: { n: 1 } }, { name: 'b' }] },
      [
        { name: 'a', params: { n: 1 } },
        { name: 'b', params: {} },
      ],
    ],
    [{}, []],
  ])('%j', async (members, states) => {
    expect((await readOne('3.0.0', members)).states).toEqual(states)
  })
})

describe('a request', () => {
  it('has its method in upper case', async () => {
    expect((await requestOf('2.0.0', {})).method).toBe('GET')
  })

  it.each([
    [
      '2.0.0',
      'a=1&a=2&b=x+y%2Fz&c',
      [
        ['a', '1'],
        ['a', '2'],
        ['b', 'x y/z'],
        ['c', ''],
      ],
    ],
    ['2.0.0', '100%=1', [['100%', '1']]],
    [
      '3.0.0',
      { a: ['1', '2'], b: 'x y' },
      [
        ['a', '1'],
        ['a', '2'],
        ['b', 'x y'],
      ],
    ],
    ['4.0', { flag: [null] }, [['flag', '']]],
  ])('of version %s has the query %j', async (version, query, expected) => {
    expect((await requestOf(version, { query })).query).toEqual(expected)
  })

  it('keeps header values whole, for a comma may belong to a date or a text', async () => {
    const headers = { Date: 'Wed, 21 Oct 2015 07:28:00 GMT', Accept: ['text/plain', 'text/html'] }
    expect((await requestOf('3.0.0', { headers })).headers).toEqual([
      ['Date', 'Wed, 21 Oct 2015 07:28:00 GMT'],
      ['Accept', 'text/plain'],
      ['Accept', 'text/html'],
    ])
  })
})

describe('a body', () => {
  const json = { 'Content-Type': 'application/json' }
  const plain = { 'Content-Type': 'text/plain' }

  async function bodyOf(version: string, members: object) {
    const { body } = await requestOf(version, members)
    if (body.kind !== 'content') return body.kind
    return {
      text: Buffer.from(body.bytes).toString(),
      json: body.json?.value,
      type: body.mediaType,
    }
  }

  it.each([
    ['2.0.0', {}, 'none'],
    ['2.0.0', { body: null }, 'empty'],
    ['2.0.0', { body: '' }, 'empty'],
    ['4.0', { body: { content: null } }, 'empty'],
    ['4.0', { body: { content: '', contentType: 'application/json' } }, 'empty'],
    ['4.0', { body: {} }, 'none'],
  ])('of version %s, %j, is %s', async (version, members, kind) => {
    expect(await bodyOf(version, members)).toBe(kind)
  })

  it('is JSON where it is written as JSON, up to version 3', async () => {
    const expected = { text: '{"a":1}', json: { a: 1 }, type: 'application/json' }
    expect(await bodyOf('2.0.0', { headers: json, body: { a: 1 } })).toEqual(expected)
    expect(await bodyOf('3.0.0', { headers: json, body: '{"a":1}' })).toEqual(expected)
  })

  it('is a JSON string where the text is no JSON but the media type is', async () => {
    expect(await bodyOf('3.0.0', { headers: json, body: 'hello' })).toMatchObject({ json: 'hello' })
  })

  it('is a text where the media type is no JSON, whatever it looks like', async () => {
    expect(await bodyOf('2.0.0', { headers: plain, body: '{}' })).toMatchObject({ json: undefined })
    const body = { content: '[1]', contentType: 'text/plain', encoded: false }
    expect(await bodyOf('4.0', { body })).toMatchObject({ text: '[1]', json: undefined })
  })

  it.each([
    [{ content: { a: 1 }, contentType: 'application/json', encoded: false }, { a: 1 }],
    [{ content: 'hi', contentType: 'application/json' }, 'hi'],
    [{ content: '{"a":1}', contentType: 'application/json', encoded: 'json' }, { a: 1 }],
    [{ content: 'eyJhIjoxfQ==', contentType: 'application/json', encoded: 'base64' }, { a: 1 }],
    [{ content: 'eyJhIjoxfQ==', contentType: 'application/hal+json', encoded: true }, { a: 1 }],
  ])('of version 4, %j, is decoded', async (body, expected) => {
    expect(await bodyOf('4.0', { body })).toMatchObject({ json: expected })
  })

  it('takes its media type from the header where the body names none', async () => {
    expect(await bodyOf('4.0', { headers: json, body: { content: 'x' } })).toMatchObject({
      type: 'application/json',
    })
  })
})

describe('matching rules', () => {
  const name = (text: string) => ({ kind: 'name', name: text })

  it('of version 2 are told in the shape of version 3', async () => {
    const { rules } = await requestOf('2.0.0', {
      matchingRules: {
        '$.path': { match: 'regex', regex: '/things/\\d+' },
        '$.headers.X-Id': { regex: '\\d+' },
        '$.query.page': { match: 'type' },
        "$.body['a.b'][*].c": { min: 1 },
      },
    })
    expect(rules.map(({ category, at, matchers }) => [category, at, matchers[0]?.match])).toEqual([
      ['path', [], 'regex'],
      ['header', [name('X-Id')], 'regex'],
      ['query', [name('page')], 'type'],
      ['body', [name('a.b'), { kind: 'any' }, name('c')], 'type'],
    ])
  })

  it('of version 3 stand by category, with the way in which they combine', async () => {
    const matchers = [{ match: 'number' }, { match: 'null' }]
    const { rules } = await requestOf('3.0.0', {
      matchingRules: {
        path: { combine: 'AND', matchers: [{ match: 'equality' }] },
        header: { 'X-Id': { matchers: [{ match: 'timestamp', timestamp: 'yyyy' }] } },
        query: { 'page[0]': { matchers: [{ match: 'integer' }] } },
        body: { '$.a': { combine: 'OR', matchers } },
      },
    })
    expect(rules.map(({ category, at, combine }) => [category, at.length, combine])).toEqual([
      ['path', 0, 'AND'],
      ['header', 1, 'AND'],
      ['query', 2, 'AND'],
      ['body', 1, 'OR'],
    ])
    expect(rules[1]?.matchers[0]?.match).toBe('datetime')
  })

  it('and generators say where they stand in the file', async () => {
    const { generators } = await requestOf('4.0', {
      generators: { path: { type: 'ProviderState', expression: '/things/${id}' } },
    })
    expect(generators).toEqual([
      {
        category: 'path',
        at: [],
        type: 'ProviderState',
        settings: { expression: '/things/${id}' },
        pointer: '/interactions/0/request/generators/path',
      },
    ])
  })
})

describe('messages', () => {
  const message = { type: 'Asynchronous/Messages', description: 'a thing was made' }

  it('of version 4 stand apart from what is HTTP', async () => {
    const { interactions, messages } = await read(
      pact('4.0', { ...one, type: 'Synchronous/HTTP' }, message),
    )
    expect(interactions).toHaveLength(1)
    expect(messages).toEqual([{ ...message, pointer: '/interactions/1' }])
  })

  it('of version 3 stand in a list of their own', async () => {
    const { messages } = await read({ ...pact('3.0.0', one), messages: [message] })
    expect(messages).toEqual([{ ...message, pointer: '/messages/0' }])
  })
})

describe('what is refused', () => {
  const error = async (text: string) => {
    try {
      readPact(await parseSource(text, 'p.json'))
    } catch (caught) {
      if (caught instanceof AssayError)
        return [caught.code, caught.at === undefined ? '' : formatPosition(caught.at)]
      throw caught
    }
    return 'nothing'
  }
  const of = (value: unknown) => error(JSON.stringify(value, null, 1))
  const withOne = (members: object) => of(pact('3.0.0', { ...one, ...members }))

  it.each([
    ['a: 1', 'SOURCE_SYNTAX', 'p.json:1:1'],
    ['{"a": 1,\n}', 'SOURCE_SYNTAX', 'p.json:2:1'],
    ['{"openapi": "3.1.0"}', 'PACT_NOT_A_PACT', 'p.json:1:1'],
    ['[]', 'PACT_NOT_A_PACT', 'p.json:1:1'],
  ])('%j', async (text, code, place) => {
    expect(await error(text)).toEqual([code, place])
  })

  it('no interaction, and messages alone', async () => {
    expect(await of(pact('3.0.0'))).toEqual(['PACT_NO_INTERACTIONS', 'p.json:8:2'])
    const message = { type: 'Synchronous/Messages', description: 'm' }
    expect(await of(pact('4.0', message))).toEqual(['PACT_NO_INTERACTIONS', 'p.json:1:1'])
  })

  it.each(['5.0', '0.9', '12', 'latest', '', null, {}])('the version %j', async (version) => {
    const value = { ...pact('3.0.0', one), metadata: { pactSpecification: { version } } }
    expect((await of(value))[0]).toBe('PACT_VERSION_UNSUPPORTED')
  })

  it('the same description and states twice, whatever the order of the parameters', async () => {
    const state = (params: object) => ({ ...one, providerStates: [{ name: 's', params }] })
    const twice = [state({ a: 1, b: 2 }), state({ b: 2, a: 1 })]
    expect((await of(pact('3.0.0', ...twice)))[0]).toBe('PACT_INTERACTION_DUPLICATE')
    const other = await read(pact('3.0.0', state({ a: 1 }), state({ a: 2 })))
    expect(other.interactions).toHaveLength(2)
  })

  it.each([
    [{ description: 7 }],
    [{ request: undefined }],
    [{ request: { path: '/' } }],
    [{ request: { method: 'GET', path: 1 } }],
    [{ response: {} }],
    [{ response: { status: 'ok' } }],
    [{ response: { status: 99 } }],
    [{ request: { ...request, headers: ['a'] } }],
    [{ request: { ...request, query: { a: {} } } }],
    [{ request: { ...request, matchingRules: { body: { '$.a': 'type' } } } }],
    [{ request: { ...request, matchingRules: { '$.nowhere.a': { match: 'type' } } } }],
    [{ request: { ...request, generators: { path: { expression: 'x' } } } }],
    [{ providerStates: [{ title: 'x' }] }],
  ])('the shape %j', async (members) => {
    expect(await withOne(members)).toEqual([
      'PACT_INVALID',
      expect.stringMatching(/^p\.json:\d+:\d+$/),
    ])
  })

  it.each([
    [{ content: '{', encoded: 'json' }],
    [{ content: '***', encoded: 'base64' }],
    [{ content: 'x', encoded: 'gzip' }],
    [{ content: 'x', contentType: 7 }],
    ['bare'],
  ])('the body %j of version 4', async (body) => {
    expect((await of(pact('4.0', { ...one, request: { ...request, body } })))[0]).toBe(
      'PACT_INVALID',
    )
  })

  it('an unknown type of interaction', async () => {
    expect((await of(pact('4.0', { ...one, type: 'Carrier/Pigeon' })))[0]).toBe('PACT_INVALID')
  })

  it('matchers that the Ruby library wrote as values', async () => {
    const body = { id: { json_class: 'Pact::Term', data: {} } }
    const old = { ...one, response: { status: 200, body } }
    expect((await of(pact('1.0.0', old)))[0]).toBe('PACT_INVALID')
  })
})
