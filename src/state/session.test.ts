import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { AssayError } from '../errors.ts'
import type { Client } from '../exchange/index.ts'
import { startProvider } from '../provider/index.ts'
import { type Role, Secret, type TargetEntry } from '../target/index.ts'
import {
  type Answer,
  type Asked,
  clientOf,
  given,
  key,
  serve,
  suiteWith,
  targetAt,
} from './fixtures/open.ts'
import { type Journal, noJournal, openJournal, openStates, readJournals } from './index.ts'

const forever = Number.POSITIVE_INFINITY
const secret = 'tok-Zb8yTq51kPwX'

const roles: Readonly<Record<string, Role>> = {
  existing: {
    state: 'a token exists',
    params: { name: '{name}' },
    path: { id: 'id' },
    credential: 'token',
  },
  other: { state: 'another exists', params: { label: 'x {name} y' }, path: { id: 'id' } },
  fault: { state: 'a fault', params: { operationId: '{operationId}', times: 1 } },
}

type Options = {
  readonly entry?: TargetEntry
  readonly journal?: Journal
  readonly run?: AbortSignal
  readonly grace?: number
  readonly teardownTimeout?: number
  readonly wrap?: (client: Client) => Client
}

/** A session on a server that answers states as told. */
async function open(answer: (asked: Asked) => Answer | Promise<Answer>, options: Options = {}) {
  const server = await serve(answer)
  onTestFinished(() => server.close())
  const suite = suiteWith(roles)
  const target = targetAt(server.url, suite, { states: { url: '/_states/' }, ...options.entry })
  const { journal = noJournal, teardownTimeout, wrap = (each: Client) => each } = options
  const opened = clientOf(target, options.run, options.grace)
  onTestFinished(() => opened.close())
  const client = wrap(opened)
  let count = 0
  const chooseName = () => `assay-x-${++count}`
  const states = openStates({ target, client, suite, journal, chooseName, teardownTimeout })
  return { server, states, client }
}

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'assay-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

async function refusal(work: Promise<unknown>): Promise<AssayError> {
  const error = await work.catch((reason: unknown) => reason)
  if (error instanceof AssayError) return error
  throw new Error('it was arranged')
}

const good: (asked: Asked) => Answer = ({ body }) => ({
  body: (body as { action: string }).action === 'setup' ? { id: 'i1', token: secret, n: 5 } : {},
})

const actions = (asked: readonly Asked[]) =>
  asked.map(({ body }) => (body as { action: string }).action)

test('a state is set up and torn down in the convention of Pact', async () => {
  const { server, states } = await open(good)
  const { release } = await states.arrange([given('existing')], forever)
  await release()
  const common = { method: 'POST', url: '/_states/', authorization: undefined }
  const state = 'a token exists'
  expect(server.asked).toEqual([
    { ...common, body: { state, params: { name: 'assay-x-1' }, action: 'setup' } },
    {
      ...common,
      body: {
        state,
        params: { name: 'assay-x-1', id: 'i1', token: secret, n: '5' },
        action: 'teardown',
      },
    },
  ])
})

test('params are filled with a name that we chose and with the operation', async () => {
  const { server, states } = await open(good)
  await states.arrange([given('other'), given('fault')], forever)
  expect(server.asked.map(({ body }) => (body as { params: unknown }).params)).toEqual([
    { label: 'x assay-x-1 y' },
    { operationId: 'op', times: 1 },
  ])
})

test('an answered value that fills a path is plain, and every other one is a secret', async () => {
  const { states } = await open(good)
  const { scope, arranged } = await states.arrange([given('existing')], forever)
  expect(scope.existing).toMatchObject({
    id: 'i1',
    token: expect.any(Secret),
    n: expect.any(Secret),
  })
  expect(scope.existing?.token).toMatchObject({ name: '{existing.token}' })
  expect(arranged).toMatchObject([{ given: 'existing', requests: [{ method: 'POST' }] }])
  expect(JSON.stringify([scope, arranged])).not.toContain(secret)
})

test('what the answer of a state is not made of is passed over', async () => {
  const odd = [{ id: null, deep: { a: 1 }, list: [1], flag: true }, [1], 'text', null]
  const { states } = await open(() => ({ body: odd.shift() }))
  for (let time = 0; time < 4; time += 1) {
    expect((await states.arrange([given('fault')], forever)).scope).toEqual({ fault: {} })
  }
})

