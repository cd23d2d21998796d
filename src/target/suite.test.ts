import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AssayError } from '../errors.ts'
import { bareSuite, loadSuite } from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function load(text: string) {
  const file = path.join(folder, 'my.suite.yaml')
  await writeFile(file, text)
  return loadSuite(file)
}

async function refusal(text: string): Promise<AssayError> {
  const error = await load(text).catch((reason: unknown) => reason)
  if (error instanceof AssayError) return error
  throw new Error('it was accepted')
}

test('the suite that comes with Assay is read', async () => {
  const suite = await loadSuite('suites/control-plane.yaml')
  expect(suite).toMatchObject({
    name: 'control-plane',
    folder: 'suites',
    document: '../spec/openapi.yaml',
    form: { prefix: 'key-', suffix: '' },
    run: ['reference'],
  })
  expect(Object.keys(suite.targets)).toContain('aws-us-east-1')
  expect(suite.targets['gcp-us-central1']?.cannot?.[0]?.status).toBe('500')
})

test('a suite that says nothing but its document has defaults for the rest', async () => {
  const { folder: _, hash, ...suite } = await load('document: api.yaml')
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(suite).toEqual({
    name: 'my.suite',
    document: 'api.yaml',
    envelope: undefined,
    form: { prefix: '', suffix: '' },
    operations: {},
    recipes: {},
    defaults: {},
    targets: {},
    run: undefined,
  })
})

test('a run without a suite file shows nothing of the credentials in the URL of its document', () => {
  const names = [
    'https://user:pass.word@host',
    'https://h/api.json?token=a.b.c',
    'spec/api.v1.yaml',
  ]
  expect(names.map((name) => bareSuite(name).name)).toEqual(['***@host', 'api', 'api.v1'])
})

const target = (line: string) => `document: a\ntargets:\n  t:\n    url: http://h\n    ${line}`

test.each<[string, string, string, string | undefined]>([
  ['documnt: a', '"documnt" is no key of a suite', '1:1', 'did you mean "document"?'],
  ['document: a\nrecepes: {}', '"recepes" is no key of a suite', '2:1', 'did you mean "recipes"?'],
  [
    'document: a\ndefaults: {header: {}}',
    '"header" is no key of "defaults"',
    '2:12',
    'did you mean "headers"?',
  ],
  [target('saftey: shared'), '"saftey" is no key of "targets.t"', '5:5', 'did you mean "safety"?'],
  [
    target('credential: {enw: A}'),
    '"enw" is no key of "targets.t.credential"',
    '5:18',
    'did you mean "env"?',
  ],
  [
    target('states: {url: /s, heders: {}}'),
    '"heders" is no key of "targets.t.states"',
    '5:23',
    'did you mean "headers"?',
  ],
  [
    target('cannot: [{status: 500, resaon: x}]'),
    '"resaon" is no key of "targets.t.cannot.0"',
    '5:28',
    'did you mean "reason"?',
  ],
  [target('embeded: {}'), '"embeded" is no key of "targets.t"', '5:5', 'did you mean "embedded"?'],
  [
    'document: a\noperations: {op: {exising: {state: s}}}',
    '"exising" is no key of "operations.op"',
    '2:19',
    'did you mean "existing"?',
  ],
  [
    'document: a\noperations: {op: {existing: {stat: s}}}',
    '"stat" is no key of "operations.op.existing"',
    '2:30',
    'did you mean "state"?',
  ],
  [
    'document: a\nrecipes: {b: {s: {setups: []}}}',
    '"setups" is no key of "recipes.b.s"',
    '2:19',
    'did you mean "setup"?',
  ],
  [
    'document: a\n"zz\\"y": 1',
    '"zz\\"y" is no key of a suite',
    '2:1',
    'known: name, document, envelope, baseline, credential, pact, operations, recipes, defaults, targets, run',
  ],
])(
  'a key that nothing reads is refused with what was meant: %s',
  async (text, message, at, hint) => {
    const error = await refusal(text)
    expect([error.code, error.message, error.hint]).toEqual(['SUITE_UNKNOWN_KEY', message, hint])
    expect(`${error.at?.line}:${error.at?.column}`).toBe(at)
  },
)

