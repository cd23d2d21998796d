import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { type Meddling, startRelay } from './bench/index.ts'
import { filesIn, startAssay, until } from './fixtures/assay.ts'
import { startProvider } from './provider/index.ts'
import { readJournals } from './state/index.ts'

const closers: (() => Promise<unknown>)[] = []
afterAll(async () => {
  await Promise.all(closers.map((close) => close()))
})

/** A region behind a relay that may meddle, and the command line that looks at it. */
async function stage(
  meddle?: (asked: string, body: string) => Meddling,
  { latency = 0, timeout = 3000 } = {},
) {
  const provider = await startProvider({ regions: ['one'] })
  const [region] = provider.regions
  if (region === undefined) throw new Error('no region')
  const relay = await startRelay(region.url, latency, meddle)
  closers.push(relay.close, () => provider.close())
  const before = region.tokens()
  return {
    region,
    relay,
    env: { KEY: region.apiKey },
    args: [
      ...['-u', relay.url, '--api-key-env', 'KEY', '--states-url', '/_assay/states'],
      ...['--request-timeout', String(timeout)],
    ],
    made: () => region.tokens().length - before.length,
    untouched: () => before.every(({ id }) => region.tokens().some((each) => each.id === id)),
  }
}

const openIn = async (folder: string) =>
  (await readJournals(path.join(folder, '.assay/journal'))).journals.flatMap(({ open }) => open)

const pacts = fileURLToPath(new URL('../contracts', import.meta.url))
const isTeardown = (body: string) => body.includes('"action":"teardown"')
const toFiles = ['--report', 'console,json', '--report-dir', 'reports']

test.concurrent.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  '%s: what was made is removed, every report is written, exit %d',
  async (signal, code) => {
    const { args, env, made, untouched } = await stage(undefined, { latency: 40 })
    const { kill, ended, folder } = await startAssay(['run', ...args, ...toFiles], env)
    await until(() => made() > 2)
    kill(signal)
    const { code: ended130, out } = await ended
    expect([ended130, made(), untouched()]).toEqual([code, 0, true])
    expect(out).toContain('interrupted')
    const report = JSON.parse((await filesIn(folder)).get('reports/report.json') ?? '{}')
    expect([report.exitCode, report.leftovers, report.verdicts.length]).toEqual([code, [], 14])
    expect(await openIn(folder)).toEqual([])
  },
)

test.concurrent('a target that hangs keeps nobody: 5 s after Ctrl-C all is said, the rest is in the journal, and cleanup removes it', async () => {
  let hangs = false
  const { args, env, made, relay } = await stage(() => (hangs ? 'hang' : undefined), {
    timeout: 10_000,
  })
  const { kill, ended, folder } = await startAssay(['run', ...args, ...toFiles], env)
  await until(() => made() > 2)
  hangs = true
  kill('SIGINT')
  const { code, out, afterSignal } = await ended
  expect(code).toBe(130)
  expect(afterSignal).toBeLessThan(9000)
  expect(out).toContain('LEFT')
  expect(made()).toBeGreaterThan(0)
  expect((await openIn(folder)).length).toBeGreaterThanOrEqual(made())
  expect((await filesIn(folder)).has('reports/report.json')).toBe(true)

  const asked = relay.asked.length
  const stuck = await startAssay(['cleanup', ...args], env, folder)
  await until(() => relay.asked.length > asked)
  stuck.kill('SIGINT')
  const stopped = await stuck.ended
  expect([stopped.code, stopped.out]).toEqual([130, expect.stringContaining('LEFT')])
  expect(stopped.afterSignal).toBeLessThan(9000)

  hangs = false
  const quick = args.map((each) => (each === '10000' ? '3000' : each))
  const cleaned = await (await startAssay(['cleanup', ...quick], env, folder)).ended
  expect([cleaned.code, made()]).toEqual([0, 0])
})

test.concurrent('a second signal ends at once, and the journal tells what is open', async () => {
  const { args, env, made } = await stage((_, body) => (isTeardown(body) ? 'hang' : undefined))
  const { kill, ended, folder } = await startAssay(['run', ...args], env)
  await until(() => made() > 2)
  kill('SIGTERM')
  await new Promise((resolve) => setTimeout(resolve, 600))
  kill('SIGTERM')
  const { code, afterSignal } = await ended
  expect(code).toBe(143)
  expect(afterSignal).toBeLessThan(2000)
  expect((await openIn(folder)).length).toBeGreaterThanOrEqual(made())
})

test.concurrent('Ctrl-C while a document is still being read ends at once', async () => {
  let asked = 0
  const slow = createServer((_, response) => {
    asked += 1
    response.writeHead(200).write('{"openapi":')
  })
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    slow.closeAllConnections()
    slow.close()
  })
  const { port } = slow.address() as AddressInfo
  const { args, env } = await stage()
  for (const verb of [['run'], ['pact', 'verify', pacts]]) {
    asked = 0
    const document = ['--document', `http://127.0.0.1:${port}/openapi.json`]
    const { kill, ended } = await startAssay([...verb, ...args, ...document], env)
    await until(() => asked > 0)
    kill('SIGINT')
    const { code, afterSignal } = await ended
    expect(code).toBe(130)
    expect(afterSignal).toBeLessThan(3000)
  }
})