test('states are torn down in reverse, all of them, even if one fails', async () => {
  const { server, states } = await open((asked) => {
    const { state, action } = asked.body as { state: string; action: string }
    return action === 'teardown' && state === 'another exists' ? { status: 500 } : good(asked)
  })
  const { release } = await states.arrange(
    [given('existing'), given('other'), given('fault')],
    forever,
  )
  await release()
  expect(server.asked.slice(3).map(({ body }) => (body as { state: string }).state)).toEqual([
    'a fault',
    'another exists',
    'a token exists',
  ])
  expect(await states.releaseAll()).toEqual([
    {
      target: 't',
      state: 'another exists',
      name: 'assay-x-2',
      reason: expect.stringMatching(/POST .* answered 500$/),
    },
  ])
})

test('what is released twice, even at once, is torn down once', async () => {
  const { server, states } = await open(good)
  const { release } = await states.arrange([given('existing')], forever)
  await Promise.all([release(), release(), states.releaseAll()])
  await release()
  expect(actions(server.asked)).toEqual(['setup', 'teardown'])
})

test('what could not be undone is tried once more at the end', async () => {
  let failing = true
  const { server, states } = await open((asked) =>
    failing && actions([asked])[0] === 'teardown' ? { status: 503 } : good(asked),
  )
  const { release } = await states.arrange([given('existing')], forever)
  await release()
  failing = false
  expect(await states.releaseAll()).toEqual([])
  expect(actions(server.asked)).toEqual(['setup', 'teardown', 'teardown'])
})

test('at the end, all that is still arranged is undone', async () => {
  const { server, states } = await open(good)
  await states.arrange([given('existing'), given('other')], forever)
  await states.arrange([given('fault')], forever)
  expect(await states.releaseAll()).toEqual([])
  expect(actions(server.asked).sort()).toEqual([
    ...Array(3).fill('setup'),
    ...Array(3).fill('teardown'),
  ])
})

test.each<[string, Answer, string]>([
  [
    'fails',
    { status: 500 },
    'the state "a token exists" could not be set up: POST URL/_states/ answered 500',
  ],
  ['is lost', undefined, 'URL has not answered: no answer came within 300 ms'],
])(
  'a set-up whose answer %s is torn down by name, as it may have been carried out',
  async (_, answer, cause) => {
    const { server, states } = await open((asked) =>
      actions([asked])[0] === 'setup' ? answer : {},
    )
    const error = await refusal(states.arrange([given('existing')], forever))
    expect([error.code, error.message.replace(server.url, 'URL')]).toEqual(['STATE_FAILED', cause])
    expect(server.asked.map(({ body }) => body)).toMatchObject([
      { action: 'setup' },
      { action: 'teardown', params: { name: 'assay-x-1' } },
    ])
    expect(await states.releaseAll()).toEqual([])
  },
)

test('what was arranged before a set-up that failed is undone', async () => {
  const { server, states } = await open((asked) =>
    (asked.body as { state: string }).state === 'a fault' ? { status: 500 } : good(asked),
  )
  await refusal(states.arrange([given('existing'), given('fault')], forever))
  expect(server.asked.at(-1)?.body).toMatchObject({ action: 'teardown', state: 'a token exists' })
})

test('a state that the target refuses, in set-up and teardown, leaves nothing behind', async () => {
  const { states } = await open(() => ({ status: 404, body: { error: 'unknown state' } }))
  const error = await refusal(states.arrange([given('existing')], forever))
  expect(error.message).toMatch(/answered 404$/)
  expect(await states.releaseAll()).toEqual([])
})

test('a state that the target refused is a leftover where its teardown fails otherwise', async () => {
  const { states } = await open((asked) => ({
    status: actions([asked])[0] === 'setup' ? 422 : 500,
  }))
  await refusal(states.arrange([given('existing')], forever))
  expect(await states.releaseAll()).toHaveLength(1)
})

