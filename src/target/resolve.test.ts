import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Document, parseSource, readDocument } from '../document/index.ts'
import { AssayError } from '../errors.ts'
import {
  bareSuite,
  chooseTargets,
  type Environment,
  embeddedTarget,
  parseForm,
  resolveTarget,
  reveal,
  revealAll,
  Secret,
  type Suite,
  type Target,
  type TargetEntry,
  type TargetOptions,
} from './index.ts'

let folder: string
let document: Document
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
  document = await documentWith({ servers: [{ url: 'https://api.example.com/v1' }] })
})
afterAll(() => rm(folder, { recursive: true }))

async function documentWith(more: object, inPath: object = {}, inGet: object = {}) {
  const get = { responses: { 200: { description: '' } }, ...inGet }
  const info = { title: 'T', version: '1' }
  const root = { openapi: '3.1.0', info, paths: { '/': { get, ...inPath } }, ...more }
  return readDocument(await parseSource(JSON.stringify(root), 'https://host.example/api.json'))
}

const suiteWith = (more: Partial<Suite>): Suite => ({ ...bareSuite('api.yaml'), folder, ...more })

type Given = {
  readonly suite?: Partial<Suite>
  readonly options?: TargetOptions
  readonly environment?: Environment
}

/** The targets that a suite and a command line name, resolved. */
function resolve({ suite: more = {}, options = {}, environment = {} }: Given): readonly Target[] {
  const suite = suiteWith(more)
  return chooseTargets(suite, options).map(({ name, entry }) =>
    resolveTarget(name, entry, { suite, document, environment }),
  )
}

function resolveOne(entry: TargetEntry, given: Given = {}): Target {
  const suite = { ...given.suite, targets: { t: { url: 'http://h', ...entry } } }
  const [target] = resolve({ ...given, suite })
  if (target === undefined) throw new Error('no target')
  return target
}

