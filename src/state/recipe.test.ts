import { expect, onTestFinished, test } from 'vitest'
import { AssayError } from '../errors.ts'
import { type Recipe, type Role, Secret, type TargetEntry } from '../target/index.ts'
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
import { noJournal, openStates, tearDown } from './index.ts'

const forever = Number.POSITIVE_INFINITY
const secret = 'tok-Zb8yTq51kPwX'

const create = {
  request: { method: 'POST', path: '/tokens', body: { name: '{name}', tags: ['for {name}'] } },
  values: { id: '/data/id', token: '/data/token' },
}
const teardown = { request: { method: 'DELETE', path: '/tokens/{id}' } }
const find = {
  request: { method: 'GET', path: '/tokens?q={name}' },
  items: '/data',
  name: '/name',
  values: { id: '/id' },
}
const role: Role = {
  state: 'exists',
  params: { name: '{name}' },
  path: { id: 'id' },
  credential: 'token',
}

/** A session on a server whose one state is arranged by a recipe. */
async function open(
  recipe: Recipe,
  answer: (asked: Asked) => Answer,
  { entry = {}, existing = role }: { entry?: TargetEntry; existing?: Role } = {},
) {
  const server = await serve(answer)
  onTestFinished(() => server.close())
  const suite = suiteWith({ existing }, { exists: recipe })
  const target = targetAt(`${server.url}/v1`, suite, { recipes: 'book', ...entry })
  const client = clientOf(target)
  onTestFinished(() => client.close())
  const states = openStates({
    target,
    client,
    suite,
    journal: noJournal,
    chooseName: () => 'assay-x-1',
  })
  const lines = () => server.asked.map(({ method, url }) => `${method} ${url}`)
  return { server, states, target, client, lines }
}

async function refusal(work: Promise<unknown>): Promise<AssayError> {
  const error = await work.catch((reason: unknown) => reason)
  if (error instanceof AssayError) return error
  throw new Error('it was arranged')
}

const created = { status: 201, body: { data: { id: 'a/b c', token: secret } } }

test('a recipe sets up and tears down with plain requests and the configured credential', async () => {
  const { server, states, lines } = await open({ setup: [create], teardown }, ({ method }) =>
    method === 'POST' ? created : { status: 204 },
  )
  const { scope, arranged, release } = await states.arrange([given('existing')], forever)
  await release()
  expect(lines()).toEqual(['POST /v1/tokens', 'DELETE /v1/tokens/a%2Fb%20c'])
  expect(server.asked[0]?.body).toEqual({ name: 'assay-x-1', tags: ['for assay-x-1'] })
  expect(server.asked.map(({ authorization }) => authorization)).toEqual([
    `key-${key}`,
    `key-${key}`,
  ])
  expect(scope.existing).toMatchObject({ id: 'a/b c', token: expect.any(Secret) })
  expect(arranged[0]?.requests[0]?.headers).toContainEqual(['Authorization', 'key-$KEY'])
  expect(JSON.stringify(arranged)).not.toContain(key)
})

test('several steps use values of the steps before, secret ones too', async () => {
  const login = {
    request: { method: 'POST', path: '/login', body: { name: '{name}' } },
    values: { user: '/id', session: '/session' },
  }
  const use = {
    request: {
      method: 'PUT',
      path: '/users/{user}',
      body: { session: '{session}', text: 'by {session}' },
    },
    values: { id: '/id' },
  }
  const { server, states, lines } = await open({ setup: [login, use], teardown }, ({ method }) => ({
    body: method === 'POST' ? { id: 7, session: secret } : { id: 'i1' },
  }))
  const { scope, arranged } = await states.arrange([given('existing')], forever)
  expect(lines()).toEqual(['POST /v1/login', 'PUT /v1/users/7'])
  expect(server.asked[1]?.body).toEqual({ session: secret, text: 'by {session}' })
  expect(scope.existing).toMatchObject({ id: 'i1', user: '7', session: expect.any(Secret) })
  expect(arranged[0]?.requests[1]?.body).toBe(
    '{"session":"{existing.session}","text":"by {session}"}',
  )
})

test('a value that only a later path of the recipe needs is no credential', async () => {
  const revoke = { request: { method: 'DELETE', path: '/tokens/{id}' } }
  const existing = { state: 'exists', params: { name: '{name}' }, credential: 'token' }
  const { states, lines } = await open(
    { setup: [create, revoke] },
    ({ method }) => (method === 'POST' ? created : {}),
    { existing },
  )
  const { release } = await states.arrange([given('existing')], forever)
  await release()
  expect(lines()).toEqual(['POST /v1/tokens', 'DELETE /v1/tokens/a%2Fb%20c'])
  expect(await states.releaseAll()).toEqual([])
})

test('a step that lacks a value is not sent, and what was made before is undone', async () => {
  const use = { request: { method: 'PUT', path: '/users/{user}' } }
  const { states, lines } = await open({ setup: [create, use], teardown }, () => created)
  const error = await refusal(states.arrange([given('existing')], forever))
  expect([error.code, error.message]).toEqual([
    'STATE_FAILED',
    'the state "exists" answered no "user"',
  ])
  expect(lines()).toEqual(['POST /v1/tokens', 'DELETE /v1/tokens/a%2Fb%20c'])
})

