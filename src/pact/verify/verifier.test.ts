import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { type DoorAnswer, openDoors } from './door.ts'
import { readResult } from './mismatch.ts'
import { openVerifier } from './verifier.ts'

const pact = {
  consumer: { name: 'c' },
  provider: { name: 'p' },
  interactions: [
    { description: 'd', request: { method: 'GET', path: '/a' }, response: { status: 404 } },
  ],
  metadata: { pactSpecification: { version: '3.0.0' } },
}
const answer: DoorAnswer = { status: 404, headers: [], body: new Uint8Array() }

async function open() {
  const verifier = openVerifier()
  const doors = await openDoors()
  onTestFinished(async () => {
    verifier.close()
    await doors.close()
  })
  return { verifier, doors }
}

/** The verifier that this process has started, as Linux knows it. */
function findVerifier(): number | undefined {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
  return children
    .split(' ')
    .map(Number)
    .filter((pid) => pid > 0)
    .find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('verify/process.js'))
}

test.skipIf(process.platform !== 'linux')(
  'a verifier that is ended while it works is tried once more, and nothing is sent twice',
  async () => {
    const { verifier, doors } = await open()
    let sent = 0
    const door = doors.open({
      pact,
      values: {},
      async send() {
        sent += 1
        const pid = findVerifier()
        if (pid !== undefined) process.kill(pid, 'SIGKILL')
        return answer
      },
    })
    const result = await verifier.verify({ provider: 'p', door: door.url, timeout: 20_000 })
    expect([readResult(result).kind, sent]).toEqual(['verified', 1])
  },
)

test('a verifier that does not answer in time has failed', async () => {
  const { verifier, doors } = await open()
  const door = doors.open({ pact, values: {}, send: () => new Promise(() => {}) })
  const task = { provider: 'p', door: door.url, timeout: 200 }
  await expect(verifier.verify(task)).rejects.toMatchObject({ code: 'PACT_VERIFIER_FAILED' })
})

test('a door is open to nobody who does not know its key, and shut once it is closed', async () => {
  const { doors } = await open()
  const door = doors.open({ pact, values: { id: '1' }, send: () => Promise.resolve(answer) })
  const statusOf = async (url: string) => (await fetch(url)).status
  expect(await statusOf(`${door.url}/states`)).toBe(200)
  expect(await statusOf(`${door.url.slice(0, -1)}x/states`)).toBe(404)
  door.close()
  expect(await statusOf(`${door.url}/states`)).toBe(404)
})
