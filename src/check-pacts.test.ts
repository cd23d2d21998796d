import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { checkPacts } from './check-pacts.ts'
import { renderReport, reportFormats, reportSchema } from './report/index.ts'
import { compileSchema } from './schema/index.ts'

const sound = {
  description: 'a request that deletes a token',
  request: {
    method: 'DELETE',
    path: '/api/tokens/t1',
    headers: { Authorization: 'key-example' },
  },
  response: { status: 200 },
}
const json = { 'Content-Type': 'application/json' }
const lying = {
  ...sound,
  description: 'a request for no token',
  response: { status: 404, headers: json, body: { success: true, error: 'none' } },
}
const bearer = {
  ...sound,
  description: 'a request with a bearer token',
  request: { ...sound.request, headers: { Authorization: 'Bearer secret-of-mine' } },
}
const astray = { ...sound, description: 'elsewhere', request: { method: 'GET', path: '/nothing' } }
const message = { type: 'Asynchronous/Messages', description: 'a token was deleted' }

type Members = Readonly<Record<string, unknown>>

async function pactOf(consumer: string, interactions: readonly Members[], version = '3.0.0') {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-check-'))
  const file = path.join(folder, `${consumer}.json`)
  const metadata = { pactSpecification: { version } }
  const pact = { consumer: { name: consumer }, provider: { name: 'p' }, interactions, metadata }
  await writeFile(file, JSON.stringify(pact, null, 2))
  return file
}

it('a pact that asks for what is documented conforms', async () => {
  const report = await checkPacts({ pacts: [await pactOf('web', [sound])] })
  expect(report).toMatchObject({ conclusion: 'conforming', exitCode: 0, requests: 0 })
  expect(report.expectations.map(({ id }) => id)).toEqual(['deleteApiToken/200'])
  expect(report.targets.map(({ region }) => region)).toEqual(['web'])
})

it('a finding names its interaction, its place in the pact and its promise', async () => {
  const file = await pactOf('web', [sound, lying])
  const report = await checkPacts({ pacts: [file] })
  expect(report).toMatchObject({ conclusion: 'broken', exitCode: 1 })
  const [finding] = report.verdicts.flatMap(({ findings }) => findings)
  expect(finding).toMatchObject({
    check: 'pact-envelope',
    probe: 'a request for no token',
    expected: 'false at /success',
    received: 'true',
    promised: expect.stringMatching(/spec\/envelope\.yaml:\d+:\d+$/),
  })
  const [, line] = /:(\d+):\d+$/.exec(finding?.at ?? '') ?? []
  const lines = (await readFile(file, 'utf8')).split('\n')
  expect(lines[Number(line) - 1]).toContain('"success": true')
})

it('two interactions with the same flaw are two findings, in every report', async () => {
  const pacts = [await pactOf('web', [lying, { ...lying, description: 'again' }])]
  const report = await checkPacts({ pacts })
  for (const format of reportFormats) {
    const told = await renderReport(format, report, { color: false })
    expect(told, format).toContain('a request for no token')
    expect(told, format).toContain('again')
  }
})

it('an interaction that matches no operation is shown and red', async () => {
  const report = await checkPacts({ pacts: [await pactOf('web', [sound, astray])] })
  expect(report.exitCode).toBe(1)
  expect(report.verdicts.map(({ expectation, verdict }) => `${expectation} ${verdict}`)).toEqual([
    'deleteApiToken/200 pass',
    'GET /nothing/200 fail',
  ])
})

it('practice is told and red only where it is asked for, and no credential is shown', async () => {
  const pacts = [await pactOf('web', [bearer])]
  const mild = await checkPacts({ pacts })
  expect(mild).toMatchObject({ exitCode: 0, conclusion: 'conforming' })
  expect(mild.verdicts[0]?.findings.map(({ check }) => check)).toEqual(['pact-credential'])
  expect((await checkPacts({ pacts, strict: true })).exitCode).toBe(1)
  expect(JSON.stringify(mild)).not.toContain('secret-of-mine')
})

it('messages are never green unless somebody said that another judges them', async () => {
  const pacts = [await pactOf('web', [{ ...sound, type: 'Synchronous/HTTP' }, message], '4.0')]
  const silent = await checkPacts({ pacts })
  expect(silent).toMatchObject({ exitCode: 1, conclusion: 'unproven' })
  expect(silent.tally).toMatchObject({ pass: 1, undeclared: 1 })
  const declared = await checkPacts({ pacts, messages: 'the broker verifies them' })
  expect(declared).toMatchObject({ exitCode: 0, conclusion: 'partial' })
})

it('a schema that does not compile is an error of its cell, and the others are judged', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-check-'))
  const document = path.join(folder, 'api.yaml')
  await writeFile(
    document,
    `openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /a:
    get:
      responses:
        '200': { description: ok, content: { application/json: { schema: { type: wrong } } } }
        '404': { description: none, content: { application/json: { schema: { type: string } } } }
`,
  )
  const ask = (status: number, body: unknown) => ({
    description: `a ${status}`,
    request: { method: 'GET', path: '/a' },
    response: { status, headers: json, body },
  })
  const pacts = [await pactOf('web', [ask(200, {}), ask(404, {})])]
  const report = await checkPacts({ document, pacts })
  expect(report.exitCode).toBe(2)
  expect(report.verdicts.map(({ verdict, codes }) => [verdict, codes])).toEqual([
    ['error', ['SCHEMA_NOT_COMPILED']],
    ['fail', undefined],
  ])
})

it('the report keeps its contract', async () => {
  const pacts = [await pactOf('web', [sound, lying, astray]), await pactOf('app', [bearer])]
  const report = await checkPacts({ pacts })
  expect((await compileSchema(reportSchema))(JSON.parse(JSON.stringify(report)))).toEqual([])
  expect(report.targets.map(({ region }) => region)).toEqual(['web', 'app'])
})