test.each<[string, string, string]>([
  ['[]', 'expected object, received a list', '1:1'],
  ['name: a', 'expected property "document" (string, required), received a mapping', '1:1'],
  ['document: 5', 'expected string, received 5', '1:1'],
  ['document: ""', 'expected at least 1 character, received ""', '1:1'],
  ['document: a\nrun: t', 'expected array, received "t"', '2:1'],
  ['document: a\ntargets: {}', 'expected at least 1 property, received a mapping', '2:1'],
  ['document: a\ntargets: {t: }', 'expected object, received nothing', '2:11'],
  [
    'document: a\ntargets: {t: {region: r}}',
    'expected either "url" or "embedded", received a mapping',
    '2:11',
  ],
  [
    target('embedded: {regions: [r]}'),
    'expected either "url" or "embedded", received a mapping',
    '3:3',
  ],
  [
    target('safety: prod'),
    'expected one of "disposable","shared","production", received "prod"',
    '5:5',
  ],
  [
    target('rateLimit: 5/h'),
    'expected text that matches ^[1-9][0-9]*/(s|m)$, received "5/h"',
    '5:5',
  ],
  [target('workers: 0'), 'expected a number >= 1, received 0', '5:5'],
  [
    target('cannot: [{status: 500, reason: r, until: 2026-02-30}]'),
    'expected a value in the format "date", received "2026-02-30"',
    '5:39',
  ],
  [
    'document: a\nrecipes: {b: {s: {setup: []}}}',
    'expected at least 1 item, received a list',
    '2:19',
  ],
  [
    'document: a\nrecipes: {b: {s: {setup: [{request: {method: GET, path: x}}]}}}',
    'expected text that matches ^/, received "x"',
    '2:51',
  ],
  [
    'document: a\ndefaults: {version: {header: "X Version"}}',
    'expected text that matches ^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$, received "X Version"',
    '2:22',
  ],
])('what has the wrong shape is refused where it stands: %s', async (text, message, at) => {
  const error = await refusal(text)
  expect([error.code, error.message]).toEqual(['SUITE_INVALID', message])
  expect(`${error.at?.line}:${error.at?.column}`).toBe(at)
})

test.each(['{}', '{path: /v}', '{pointer: /v}', '{header: X, pointer: /v}'])(
  'a place of the version that says nothing is refused: %s',
  async (version) => {
    const error = await refusal(`document: a\ndefaults: {version: ${version}}`)
    expect([error.code, error.at?.line]).toEqual(['SUITE_INVALID', 2])
  },
)

test.each(['{header: X-Version}', '{path: /v, pointer: /a}', '{path: /v, header: X}'])(
  'a place of the version is read: %s',
  async (version) => {
    const { defaults } = await load(`document: a\ndefaults: {version: ${version}}`)
    expect(Object.keys(defaults.version ?? {}).length).toBeGreaterThan(0)
  },
)

test.each(['key', '', '{}', '{A}{B}', 'key-{A'])(
  'a credential form without one place for the key is refused: %j',
  async (form) => {
    const error = await refusal(`document: a\ncredential: ${JSON.stringify(form)}`)
    expect([error.code, error.at?.line]).toEqual(['SUITE_INVALID', 2])
  },
)

test.each([
  'credential: hunter2hunter2',
  target('credential: hunter2hunter2'),
  target('credential: 55557777'),
  target('headers: {X-Key: [hunter2hunter2]}'),
  target('headers: hunter2hunter2'),
  target('faultHeader: {name: a, value: [hunter2hunter2]}'),
  target('states: {url: /s, headers: hunter2hunter2}'),
  'document: a\ndefaults: {credential: hunter2hunter2}',
  'document: a\ncredential: hunter2hunter2',
])('a credential that stands where none belongs is not echoed: %s', async (text) => {
  const { message, hint, cause } = await refusal(text)
  expect(`${message} ${hint} ${cause}`).not.toMatch(/hunter2|55557777/)
})
