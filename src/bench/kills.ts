import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type RegionHandle, startProvider } from '../provider/index.ts'
import { type Relay, startRelay } from './relay.ts'

/** How a target is looked at while its runs are killed. */
export type Way = { readonly states: 'url' | 'recipes'; readonly latency: number }

/** What became of one run that was killed, and of the cleanup after it. */
export type Kill = {
  readonly way: Way
  /** Milliseconds from the start of the process. */
  readonly after: number
  /** false: the run had ended by itself before. */
  readonly killed: boolean
  /** How much was on the target that had not been there before the run, when it was dead. */
  readonly made: number
  /** How many cleanups were killed before one came to its end. */
  readonly cleanupsKilled: number
  /** What is wrong; nothing in a run that does no harm. */
  readonly wrong: readonly string[]
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/**
 * Kills runs with SIGKILL at random moments, cleans up after each, and looks at the target, which knows
 * who made what, and at everything that was written to disk.
 *
 * @param command the built command
 * @param count how many runs are killed
 */
export async function* killRuns(
  command: string,
  ways: readonly Way[],
  count: number,
): AsyncGenerator<Kill> {
  const stages: Stage[] = []
  try {
    for (const way of ways) stages.push(await openStage(command, way))
    // A run that had ended before its moment came counts for nothing.
    for (let killed = 0, index = 0; killed < count; index += 1) {
      const stage = stages[index % stages.length]
      if (stage === undefined) return
      const kill = await killOne(stage)
      if (kill.killed) killed += 1
      yield kill
    }
  } finally {
    for (const { relay, close } of stages) {
      await relay.close()
      await close()
    }
  }
}

type Stage = {
  readonly command: string
  readonly way: Way
  readonly region: RegionHandle
  readonly relay: Relay
  readonly args: readonly string[]
  /** Milliseconds of a whole run, and of the part of it in which things exist. */
  readonly whole: number
  readonly busy: number
  close(): Promise<void>
}

async function openStage(command: string, way: Way): Promise<Stage> {
  const provider = await startProvider({ regions: ['one'], states: way.states === 'url' })
  const [region] = provider.regions
  if (region === undefined) throw new Error('the provider has no region')
  await seedForeign(region)
  const relay = await startRelay(region.url, way.latency)
  const reach = way.states === 'url' ? ['--states-url', '/_assay/states'] : []
  const suite = way.states === 'url' ? [] : [await recipeSuite()]
  const target = ['-u', relay.url, '--api-key-env', 'KEY', '--safety', 'shared']
  const args = [...suite, ...target, ...reach, '--request-timeout', '2000']
  const begun = performance.now()
  let first = begun
  relay.whenMade(() => {
    first = performance.now()
  })
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-kills-'))
  await start({ command, region }, folder, ['run', ...args]).ended
  const end = performance.now()
  await rm(folder, { recursive: true })
  const close = () => provider.close()
  return { command, way, region, relay, args, whole: end - begun, busy: end - first, close }
}

/** The suite that comes with Assay, whose targets are arranged by plain requests. */
async function recipeSuite(): Promise<string> {
  const own = new URL('../../suites/control-plane.yaml', import.meta.url)
  const text = await readFile(own, 'utf8')
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-suite-'))
  const file = path.join(folder, 'suite.yaml')
  const { writeFile } = await import('node:fs/promises')
  const spec = new URL('../../spec/', import.meta.url).pathname
  await writeFile(file, `${text.replaceAll('../spec/', spec)}\ndefaults: { recipes: tokens-api }\n`)
  return file
}

/** What other people have there: names that begin like ours, or are ours but for a letter. */
async function seedForeign({ url, apiKey }: RegionHandle): Promise<void> {
  for (const name of ['assay-deadbeef-1', 'assay', 'assay-', 'prod', 'assay-00000000-10']) {
    const answer = await fetch(`${url}/api/tokens`, {
      method: 'POST',
      headers: { authorization: `key-${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    })
    if (!answer.ok) throw new Error(`nothing could be made: ${answer.status}`)
  }
}

async function killOne(stage: Stage): Promise<Kill> {
  const { region, relay, way, args } = stage
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-kills-'))
  const before = region.tokens()
  const askedBefore = relay.asked.length
  const issuedBefore = new Set(relay.issued)
  const reports = ['--report', 'console,json,junit', '--report-dir', 'reports']
  const begun = performance.now()
  const run = start(stage, folder, ['run', ...args, ...reports])
  const isEarly = Math.random() < 0.15
  if (isEarly) await Promise.race([sleep(Math.random() * stage.whole), run.ended])
  else {
    const made = new Promise<void>((resolve) => relay.whenMade(resolve))
    await Promise.race([made, run.ended])
    await Promise.race([sleep(Math.random() * stage.busy), run.ended])
  }
  const after = performance.now() - begun
  run.kill()
  const { code } = await run.ended
  const killed = code === null
  const mine = () => region.tokens().filter(({ id }) => !before.some((each) => each.id === id))
  const made = mine().length
  let cleanupsKilled = 0
  while (Math.random() < 0.3 && cleanupsKilled < 3) {
    const cleaning = start(stage, folder, ['cleanup', ...args])
    await Promise.race([sleep(150 + Math.random() * 1500), cleaning.ended])
    cleaning.kill()
    if ((await cleaning.ended).code === null) cleanupsKilled += 1
    else break
  }
  const cleaned = await start(stage, folder, ['cleanup', ...args]).ended
  await sleep(2 * way.latency)
  const wrong = [
    ...(cleaned.code === 0 ? [] : [`cleanup ended with ${cleaned.code}: ${cleaned.said}`]),
    ...mine().map(({ name }) => `left: ${name}`),
    ...before
      .filter(({ id }) => !region.tokens().some((each) => each.id === id))
      .map(({ name }) => `foreign gone: ${name}`),
    ...namedForeign(relay.asked.slice(askedBefore), before),
    ...(await faultLeft(region)),
    ...(await secretsOn(
      folder,
      [region.apiKey, ...relay.issued].filter((each) => !issuedBefore.has(each)),
    )),
  ]
  const again = await start(stage, folder, ['cleanup', ...args]).ended
  if (again.code !== 0 || !again.said.includes('Nothing was left behind'))
    wrong.push(`a second cleanup said: ${again.said}`)
  if (wrong.length === 0) await rm(folder, { recursive: true })
  return { way, after, killed, made, cleanupsKilled, wrong }
}

/** Requests that name what is somebody else's. */
function namedForeign(
  asked: readonly string[],
  foreign: readonly { readonly id: string; readonly name: string }[],
): readonly string[] {
  return foreign
    .filter(({ id }) => asked.some((each) => each.toLowerCase().includes(id)))
    .map(({ name }) => `foreign named: ${name}`)
}

/** Whether a fault is still armed, which the next user would meet. */
async function faultLeft({ url, apiKey }: RegionHandle): Promise<readonly string[]> {
  const { status } = await fetch(`${url}/api/tokens/${'0'.repeat(64)}`, {
    method: 'DELETE',
    headers: { authorization: `key-${apiKey}` },
  })
  return status === 404 ? [] : [`a fault is left: ${status}`]
}

async function secretsOn(folder: string, secrets: readonly string[]): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const texts = await Promise.all(
    files.map(async ({ parentPath, name }) => ({
      name: path.join(parentPath, name),
      text: (await readFile(path.join(parentPath, name), 'latin1')).toLowerCase(),
    })),
  )
  return texts.flatMap(({ name, text }) =>
    secrets.flatMap((secret) => {
      const shown = formsOf(secret).find((form) => text.includes(form.toLowerCase()))
      return shown === undefined ? [] : [`a secret in ${name}`]
    }),
  )
}

/** A text as it is, percent-encoded, in hexadecimal, and in base64 at each of its three offsets. */
function formsOf(secret: string): readonly string[] {
  const base64 = ['', 'x', 'xx'].map((before) =>
    Buffer.from(before + secret)
      .toString('base64')
      .slice(before === '' ? 0 : 4, -4),
  )
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex'), ...base64]
}

function start(
  { command, region }: Pick<Stage, 'command' | 'region'>,
  folder: string,
  args: readonly string[],
) {
  const child = spawn(process.execPath, [command, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, KEY: region.apiKey },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk
    })
  return {
    kill: () => void child.kill('SIGKILL'),
    ended: new Promise<{ code: number | null; said: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, said })),
    ),
  }
}
