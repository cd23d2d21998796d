import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeFolder } from '../fixtures/verified.ts'
import { readBranch, readConsumerVersion } from '../index.ts'

const before = process.cwd()
let folder = ''
beforeEach(async () => {
  folder = await makeFolder()
  process.chdir(folder)
})
afterEach(() => process.chdir(before))

function git(...args: string[]): string {
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false']
  return execFileSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8' }).trim()
}

function commitPact(): string {
  git('init', '--quiet', '--initial-branch=topic')
  mkdirSync(path.join(folder, 'contracts'))
  writeFileSync(path.join(folder, 'contracts/a.json'), '{}')
  git('add', '.')
  git('commit', '--quiet', '-m', 'A pact')
  return git('rev-parse', 'HEAD')
}

test('the version is the commit and the branch the one that is checked out', async () => {
  const commit = commitPact()
  expect(await readConsumerVersion(['contracts/a.json'], undefined)).toBe(commit)
  expect(await readBranch(undefined)).toBe('topic')
})

test('what is given goes before git', async () => {
  expect(await readConsumerVersion(['contracts/a.json'], '7')).toBe('7')
  expect(await readBranch('main')).toBe('main')
})

test('a pact that differs from its commit gets no version from it', async () => {
  commitPact()
  writeFileSync(path.join(folder, 'contracts/a.json'), '{"changed":true}')
  await expect(readConsumerVersion(['contracts/a.json'], undefined)).rejects.toMatchObject({
    code: 'VERSION_UNKNOWN',
    message: 'contracts/a.json differs from its commit',
  })
})

test('another file that differs, or a new one, is no obstacle', async () => {
  const commit = commitPact()
  writeFileSync(path.join(folder, 'contracts/b.json'), '{}')
  expect(await readConsumerVersion(['contracts/b.json'], undefined)).toBe(commit)
})

test('without a commit or a branch both have to be given', async () => {
  const wanted = { code: 'VERSION_UNKNOWN' }
  await expect(readConsumerVersion([], undefined)).rejects.toMatchObject(wanted)
  await expect(readBranch(undefined)).rejects.toMatchObject(wanted)
  commitPact()
  git('checkout', '--quiet', '--detach')
  await expect(readBranch(undefined)).rejects.toMatchObject(wanted)
})
