import { spawn } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** The command as users have it: the build, in a process of its own. */
const command = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
const root = fileURLToPath(new URL('../../..', import.meta.url))

async function check(args: readonly string[], folder: string) {
  const child = spawn(process.execPath, [command, 'pact', 'check', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH },
  })
  const outputs = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    outputs.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    outputs.err += chunk
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, ...outputs }
}

const emptyFolder = () => mkdtemp(path.join(tmpdir(), 'assay-pact-check-'))

const wrong = {
  consumer: { name: 'web' },
  provider: { name: 'archil-control-plane' },
  interactions: [
    {
      description: 'a token that nobody has',
      request: {
        method: 'DELETE',
        path: '/api/tokens/none',
        headers: { Authorization: 'key-example' },
        query: 'force=true',
      },
      response: {
        status: 404,
        headers: { 'Content-Type': 'application/json' },
        body: { success: true, error: 'none' },
      },
    },
  ],
  metadata: { pactSpecification: { version: '2.0.0' } },
}

test('the committed pacts of the consumer conform', async () => {
  const { code, out } = await check(['contracts/archil-client-archil-control-plane.json'], root)
  expect(code).toBe(0)
  expect(out).toContain('archil-client')
  expect(out).toContain('conforming')
})

test('findings are told with their place in the pact, exit 1, and reports go where they are asked for', async () => {
  const folder = await emptyFolder()
  await writeFile(path.join(folder, 'web.json'), JSON.stringify(wrong, null, 2))
  const args = ['web.json', '--report', 'console,json,junit', '--report-dir', 'out']
  const { code, out } = await check(args, folder)
  expect(code).toBe(1)
  const golden = new URL('../fixtures/pact-check.txt', import.meta.url)
  const shown = out
    .replaceAll(/[^\s(]*(spec\/(?:openapi|envelope)\.yaml)/g, '$1')
    .replace(/\d+\.\d\d s/, '0.00 s')
    .replace(/Assay \S+/, 'Assay 0.0.0')
    .replace(/sha256 \w+/, 'sha256 000000000000')
  expect(shown).toBe(await readFile(golden, 'utf8'))
  const report = JSON.parse(await readFile(path.join(folder, 'out/report.json'), 'utf8'))
  expect(report.exitCode).toBe(1)
  expect(await readFile(path.join(folder, 'out/junit.xml'), 'utf8')).toContain('pact-query')
})

test('what is no pact ends with its code, its place and exit 2', async () => {
  const folder = await emptyFolder()
  await writeFile(path.join(folder, 'broken.json'), '{\n  "consumer": }')
  await writeFile(path.join(folder, 'other.json'), '{"openapi": "3.1.0"}')
  const broken = await check(['broken.json'], folder)
  expect(broken.code).toBe(2)
  expect(broken.err).toMatch(/SOURCE_SYNTAX[\s\S]*broken\.json:2:15/)
  const other = await check(['other.json'], folder)
  expect(other).toMatchObject({ code: 2, out: '' })
  expect(other.err).toMatch(/PACT_NOT_A_PACT[\s\S]*other\.json:1:1/)
})

test('no file, an empty folder and a --cannot without reason are refused', async () => {
  const folder = await emptyFolder()
  expect((await check([], folder)).code).toBe(2)
  expect((await check(['.'], folder)).err).toContain('PACT_NONE')
  expect((await check(['.', '--cannot', 'messages'], folder)).err).toContain('USAGE')
})