test('a creation that never reached the target is released at once and is no leftover', async () => {
  const place = folder()
  const journal = openJournal(place, 'x')
  const { server, states } = await open(good, { journal })
  await server.close()
  const error = await refusal(states.arrange([given('existing')], forever))
  expect(error.message).toMatch(/^http:\/\/127.* cannot be reached: the connection was refused/)
  expect(await states.releaseAll()).toEqual([])
  await journal.close()
  expect((await readJournals(place)).journals).toMatchObject([{ open: [] }])
})

test('beyond the creation budget nothing is created, and what needs no creation still is arranged', async () => {
  const { server, states } = await open(good, { entry: { creationBudget: 2 } })
  const settled = await Promise.allSettled(
    Array.from({ length: 4 }, () => states.arrange([given('existing')], forever)),
  )
  const refused = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
  expect(refused).toMatchObject([{ code: 'BUDGET_SPENT' }, { code: 'BUDGET_SPENT' }])
  await states.arrange([given('fault')], forever)
  expect(server.asked).toHaveLength(3)
})

test('a set-up is refused where the rest of the budget does not cover undoing it twice', async () => {
  const { server, states } = await open(good, { entry: { requestBudget: 4 } })
  await states.arrange([given('existing')], forever)
  expect((await refusal(states.arrange([given('existing')], forever))).code).toBe('BUDGET_SPENT')
  expect(await states.releaseAll()).toEqual([])
  expect(actions(server.asked)).toEqual(['setup', 'teardown'])
})

test('a release has its own time even when the run has been stopped', async () => {
  const stop = new AbortController()
  const { server, states } = await open(good, { run: stop.signal })
  const { release } = await states.arrange([given('existing')], forever)
  stop.abort()
  const error = await refusal(states.arrange([given('existing')], forever))
  expect(error.message).toBe('it was stopped (the run was ended)')
  await release()
  expect(actions(server.asked)).toEqual(['setup', 'teardown'])
  expect(await states.releaseAll()).toEqual([])
})

test('a set-up that is stopped on its way is torn down', async () => {
  const stop = new AbortController()
  const { server, states } = await open((asked) => {
    if (actions([asked])[0] !== 'setup') return {}
    stop.abort()
    return undefined
  })
  await refusal(states.arrange([given('existing')], forever))
  expect(actions(server.asked)).toEqual(['setup', 'teardown'])
})

test('a teardown that hangs ends, and is told', async () => {
  const { states } = await open(
    (asked) => (actions([asked])[0] === 'setup' ? good(asked) : undefined),
    { entry: { requestTimeout: 60_000 }, teardownTimeout: 100 },
  )
  const { release } = await states.arrange([given('existing')], forever)
  await release()
  expect(await states.releaseAll()).toMatchObject([
    { reason: expect.stringContaining('there was no time left for it') },
  ])
})

test('the creation stands in the journal, on disk, when its request arrives', async () => {
  const place = folder()
  const journal = openJournal(place, 'run1')
  const seen: string[] = []
  const { states } = await open(
    (asked) => {
      seen.push(readFileSync(path.join(place, 'run1.jsonl'), 'utf8'))
      return good(asked)
    },
    { journal },
  )
  const { release } = await states.arrange([given('existing')], forever)
  await release()
  await journal.close()
  expect(
    seen.map((text) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).event),
    ),
  ).toEqual([
    ['run', 'creating'],
    ['run', 'creating', 'created'],
  ])
  const text = readFileSync(path.join(place, 'run1.jsonl'), 'utf8')
  expect(text).toContain('"values":{"id":"i1"}')
  expect(text).toContain('"event":"released","key":"assay-x-1"')
  expect(text).not.toContain(secret)
})

test('where the journal cannot be written, nothing is sent', async () => {
  const place = path.join(folder(), 'file')
  writeFileSync(place, '')
  const { server, states } = await open(good, { journal: openJournal(place, 'x') })
  const errors = await Promise.all(
    Array.from({ length: 3 }, () => refusal(states.arrange([given('existing')], forever))),
  )
  expect(errors.map(({ code }) => code)).toEqual(Array(3).fill('JOURNAL_UNWRITABLE'))
  expect(server.asked).toEqual([])
  expect(await states.releaseAll()).toEqual([])
})