test('a later step that fails is undone by the id that an earlier one answered', async () => {
  const use = { request: { method: 'PUT', path: '/x' } }
  const { states, lines } = await open({ setup: [create, use], teardown }, ({ method }) =>
    method === 'PUT' ? { status: 409 } : created,
  )
  await refusal(states.arrange([given('existing')], forever))
  expect(lines()).toEqual(['POST /v1/tokens', 'PUT /v1/x', 'DELETE /v1/tokens/a%2Fb%20c'])
  expect(await states.releaseAll()).toEqual([])
})

test('what an earlier step made is a leftover when the target is gone before the next', async () => {
  const use = { request: { method: 'PUT', path: '/x' } }
  const { server, states } = await open({ setup: [create, use], teardown, find }, () => {
    void server.close()
    return created
  })
  await refusal(states.arrange([given('existing')], forever))
  expect(await states.releaseAll()).toMatchObject([{ state: 'exists', name: 'assay-x-1' }])
})

test('a part of a set-up that no teardown undoes may be left', async () => {
  const use = { request: { method: 'PUT', path: '/x' } }
  const { states } = await open({ setup: [create, use] }, ({ method }) =>
    method === 'PUT' ? { status: 409 } : created,
  )
  await refusal(states.arrange([given('existing')], forever))
  expect(await states.releaseAll()).toMatchObject([
    { reason: 'its set-up was not completed, and the recipe has no teardown' },
  ])
})

test.each([404, 410])('a teardown that is answered %d found it gone', async (status) => {
  const { states } = await open({ setup: [create], teardown }, ({ method }) =>
    method === 'POST' ? created : { status },
  )
  await states.arrange([given('existing')], forever)
  expect(await states.releaseAll()).toEqual([])
})

test.each([401, 500])('a teardown that is answered %d leaves it', async (status) => {
  const { states } = await open({ setup: [create], teardown }, ({ method }) =>
    method === 'POST' ? created : { status },
  )
  await states.arrange([given('existing')], forever)
  expect(await states.releaseAll()).toMatchObject([
    { reason: expect.stringContaining(`answered ${status}`) },
  ])
})

const strangers = [{ id: 's1' }, { id: 's2', name: '' }, { id: 's3', name: 'laptop' }, null, 5]

test.each<[string, unknown, readonly string[], string | undefined]>([
  [
    'is found',
    { data: [...strangers, { id: 'i1', name: 'assay-x-1' }] },
    ['DELETE /v1/tokens/i1'],
    undefined,
  ],
  ['is not among them', { data: strangers }, [], undefined],
  [
    'is in no list',
    { items: [] },
    [],
    'it could not be found by name: there is no list at "/data"',
  ],
  ['is in no answer', 'text', [], 'it could not be found by name: there is no list at "/data"'],
  [
    'has no id',
    { data: [{ name: 'assay-x-1' }] },
    [],
    'it could not be found by name: it stands in the list without its "id"',
  ],
])(
  'what was lost is looked for by name, and nothing else is touched: it %s',
  async (_, list, removed, reason) => {
    const { states, lines } = await open({ setup: [create], teardown, find }, ({ method }) => {
      if (method === 'POST') return { status: 502 }
      return method === 'GET' ? { body: list } : {}
    })
    await refusal(states.arrange([given('existing')], forever))
    expect(lines()).toEqual(['POST /v1/tokens', 'GET /v1/tokens?q=assay-x-1', ...removed])
    expect((await states.releaseAll()).map((each) => each.reason)).toEqual(
      reason === undefined ? [] : [reason],
    )
  },
)

test('a name may stand in any parameter, and no stranger without one is taken for ours', async () => {
  const existing = {
    state: 'exists',
    params: { label: 'by {name}', title: '{name}' },
    path: { id: 'id' },
  }
  const byLabel = {
    ...create,
    request: { ...create.request, body: { label: '{label}', title: '{title}' } },
  }
  const finding = { ...find, request: { method: 'GET', path: '/tokens' }, name: '/title' }
  const list = [...strangers, { id: 'i1', title: 'assay-x-1' }]
  const { server, states, lines } = await open(
    { setup: [byLabel], teardown, find: finding },
    ({ method }) => (method === 'POST' ? { status: 502 } : { body: { data: list } }),
    { existing },
  )
  await refusal(states.arrange([given('existing')], forever))
  expect(server.asked[0]?.body).toEqual({ label: 'by assay-x-1', title: 'assay-x-1' })
  expect(lines().slice(1)).toEqual(['GET /v1/tokens', 'DELETE /v1/tokens/i1'])
})

test('without a name nothing is looked for', async () => {
  const { target, client, lines } = await open({ setup: [create], teardown, find }, () => ({
    body: { data: strangers },
  }))
  const call = { ...given('existing'), state: 'exists', params: {}, values: {} }
  expect(await tearDown(call, { target, client, reserve: client.reserve(2, 0) })).toEqual({
    kind: 'left',
    reason: 'its id was never learnt, and it has no name',
  })
  expect(lines()).toEqual([])
})

