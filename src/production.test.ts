import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cleanUp } from './clean-up.ts'
import { collectReport } from './collect.ts'
import { startRecorder } from './fixtures/recorder.ts'
import { loadPacts } from './pact/index.ts'
import type { PrepareOptions } from './prepare.ts'
import { type RunOptions, run } from './run.ts'
import { verifyPacts } from './verify.ts'

/** Numbers from 0 to 1 that are the same each time. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const random = createRandom(20261125)
const maybe = <T>(value: T): T | undefined => (random() < 0.5 ? value : undefined)

let recorder: Awaited<ReturnType<typeof startRecorder>>
let folder: string
beforeAll(async () => {
  recorder = await startRecorder(random)
  folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
  await writeFile(path.join(folder, 'openapi.json'), JSON.stringify(document(recorder.url)))
  await writeFile(path.join(folder, 'pact.json'), JSON.stringify(pact))
})
afterAll(() => recorder.close())

/** Every method, each with every status that something is made for. */
function document(server: string) {
  const responses = Object.fromEntries(
    [200, 204, 400, 401, 403, 404, 409, 500].map((status) => [status, { description: '' }]),
  )
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' }, example: '1' }
  const body = { content: { 'application/json': { example: { name: 'x' } } } }
  const methods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options', 'trace']
  return {
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    servers: [{ url: server }],
    security: [{ key: [] }],
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
    paths: {
      '/things/{id}': {
        parameters: [id],
        ...Object.fromEntries(
          methods.map((method) => [
            method,
            {
              operationId: `${method}Thing`,
              responses,
              ...(/p/.test(method) ? { requestBody: body } : {}),
            },
          ]),
        ),
      },
    },
  }
}

const pact = {
  consumer: { name: 'c' },
  provider: { name: 'p' },
  interactions: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD'].flatMap((method) =>
    [undefined, 'a thing exists', 'it fails'].map((state) => ({
      description: `${method} ${state}`,
      ...(state === undefined ? {} : { providerStates: [{ name: state }] }),
      request: { method, path: '/things/1' },
      response: { status: state === 'it fails' ? 500 : 200 },
    })),
  ),
  metadata: { pactSpecification: { version: '3.0.0' } },
}

/** A suite in which everything is possible; its recipes ask for changes in whatever way they can. */
function suite(safety: string | undefined): string {
  const roles = {
    existing: { state: 'a thing exists', params: { name: '{name}' }, path: { id: 'id' } },
    foreign: { state: 'a thing exists', path: { id: 'id' } },
    refused: { state: 'a key is revoked', credential: 'token' },
    absent: { state: 'nothing is there', path: { id: 'id' } },
    fault: { state: 'it fails' },
    409: { state: 'a conflict', path: { id: 'id' } },
  }
  const methods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options', 'trace']
  const request = (method: string) => ({ method, path: '/things/{id}' })
  const recipe = {
    setup: [
      {
        request: { method: random() < 0.5 ? 'GET' : 'POST', path: '/things' },
        values: { id: '/id' },
      },
      { request: request('PUT') },
    ],
    teardown: { request: request('DELETE') },
    find: {
      request: { method: 'GET', path: '/things' },
      items: '/items',
      name: '/name',
      values: { id: '/id' },
    },
  }
  const states = Object.values(roles).map(({ state }) => state)
  return JSON.stringify({
    document: path.join(folder, 'openapi.json'),
    operations: Object.fromEntries(methods.map((method) => [`${method}Thing`, roles])),
    recipes: { book: Object.fromEntries(states.map((state) => [state, recipe])) },
    targets: { t: { url: recorder.url, credential: { env: 'KEY' }, ...(safety && { safety }) } },
  })
}