test('a fault that is armed is noted too, for a killed run cannot disarm it', async () => {
  const place = path.join(folder(), 'journal')
  const journal = openJournal(place, 'x')
  const { states } = await open(good, { journal })
  const { release } = await states.arrange([given('fault')], forever)
  const openIn = async () => (await readJournals(place)).journals.flatMap((each) => each.open)
  expect(await openIn()).toMatchObject([{ key: 'assay-x-1', state: 'a fault', known: 'complete' }])
  await release()
  expect(await openIn()).toEqual([])
})

test('a journal that fails later keeps nothing from being undone', async () => {
  const broken = () => Promise.reject(new AssayError('JOURNAL_UNWRITABLE', 'disk full'))
  const { server, states } = await open(good, { journal: { ...noJournal, released: broken } })
  const { release } = await states.arrange([given('existing'), given('other')], forever)
  await release()
  expect(actions(server.asked)).toEqual(['setup', 'setup', 'teardown', 'teardown'])
  const failing = await open(good, { journal: { ...noJournal, created: broken } })
  expect((await refusal(failing.states.arrange([given('existing')], forever))).code).toBe(
    'JOURNAL_UNWRITABLE',
  )
  expect(actions(failing.server.asked)).toEqual(['setup', 'teardown'])
})

test('a rate limit leaves a teardown the time for its turn', async () => {
  const { states } = await open(good, {
    entry: { rateLimit: '10/s', workers: 8 },
    teardownTimeout: 50,
  })
  await Promise.all(Array.from({ length: 4 }, () => states.arrange([given('existing')], forever)))
  expect(await states.releaseAll()).toEqual([])
})

test('a set-up that broke for a reason of our own may have been sent, so it is torn down', async () => {
  const { server, states } = await open(good, {
    wrap: (client) => {
      let first = true
      const send: Client['send'] = async (...given) => {
        const sent = await client.send(...given)
        if (!first) return sent
        first = false
        throw new Error('a defect')
      }
      return { ...client, send }
    },
  })
  await expect(states.arrange([given('existing')], forever)).rejects.toThrow('a defect')
  expect(actions(server.asked)).toEqual(['setup', 'teardown'])
})

test('a secret that was answered is hidden until its state is released, and a while longer', async () => {
  const { server, states, client } = await open((asked) =>
    asked.url === '/echo' ? { body: secret } : good(asked),
  )
  const { release } = await states.arrange([given('existing')], forever)
  const echo = async () => {
    for (let other = 0; other < 210; other += 1) {
      const headers = [['X-Key', new Secret('$', `key-${other}`)]] as const
      await client.send({ method: 'POST', baseUrl: server.url, path: '/', headers, body: {} })
    }
    const request = { method: 'GET', baseUrl: server.url, path: '/echo', headers: [] }
    const { exchange } = await client.send(request)
    return exchange.kind === 'answered' && Buffer.from(exchange.response.body).toString()
  }
  expect(await echo()).toBe('"***"')
  await release()
  expect(await echo()).toBe(JSON.stringify(secret))
})

test('the reference provider has nothing left of what was arranged in it', async () => {
  const provider = await startProvider({ regions: ['r'] })
  onTestFinished(() => provider.close())
  const [region] = provider.regions
  if (region === undefined) throw new Error('no region')
  const suite = suiteWith({
    existing: { state: 'an API token exists', params: { name: '{name}' }, path: { id: 'id' } },
    fault: {
      state: 'the control plane has an internal fault',
      params: { operationId: 'deleteApiToken' },
    },
  })
  const target = targetAt(region.url, suite, { states: { url: region.statesUrl } })
  const client = clientOf(target)
  onTestFinished(() => client.close())
  const states = openStates({
    target,
    client,
    suite,
    journal: noJournal,
    chooseName: () => 'assay-1',
  })
  const before = region.tokens()
  const { scope, release } = await states.arrange([given('existing'), given('fault')], forever)
  expect(region.tokens().find(({ name }) => name === 'assay-1')?.id).toBe(scope.existing?.id)
  await release()
  expect(region.tokens()).toEqual(before)
})