test.concurrent('a fault that is armed when the run is stopped is disarmed', async () => {
  let armed = false
  const { args, env, region, made } = await stage((asked, body) => {
    if (body.includes('internal fault')) armed = body.includes('"setup"')
    return armed && asked.startsWith('DELETE') ? 'hang' : undefined
  })
  const only = ['--include-status', '500']
  const { kill, ended } = await startAssay(['run', ...args, ...only], env)
  await until(() => armed)
  await new Promise((resolve) => setTimeout(resolve, 300))
  kill('SIGINT')
  expect([(await ended).code, armed, made()]).toEqual([130, false, 0])
  const { status } = await fetch(`${region.url}/api/tokens/${'0'.repeat(64)}`, {
    method: 'DELETE',
    headers: { authorization: `key-${region.apiKey}` },
  })
  expect(status).toBe(404)
})

test
  .skipIf(process.platform !== 'linux')
  .concurrent(
    'a verification that is stopped leaves no process and nothing on the target',
    async () => {
      const { args, env, made } = await stage(undefined, { latency: 100 })
      const { child, kill, ended } = await startAssay(['pact', 'verify', pacts, ...args], env)
      const children = () =>
        readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ').map(Number)
      let verifier = 0
      await until(() => {
        verifier = children().find((pid) => pid > 0) ?? 0
        return verifier > 0 && made() > 0
      })
      kill('SIGINT')
      expect([(await ended).code, made()]).toEqual([130, 0])
      await until(() => !existsSync(`/proc/${verifier}`) || isZombie(verifier))
    },
  )

function isZombie(pid: number): boolean {
  return /\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}

test.concurrent('a mistake of ours that nobody caught loses no teardown', async () => {
  const { args, env, made, untouched } = await stage(undefined, { latency: 40 })
  const preload = `process.once('SIGUSR2', () => { throw new Error('on purpose') })`
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(preload)}`
  const { kill, ended, folder } = await startAssay(['run', ...args], { ...env, NODE_OPTIONS })
  await until(() => made() > 2)
  kill('SIGUSR2')
  const { code, err } = await ended
  expect([code, made(), untouched()]).toEqual([3, 0, true])
  expect(err).toMatch(/on purpose[\s\S]*mistake in Assay/)
  expect(await openIn(folder)).toEqual([])
})

test.concurrent('a reader that is gone, as after "| head", loses no teardown', async () => {
  const { args, env, made, untouched } = await stage()
  const { child, ended } = await startAssay(['run', ...args], env)
  await until(() => made() > 0)
  child.stderr?.destroy()
  child.stdout?.destroy()
  const { code } = await ended
  expect([code, made(), untouched()]).toEqual([0, 0, true])
})

test.concurrent('a creation that reaches the target after cleanup has looked for it is waited for', async () => {
  let sent = 0
  let arrive = () => {}
  const after = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const { args, env, made } = await stage(
    (_, body) => {
      if (isTeardown(body)) setTimeout(arrive, 300)
      if (!body.includes('"setup"')) return undefined
      sent += 1
      return { after }
    },
    { timeout: 12_000 },
  )
  const { kill, ended, folder } = await startAssay(['run', ...args], env)
  await until(() => sent > 0)
  await new Promise((resolve) => setTimeout(resolve, 50))
  kill('SIGKILL')
  await ended
  expect(new Set((await openIn(folder)).map(({ known }) => known))).toEqual(new Set(['sent']))
  const { code, out, err } = await (await startAssay(['cleanup', ...args], env, folder)).ended
  expect(err).toMatch(/waiting \d+ s: a creation of which nothing was heard may still come/)
  expect(out).toMatch(/(\d+) of \1 removed/)
  expect([code, made()]).toEqual([0, 0])
})

test.concurrent('cleanup leaves a run alone that lives, and what it made, and cleans up after the other', async () => {
  const { args, env, made } = await stage(undefined, { latency: 60 })
  const dead = await startAssay(['run', ...args], env)
  const living = await startAssay(['run', ...args, '--rate-limit', '60/s'], env, dead.folder)
  await until(() => made() > 8)
  dead.kill('SIGKILL')
  await dead.ended
  const { code, out } = await (await startAssay(['cleanup', ...args], env, dead.folder)).ended
  expect(out).toMatch(/^ALONE .*\n +reason +its run lives \(process \d+\)/m)
  expect(out).toMatch(/GONE/)
  expect([code, living.child.exitCode]).toEqual([0, null])
  const { code: own, out: told } = await living.ended
  expect([own, told.includes('FAIL')]).toEqual([0, false])
  expect(made()).toBe(0)
})

test.concurrent('where the journal cannot be written, nothing is made and that is an error', async () => {
  const { args, env, made, relay } = await stage()
  const { folder } = await startAssay(['--version'], env)
  writeFileSync(path.join(folder, 'file'), '')
  const journal = ['--journal', path.join(folder, 'file', 'x')]
  const { code, out } = await (await startAssay(['run', ...args, ...journal], env)).ended
  expect([code, made()]).toEqual([3, 0])
  expect(out).toMatch(/the journal .* cannot be written/)
  expect(relay.asked.filter((each) => each.includes('states'))).toEqual([])
})

test.concurrent('one key reaches a process twice through npm, and still lets it remove what it made', async () => {
  const { args, env, made } = await stage(undefined, { latency: 40 })
  const { kill, ended } = await startAssay(['run', ...args], env)
  await until(() => made() > 2)
  kill('SIGINT')
  setTimeout(() => kill('SIGINT'), 20)
  expect([(await ended).code, made()]).toEqual([130, 0])
})

test.concurrent('cleanup of nothing says so', async () => {
  const { code, out } = await (await startAssay(['cleanup'], {})).ended
  expect([code, out]).toEqual([0, 'Nothing was left behind.\n'])
})