function refusal(work: () => unknown): AssayError {
  try {
    work()
  } catch (error) {
    if (error instanceof AssayError) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('the targets of a run', () => {
  const targets = { one: { url: 'http://one' }, two: { url: 'http://two' } }

  test.each<[string, Partial<Suite>, TargetOptions, readonly string[]]>([
    ['those that the suite runs', { run: ['two'] }, {}, ['two']],
    ['all, where it runs none', {}, {}, ['one', 'two']],
    ['those that are named, each once', { run: ['two'] }, { names: ['one', 'one'] }, ['one']],
    ['all by that word', { run: ['two'] }, { names: ['all'] }, ['one', 'two']],
    ['the URLs and no others', { run: ['two'] }, { urls: ['http://a'], names: ['one'] }, ['a']],
    [
      'URLs by their host, told apart by number',
      {},
      { urls: ['http://a:1', 'http://a:2/x', 'http://a:1/y', 'http://a:1', '${U}'] },
      ['a:1', 'a:2', 'a:1#2', 'a:1#3', '${U}'],
    ],
  ])('are %s', (_, suite, options, names) => {
    const chosen = chooseTargets(suiteWith({ targets, ...suite }), options)
    expect(chosen.map(({ name }) => name)).toEqual(names)
  })

  test.each<[string, object, string]>([
    ['twoo', targets, 'did you mean "two"?'],
    ['elsewhere', targets, 'it has one, two'],
    ['constructor', targets, 'it has one, two'],
    ['one', {}, 'give the base URL of one with -u URL'],
  ])('must be known: %s', (name, known, hint) => {
    const error = refusal(() =>
      chooseTargets(suiteWith({ targets: { ...known } }), { names: [name] }),
    )
    expect([error.code, error.hint]).toEqual(['TARGET_UNKNOWN', hint])
  })
})

test('an option goes before a target, and a target before the defaults', () => {
  const defaults = {
    workers: 1,
    requestBudget: 1,
    creationBudget: 1,
    safety: 'disposable',
  } as const
  const given = { suite: { defaults }, options: { workers: 3, connectTimeout: 3 } }
  const { limits, safety } = resolveOne({ workers: 2, requestBudget: 2 }, given)
  expect(safety).toBe('disposable')
  expect(limits).toEqual({
    workers: 3,
    rate: undefined,
    requestBudget: 2,
    creationBudget: 1,
    connectTimeout: 3,
    requestTimeout: 10_000,
    probeTimeout: 60_000,
    patience: 60_000,
    retries: 0,
    bodyLimit: 8 * 1024 * 1024,
  })
})

test('an option without a value leaves what the suite says', () => {
  const options = { workers: undefined } as unknown as TargetOptions
  expect(resolveOne({ workers: 2 }, { options }).limits.workers).toBe(2)
})

test.each([
  ['5/s', 5],
  ['30/m', 0.5],
])('the rate limit %s lets in %d per second', (rateLimit, rate) => {
  expect(resolveOne({ rateLimit }).limits.rate).toBe(rate)
})

test('headers of all layers are sent, those of one name by precedence, whatever their case', () => {
  const { headers } = resolveOne(
    { headers: { 'X-B': 'target', 'x-c': 'target' } },
    {
      suite: { defaults: { headers: { 'X-A': 'default', 'x-b': 'default' } } },
      options: { headers: { 'X-C': 'option' } },
    },
  )
  expect(headers).toEqual([
    ['X-A', 'default'],
    ['X-B', 'target'],
    ['X-C', 'option'],
  ])
})

const book = { s: { setup: [{ request: { method: 'POST', path: '/' } }] } }

test.each<[string, TargetEntry, TargetOptions, string]>([
  ['defaults', {}, {}, 'url'],
  ['the target', { recipes: 'book' }, {}, 'recipes'],
  ['an option', { recipes: 'book' }, { states: { url: '/s' } }, 'url'],
])('the way to arrange states is that of %s', (_, entry, options, kind) => {
  const suite = { recipes: { book }, defaults: { states: { url: '/s' } } }
  expect(resolveOne(entry, { suite, options }).states?.kind).toBe(kind)
})

test('recipes must be known', () => {
  const error = refusal(() => resolveOne({ recipes: 'bok' }, { suite: { recipes: { book } } }))
  expect([error.code, error.hint]).toEqual(['SUITE_RECIPES_UNKNOWN', 'it has book'])
})

describe('a base URL', () => {
  test.each([
    ['http://h/', 'http://h'],
    ['https://H.example:8443/v1//', 'https://h.example:8443/v1'],
    ['http://${HOST}/${PREFIX}', 'http://there/v2'],
  ])('is scheme, host and path prefix: %s', (url, baseUrl) => {
    expect(resolveOne({ url }, { environment: { HOST: 'there', PREFIX: 'v2' } }).baseUrl).toBe(
      baseUrl,
    )
  })

  test.each<[string, Environment]>([
    ['not set', {}],
    ['empty', { BASE: '' }],
  ])('is missed where its variable is %s', (_, environment) => {
    const error = refusal(() => resolveOne({ url: '${BASE}' }, { environment }))
    expect([error.code, error.hint]).toEqual([
      'TARGET_URL_MISSING',
      'set BASE to it, or give it with -u URL',
    ])
  })

  test.each([
    'http://alice:hunter2@h',
    'http://hunter2@h',
    'alice:hunter2@h',
    'htps://alice:hunter2@h/x',
    '//alice:hunter2@h',
    'http://alice:hunter2@h:port',
    'http://h/?key=hunter2',
    'h?key=hunter2',
    'http://h/#hunter2',
  ])('with a credential is refused and not echoed: %s', (url) => {
    for (const work of [() => resolve({ options: { urls: [url] } }), () => resolveOne({ url })]) {
      const error = refusal(work)
      expect(error.code).toBe('TARGET_URL_INVALID')
      expect(inspect(error, { depth: 9 })).not.toContain('hunter2')
    }
  })

  test('with a credential from the environment is refused and not echoed either', () => {
    const environment = { BASE: 'ftp://alice:hunter2@h' }
    const error = refusal(() => resolveOne({ url: '${BASE}' }, { environment }))
    expect(error.message).toBe('target t: "ftp://***@h" is no http or https URL')
  })

  test.each(['localhost:3000', 'staging.example.com', ''])(
    'without scheme is refused: "%s"',
    (url) => {
      const error = refusal(() => resolve({ options: { urls: [url] } }))
      expect([error.code, error.message]).toEqual([
        'TARGET_URL_INVALID',
        `target ${url}: ${JSON.stringify(url)} is no http or https URL`,
      ])
    },
  )
})

describe('a state URL', () => {
  test.each([
    ['/states', 'http://h/v1/states', 'h:80'],
    ['states/', 'http://h/v1/states/', 'h:80'],
    ['http://other:1/states', 'http://other:1/states', 'other:1'],
    ['${S}', 'http://h/v1/x', 'h:80'],
  ])('is whole or continues the base URL: %s', (url, whole, place) => {
    const { states, allowedHosts } = resolveOne(
      { url: 'http://h/v1/', states: { url } },
      { environment: { S: '/x' } },
    )
    expect(states).toMatchObject({ kind: 'url', url: whole })
    expect(allowedHosts).toContain(place)
  })

  test('has headers of its own', () => {
    const { states, headers } = resolveOne({ states: { url: '/s', headers: { A: 'b' } } })
    expect(states).toMatchObject({ headers: [['A', 'b']] })
    expect(headers).toEqual([])
  })

  test('that is none, or holds a credential, is refused', () => {
    const texts = ['ftp://h/s', 'http://a:hunter2@h/s', '/s?key=hunter2']
    const errors = texts.map((url) => refusal(() => resolveOne({ states: { url } })))
    expect(errors.map(({ code }) => code)).toEqual(texts.map(() => 'TARGET_URL_INVALID'))
    expect(errors.map(({ message }) => message).join()).not.toContain('hunter2')
  })
})

test('the hosts of base URL and state URL are allowed, and those that the target names', () => {
  const entry = { states: { url: 'http://s:1/x' }, allowedHosts: ['other'] }
  expect(resolveOne(entry).allowedHosts).toEqual(['h:80', 's:1', 'other'])
})

describe('a credential', () => {
  const form = parseForm('key-{API_KEY}')

  test.each(['aKxq7TT0mZ', 'key-aKxq7TT0mZ', ' aKxq7TT0mZ\n'])(
    'comes from the environment: %j',
    (KEY) => {
      const { credential } = resolveOne(
        { credential: { env: 'KEY' } },
        { suite: { form }, environment: { KEY } },
      )
      if (credential === undefined) throw new Error('no credential')
      expect([reveal(credential), credential.name]).toEqual(['aKxq7TT0mZ', '$KEY'])
    },
  )

  test('comes from a file beside the suite file', async () => {
    await writeFile(path.join(folder, 'key.txt'), 'key-aKxq7TT0mZ\n')
    const { credential } = resolveOne({ credential: { file: 'key.txt' } }, { suite: { form } })
    if (credential === undefined) throw new Error('no credential')
    expect([reveal(credential), credential.name]).toEqual(['aKxq7TT0mZ', '$(cat key.txt)'])
  })

  test.each<[string, object, Environment, string]>([
    ['is not set', { env: 'KEY' }, {}, 'set KEY; its value is never printed'],
    ['is blank', { env: 'KEY' }, { KEY: ' ' }, 'set KEY; its value is never printed'],
    [
      'is a prefix without a key',
      { env: 'KEY' },
      { KEY: 'key-' },
      'set KEY; its value is never printed',
    ],
    ['stands in a file that is not there', { file: 'no.txt' }, {}, 'no.txt cannot be read'],
    ['stands in an empty file', { file: 'empty.txt' }, {}, 'empty.txt holds no key'],
  ])('is missed where it %s', async (_, credential, environment, hint) => {
    await writeFile(path.join(folder, 'empty.txt'), '\n')
    const error = refusal(() => resolveOne({ credential }, { suite: { form }, environment }))
    expect(error.code).toBe('TARGET_CREDENTIAL_MISSING')
    expect(error.hint?.replace(`${folder}/`, '')).toBe(hint)
  })

  test('may be left out', () => {
    expect(resolveOne({}).credential).toBeUndefined()
  })
})

describe('a header', () => {
  const environment = { KEY: 'aKxq7TT0mZ', TENANT: 'acme' }

  test.each<[string, string, string | undefined, readonly string[]]>([
    ['X-Version', '2', undefined, ['2']],
    ['X-Api-Key', 'aKxq7TT0mZ', '<X-Api-Key>', ['aKxq7TT0mZ']],
    ['Authorization', 'key-aKxq7TT0mZ', '<Authorization>', ['key-aKxq7TT0mZ']],
    ['Cookie', 's=${KEY}', 's=$KEY', ['s=aKxq7TT0mZ', 'aKxq7TT0mZ']],
    [
      'X-A',
      'key-${KEY}:${TENANT}',
      'key-$KEY:$TENANT',
      ['key-aKxq7TT0mZ:acme', 'aKxq7TT0mZ', 'acme'],
    ],
  ])(
    '%s: %s is a secret where it comes from the environment or is named like one',
    (name, value, shown, texts) => {
      const [[, found] = []] = resolveOne({ headers: { [name]: value } }, { environment }).headers
      const isSecret = found instanceof Secret
      expect(isSecret ? found.name : undefined).toBe(shown)
      expect(isSecret ? revealAll(found) : [found]).toEqual(texts)
    },
  )

  test('that needs a variable which is not set is refused', () => {
    const entries = [
      { headers: { A: '${NO}' } },
      { states: { url: '/s', headers: { A: '${NO}' } } },
      { states: { url: '/${NO}' } },
      { faultHeader: { name: 'A', value: '${NO}' } },
    ]
    for (const entry of entries) {
      const error = refusal(() => resolveOne(entry))
      expect([error.code, error.message]).toEqual([
        'TARGET_VARIABLE_MISSING',
        'target t refers to NO, which is not set',
      ])
    }
  })
})

test.each<[string, TargetEntry]>([
  ['the header X-A', { headers: { 'X-A': '${TWO_LINES}' } }],
  ['the header X-A', { headers: { 'X-A': 'Ω' } }],
  ['the header X-B', { states: { url: '/s', headers: { 'X-B': 'a\r\nX-C: b' } } }],
  ['the credential', { credential: { env: 'TWO_LINES' } }],
])(
  'what no request could hold is refused before the first one, and not echoed: %s',
  (what, entry) => {
    const error = refusal(() => resolveOne(entry, { environment: { TWO_LINES: 'aKxq7\nTT0mZ' } }))
    expect([error.code, error.message]).toEqual([
      'SUITE_INVALID',
      `target t: ${what} holds a character that no header may hold`,
    ])
  },
)

test('no secret is in what is printed of a target', () => {
  const target = resolveOne(
    {
      credential: { env: 'KEY' },
      headers: { A: '${KEY}', Authorization: 'aKxq7TT0mZ' },
      states: { url: '/s', headers: { B: '${KEY}' } },
      faultHeader: { name: 'C', value: '${KEY}' },
    },
    { environment: { KEY: 'aKxq7TT0mZ' } },
  )
  const printed = [inspect(target, { depth: 9, showHidden: true }), JSON.stringify(target)]
  expect(printed.join()).not.toContain('aKxq7TT0mZ')
})

describe('a server that the document publishes', () => {
  const published = { servers: [{ url: 'https://api.example.com/v1' }] }
  const template = { servers: [{ url: 'https://{region}.example.com:{port}/v1' }] }

  test.each<[string, object, object, object, string, string]>([
    ['by its host', published, {}, {}, 'https://api.example.com', 'production'],
    ['over http too', published, {}, {}, 'http://API.example.com/v2', 'production'],
    ['with a dot at the end', published, {}, {}, 'https://api.example.com.', 'production'],
    ['at a path', {}, published, {}, 'https://api.example.com', 'production'],
    ['at an operation', {}, {}, published, 'https://api.example.com', 'production'],
    ['with variables', template, {}, {}, 'https://eu.example.com:8443', 'production'],
    ['but no other host', published, {}, {}, 'https://staging.example.com', 'shared'],
    ['but no other port', published, {}, {}, 'https://api.example.com:8443', 'shared'],
    [
      'but no host that a variable only resembles',
      template,
      {},
      {},
      'https://eu.example.org:1',
      'shared',
    ],
    [
      'but not wherever the document is',
      { servers: [{ url: '/v1' }] },
      {},
      {},
      'https://host.example',
      'shared',
    ],
  ])('is production: %s', async (_, top, inPath, inGet, url, safety) => {
    const documented = await documentWith(top, inPath, inGet)
    const context = { suite: suiteWith({}), document: documented, environment: {} }
    expect(resolveTarget('t', { url }, context).safety).toBe(safety)
    expect(resolveTarget('t', { url, safety: 'disposable' }, context).safety).toBe('disposable')
  })
})

test('what a target cannot show counts to its last day', () => {
  const day = (offset: number) =>
    new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
  const cannot = [-1, 1, undefined].map((offset) => ({
    status: '500',
    reason: String(offset),
    ...(offset === undefined ? {} : { until: day(offset) }),
  }))
  const region = {
    name: 'r',
    url: 'http://127.0.0.1:1',
    statesUrl: 'http://127.0.0.1:1/s',
    apiKey: 'k',
    faultHeader: { name: 'F', value: 'v' },
  }
  const targets = [resolveOne({ cannot }), embeddedTarget('e', region, { cannot }, suiteWith({}))]
  for (const target of targets) {
    expect(target.cannot.map(({ reason }) => reason)).toEqual(['1', 'undefined'])
    expect(target.lapsed.map(({ reason }) => reason)).toEqual(['-1'])
  }
})

test.each([
  ['2030-06-14', ['b'], ['a']],
  ['2030-06-15', ['a', 'b'], []],
  ['2030-06-16', ['a', 'b'], []],
])('on 2030-06-15 a declaration until %s holds, and else is remembered', (until, holding, over) => {
  const cannot = [
    { status: '500', reason: 'a', until },
    { status: '404', reason: 'b' },
  ]
  const context = { suite: suiteWith({}), document, environment: {}, today: '2030-06-15' }
  const target = resolveTarget('t', { url: 'http://127.0.0.1:1', cannot }, context)
  expect(target.cannot.map(({ reason }) => reason)).toEqual(holding)
  expect(target.lapsed.map(({ reason }) => reason)).toEqual(over)
})

test('a region of the reference provider is disposable unless the suite says otherwise', () => {
  const region = {
    name: 'r',
    url: 'http://127.0.0.1:1',
    statesUrl: 'http://127.0.0.1:1/s',
    apiKey: 'key-k1',
    faultHeader: { name: 'F', value: 'v' },
  }
  const suite = suiteWith({ form: parseForm('key-{API_KEY}') })
  const target = embeddedTarget('e', region, { workers: 2 }, suite)
  expect(target).toMatchObject({
    name: 'e/r',
    region: 'r',
    safety: 'disposable',
    embedded: true,
    allowedHosts: ['127.0.0.1:1'],
    faultHeader: ['F', 'v'],
    limits: { workers: 2 },
  })
  expect(target.credential && reveal(target.credential)).toBe('k1')
  expect(embeddedTarget('e', region, { safety: 'shared' }, suite).safety).toBe('shared')
})
