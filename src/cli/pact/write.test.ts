import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const command = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
const library = fileURLToPath(
  new URL('../../pact/write/fixtures/library-suite.yaml', import.meta.url),
)
const folder = mkdtempSync(path.join(tmpdir(), 'assay-write-'))

afterAll(() => rmSync(folder, { recursive: true }))

/** The command as users have it: the build, in a process of its own, in an empty folder. */
function assay(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, 'pact', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('pacts are compared, written and compared again, and the exit code says what was found', () => {
  expect(assay('write', '--check')).toEqual({
    status: 1,
    stdout: [
      'missing    contracts/assay-archil-control-plane.json   4 interactions',
      'missing    contracts/assay-faults-archil-control-plane.json   1 interaction',
      '',
    ].join('\n'),
    stderr: '',
  })
  expect(readdirSync(folder)).toEqual([])
  expect(assay('write')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^written /) })
  expect(assay('write', '--check')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^unchanged /),
  })
})

test('a documented status that no pact holds is told with its reason', () => {
  expect(assay('write', library, '--dir', 'library')).toMatchObject({
    status: 1,
    stdout: expect.stringContaining(
      'unwritten  listBooks/default   only a fault header provokes it, which is a matter of each target\n',
    ),
  })
})

test('a name that leads out of the folder is refused', () => {
  expect(assay('write', '--provider', '../x')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^PACT_PARTY_INVALID {2}"..\/x" is no name of a provider\n/),
  })
})