/** What a command line may say, at random. */
async function anyOptions(index: number): Promise<RunOptions> {
  const place = path.join(folder, String(index))
  await mkdir(place)
  const file = path.join(place, 'suite.json')
  const byServer = random() < 0.3
  await writeFile(file, suite(byServer ? undefined : maybe('production')))
  const means = [{ states: { url: '/_states' } }, { recipes: 'book' }, {}]
  const safety = byServer ? undefined : ('production' as const)
  const targets = {
    ...(random() < 0.3 ? { urls: [recorder.url], credential: { env: 'KEY' } } : { names: ['t'] }),
    ...means[Math.floor(random() * means.length)],
    safety,
    faultHeader: maybe({ name: 'X-Fault', value: 'on' }),
    faultState: maybe(true),
    allowedHosts: maybe(['localhost', '127.0.0.1']),
    headers: maybe({ 'X-HTTP-Method-Override': 'GET' }),
    workers: maybe(1 + Math.floor(random() * 8)),
    requestBudget: maybe(1 + Math.floor(random() * 300)),
    creationBudget: maybe(3),
    requestTimeout: maybe(2000),
    patience: 0,
    cannot: maybe([{ status: '409', reason: 'none' }]),
  }
  return {
    suite: file,
    targets: Object.fromEntries(Object.entries(targets).filter(([, value]) => value !== undefined)),
    environment: { KEY: 'production-key-4711' },
    journal: place,
    strict: maybe(true),
    seed: index,
  }
}

test('a target classed production receives only GET and HEAD, whatever the options', async () => {
  for (let index = 0; index < 16; index += 1) {
    const options = await anyOptions(index)
    const report = await collectReport(run(options))
    expect(report.targets[0]?.safety).toBe('production')
    expect(report.leftovers).toEqual([])
  }
  expect(recorder.lines.length).toBeGreaterThan(100)
  expect(new Set(recorder.lines.map((line) => line.split(' ')[0]))).toEqual(
    new Set(['GET', 'HEAD']),
  )
})

test('nor does it when pacts are verified', async () => {
  const pacts = await loadPacts([path.join(folder, 'pact.json')])
  const before = recorder.lines.length
  for (let index = 100; index < 104; index += 1) {
    const { targets, ...options } = await anyOptions(index)
    const { requestBudget: _budget, ...rest } = targets ?? {}
    for await (const _ of verifyPacts({ ...options, targets: rest, pacts }));
  }
  const lines = recorder.lines.slice(before)
  expect(lines.length).toBeGreaterThan(3)
  expect(new Set(lines.map((line) => line.split(' ')[0]))).toEqual(new Set(['GET', 'HEAD']))
  expect(lines.filter((line) => /_states/.test(line))).toEqual([])
})

test('nor when a journal says that something was made there, which is said', async () => {
  const before = recorder.lines.length
  for (let index = 200; index < 204; index += 1) {
    const options = await anyOptions(index)
    const creation = {
      key: 'assay-x-1',
      name: 'assay-x-1',
      target: 't',
      baseUrl: recorder.url,
      state: 'a thing exists',
      params: { name: 'assay-x-1' },
      at: 0,
      within: 0,
    }
    const lines = [
      { event: 'run', run: 'x', pid: 1, machine: 'another', at: '' },
      { event: 'creating', ...creation },
      { event: 'created', key: 'assay-x-1', values: { id: '1' }, complete: true },
    ]
    const file = path.join(options.journal ?? '', 'x.jsonl')
    await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    const { cleaned } = await cleanUp({
      ...(options as PrepareOptions),
      runs: ['x'],
      journal: path.dirname(file),
    })
    expect(cleaned.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/classed production: nothing is removed there$/),
    ])
  }
  expect(recorder.lines.length).toBe(before)
})

test('what the suite classes production no option makes anything else', async () => {
  const file = path.join(folder, 'strict.json')
  await writeFile(file, suite('production'))
  for (const safety of ['shared', 'disposable'] as const) {
    const looking = collectReport(
      run({ suite: file, targets: { safety }, environment: { KEY: 'k' } }),
    )
    await expect(looking).rejects.toMatchObject({ code: 'TARGET_IS_PRODUCTION' })
  }
})
