import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { lifeOf, ownProcess, silence } from './owner.ts'

const own = ownProcess()
const later = silence + 1

test('a process that runs lives, however long it was silent', () => {
  expect([lifeOf(own, 0), lifeOf(own, later)]).toEqual(['lives', 'lives'])
})

test('another process with the same id is another process', () => {
  expect(lifeOf({ ...own, started: '1' }, 0)).toBe('ended')
})

test('a process that ended has ended, also before anybody asked how', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
  const owner = { ...own, pid: child.pid ?? 0, started: undefined }
  expect(lifeOf(owner, 0)).toBe('lives')
  const ended = new Promise((resolve) => child.on('close', resolve))
  child.kill('SIGKILL')
  await ended
  expect(lifeOf(owner, 0)).toBe('ended')
  expect([0, -1, 2.5, Number.NaN].map((pid) => lifeOf({ ...own, pid }, 0))).toEqual(
    Array(4).fill('ended'),
  )
})

test('what runs elsewhere cannot be seen, and counts as ended after a long silence', () => {
  const elsewhere = { ...own, machine: 'another' }
  expect([lifeOf(elsewhere, 0), lifeOf(elsewhere, silence - 1000)]).toEqual(['unknown', 'unknown'])
  expect(lifeOf(elsewhere, later)).toBe('ended')
})

test('where the system does not say when a process started, its silence tells', () => {
  const owner = { ...own, started: undefined }
  expect([lifeOf(owner, 0), lifeOf(owner, later)]).toEqual(['lives', 'ended'])
})