test('a list that cannot be had leaves it', async () => {
  const { states } = await open({ setup: [create], teardown, find }, ({ method }) => ({
    status: method === 'POST' ? 502 : 403,
  }))
  await refusal(states.arrange([given('existing')], forever))
  expect(await states.releaseAll()).toMatchObject([
    { reason: expect.stringMatching(/^GET .* answered 403$/) },
  ])
})

test('a recipe that cannot find by name says so', async () => {
  const { states } = await open({ setup: [create], teardown }, () => ({ status: 502 }))
  await refusal(states.arrange([given('existing')], forever))
  expect(await states.releaseAll()).toMatchObject([
    { reason: 'its id was never learnt, and the recipe has no way to find it by name' },
  ])
})

test('a creation that was refused outright leaves nothing', async () => {
  const { states, lines } = await open({ setup: [create], teardown }, () => ({ status: 403 }))
  const error = await refusal(states.arrange([given('existing')], forever))
  expect(error.message).toMatch(/^the state "exists" could not be set up: POST .* answered 403$/)
  expect([await states.releaseAll(), lines()]).toEqual([[], ['POST /v1/tokens']])
})

test('a credential in a header of the target gives way to the configured one', async () => {
  const { server, states } = await open({ setup: [create], teardown }, () => created, {
    entry: { headers: { authorization: 'other', 'X-Tenant': 'acme' } },
  })
  await states.arrange([given('existing')], forever)
  expect(server.asked[0]?.authorization).toBe(`key-${key}`)
})

test('a state without recipe is not silently there', async () => {
  const existing = { ...role, state: 'constructor' }
  const { states, lines } = await open({ setup: [create] }, () => created, { existing })
  expect((await refusal(states.arrange([given('existing')], forever))).code).toBe('STATE_FAILED')
  expect(lines()).toEqual([])
})

const ours = (id: string) => ({ id, name: 'assay-x-1' })

test('everything that has exactly our name is removed, and nothing whose name begins with it', async () => {
  const near = ['assay-x-10', 'assay-x-1 ', 'Assay-x-1', 'assay-x', 'x assay-x-1'].map((name) => ({
    id: 'theirs',
    name,
  }))
  const list = [near[0], ours('i1'), ...near.slice(1), ours('i2')]
  const { states, lines } = await open({ setup: [create], teardown, find }, ({ method }) => {
    if (method === 'POST') return { status: 502 }
    return method === 'GET' ? { body: { data: list } } : {}
  })
  await refusal(states.arrange([given('existing')], forever))
  expect(lines().slice(2)).toEqual(['DELETE /v1/tokens/i1', 'DELETE /v1/tokens/i2'])
  expect(await states.releaseAll()).toEqual([])
})

test('more things of our name than the budget leaves requests for are said to be left', async () => {
  const list = Array.from({ length: 5 }, (_, index) => ours(`i${index}`))
  const { states, lines } = await open(
    { setup: [create], teardown, find },
    ({ method }) => {
      if (method === 'POST') return { status: 502 }
      return method === 'GET' ? { body: { data: list } } : {}
    },
    { entry: { requestBudget: 6 } },
  )
  await refusal(states.arrange([given('existing')], forever))
  expect(await states.releaseAll()).toMatchObject([{ reason: expect.stringContaining('budget') }])
  expect(lines().length).toBeLessThanOrEqual(6)
})

test.each([
  ['the id of the account key', [{ id: 'own', name: 'account key' }, ours('i1')]],
  ['the id of something of another', [{ id: 'own', name: 'assay-x-10' }, ours('i1')]],
  ['another id than the list has', [ours('i1')]],
])(
  'a recipe that answers %s destroys nothing by it, and what was made is removed',
  async (_, list) => {
    const { states, lines } = await open({ setup: [create], teardown, find }, ({ method }) => {
      if (method === 'POST') return { body: { data: { id: 'own', token: secret } } }
      return method === 'GET' ? { body: { data: list } } : {}
    })
    const error = await refusal(states.arrange([given('existing')], forever))
    expect(error.message).toContain('answered what the target lists under another name')
    expect(await states.releaseAll()).toEqual([])
    expect(lines().filter((line) => line.startsWith('DELETE'))).toEqual(['DELETE /v1/tokens/i1'])
  },
)

test('a list is asked once for a state, and one that cannot be had or lags behind keeps from nothing', async () => {
  const answers = [{ status: 403 }, { body: { data: [] } }]
  for (const answer of answers) {
    const { states, lines } = await open({ setup: [create], teardown, find }, ({ method }) =>
      method === 'POST' ? created : method === 'GET' ? answer : {},
    )
    for (let time = 0; time < 3; time += 1)
      await (await states.arrange([given('existing')], forever)).release()
    expect(lines().filter((line) => line.startsWith('GET'))).toHaveLength(1)
  }
})