test('a state is arranged by its name too, as a pact gives it, and its params need be no plain values', async () => {
  const { server, states } = await open(() => ({ body: { id: 'i-1', token: secret } }))
  const params = { name: '{name}', tags: ['a'] }
  const { operation } = given('existing')
  const named = { name: 'state', state: 'a bucket exists', params, plain: ['id'], operation }
  const { scope, release } = await states.arrange([named], forever)
  await release()
  expect([scope.state?.id, scope.state?.token]).toEqual(['i-1', expect.any(Secret)])
  expect(server.asked.map(({ body }) => body)).toMatchObject([
    { state: 'a bucket exists', params: { name: 'assay-x-1', tags: ['a'] }, action: 'setup' },
    { params: { name: 'assay-x-1', tags: ['a'], id: 'i-1' }, action: 'teardown' },
  ])
})

test('a creation whose connection was lost is looked for again until it would have come', async () => {
  let made = false
  const { server, states } = await open((asked) => {
    const { action } = asked.body as { action: string }
    if (action === 'teardown') made = false
    else {
      setTimeout(() => {
        made = true
      }, 150)
      server.drop()
    }
    return {}
  })
  await refusal(states.arrange([given('existing')], forever))
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect([made, actions(server.asked)]).toEqual([true, ['setup', 'teardown']])
  expect([await states.releaseAll(), made]).toEqual([[], false])
})

test('a creation under way when the run is stopped comes to its answer and is removed by it', async () => {
  const stop = new AbortController()
  const { server, states } = await open(
    async (asked) => {
      if (actions([asked])[0] !== 'setup') return {}
      stop.abort()
      await new Promise((resolve) => setTimeout(resolve, 150))
      return good(asked)
    },
    { run: stop.signal },
  )
  const { release } = await states.arrange([given('existing')], forever)
  await release()
  expect(server.asked[1]?.body).toMatchObject({ action: 'teardown', params: { id: 'i1' } })
  expect(await states.releaseAll()).toEqual([])
})

test('what cannot be undone in the time that a stop leaves is said, and stays in the journal', async () => {
  const place = folder()
  const stop = new AbortController()
  const { states } = await open(
    (asked) => (actions([asked])[0] === 'setup' ? good(asked) : undefined),
    {
      run: stop.signal,
      grace: 300,
      journal: openJournal(place, 'x'),
      entry: { requestTimeout: 60_000 },
    },
  )
  for (let time = 0; time < 20; time += 1) await states.arrange([given('fault')], forever)
  const start = performance.now()
  stop.abort()
  expect(await states.releaseAll()).toHaveLength(20)
  expect(performance.now() - start).toBeLessThan(2000)
  expect((await readJournals(place)).journals[0]?.open).toHaveLength(20)
})

test.each<[string, unknown, string]>([
  ['the configured credential', { id: 'own', token: key }, 'the configured credential itself'],
  ['it as it is written', { id: 'own', token: `key-${key}` }, 'the configured credential itself'],
  ['it as an id', { id: key }, 'the configured credential itself'],
])('a state that answers %s names nothing that is ours to remove', async (_, body, reason) => {
  const { server, states } = await open((asked) =>
    actions([asked])[0] === 'setup' ? { body } : {},
  )
  const error = await refusal(states.arrange([given('existing')], forever))
  expect(error.message).toContain(reason)
  expect(await states.releaseAll()).toEqual([])
  expect(server.asked[1]?.body).toMatchObject({
    action: 'teardown',
    params: { name: 'assay-x-1' },
  })
  expect(JSON.stringify(server.asked[1]?.body)).not.toMatch(/"own"|aKx/)
})

test('the same id twice is not two things of ours: nothing is done to it again', async () => {
  const operation = { ...given('existing').operation, method: 'DELETE' }
  const { server, states } = await open(good)
  const first = await states.arrange([{ ...given('existing'), operation }], forever)
  await first.release()
  const error = await refusal(states.arrange([{ ...given('existing'), operation }], forever))
  expect(error.message).toContain('answered what it had answered before')
  expect(JSON.stringify(server.asked[3]?.body)).not.toContain('"i1"')
})

test('what shows a secret does not stand in the journal', async () => {
  const place = folder()
  const { states } = await open(() => ({ body: { id: secret, token: secret } }), {
    journal: openJournal(place, 'x'),
  })
  await states.arrange([given('existing')], forever)
  const text = readFileSync(path.join(place, 'x.jsonl'), 'utf8')
  expect(text).toContain('"values":{}')
  expect(text).not.toContain(secret)
})
