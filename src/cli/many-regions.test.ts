import { spawn } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import type { Report } from '../report/index.ts'
import { type ManyRegions, startRegions } from './fixtures/many-regions.ts'

// The examples for many machines, their steps carried out here as the machines would.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 })

const root = fileURLToPath(new URL('../..', import.meta.url))
let sound: ManyRegions
let broken: ManyRegions

beforeAll(async () => {
  sound = await startRegions(20)
  broken = await startRegions(100, [{ name: 'not-found-lies-success', region: 'region-37' }])
})
afterAll(() => Promise.all([sound.close(), broken.close()]))

type Variables = Readonly<Record<string, unknown>>
type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

/** Only one promise is looked at, which is enough to tell the regions apart. */
const quick = { ASSAY_INCLUDE_STATUS: '404' }

function shell(script: string, folder: string, variables: Variables): Promise<Ended> {
  const env = Object.fromEntries(Object.entries(variables).map(([key, text]) => [key, `${text}`]))
  const child = spawn('bash', ['-e', '-c', script], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...quick, ...env },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}

/** An empty folder in which the built command stands where a checkout has it. */
async function checkout(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
  await symlink(path.join(root, 'dist'), path.join(folder, 'dist'))
  return folder
}

const oneTo = (most: number) => Array.from({ length: most }, (_, index) => index + 1)

async function readYaml<T>(file: string): Promise<T> {
  return parse(await readFile(path.join(root, file), 'utf8')) as T
}

async function readReport(folder: string): Promise<Report> {
  return JSON.parse(await readFile(path.join(folder, 'report.json'), 'utf8')) as Report
}

/** Two at a time, for that is what a machine of the tests can do. */
async function inPairs<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items]
  const take = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item)
  }
  await Promise.all([take(), take()])
}

type Step = { readonly name?: string; readonly run?: string }
type GithubJob = {
  readonly env: Variables
  readonly steps: readonly Step[]
  readonly strategy: { readonly matrix: { readonly shard: readonly number[] } }
}
type Workflow = { readonly env: Variables; readonly jobs: Record<'shard' | 'merge', GithubJob> }

function stepNamed({ steps }: GithubJob, name: string): string {
  const run = steps.find((step) => step.name === name)?.run
  if (run === undefined) throw new Error(`there is no step "${name}"`)
  return run
}

test('GitHub: a hundred regions on four machines; the last job finds the broken one, and a missing machine', async () => {
  const { env, jobs } = await readYaml<Workflow>('.github/workflows/many-regions.yml')
  expect(jobs.shard.strategy.matrix.shard).toEqual(oneTo(10))
  const shards = oneTo(4)
  const last = await checkout()
  const codes = new Map<number, number | null>()
  await inPairs(shards, async (shard) => {
    const folder = await checkout()
    const SUITE = await broken.write(folder)
    const fill = (text: unknown) =>
      String(text)
        .replace('${{ matrix.shard }}', String(shard))
        .replace('${{ strategy.job-total }}', String(shards.length))
    const own = Object.fromEntries(
      Object.entries(jobs.shard.env)
        .map(([name, text]) => [name, fill(text)] as const)
        .filter(([, text]) => !text.includes('${{')),
    )
    const { code } = await shell(stepNamed(jobs.shard, 'Look at this share'), folder, {
      ...env,
      ...own,
      ...broken.environment,
      SUITE,
    })
    codes.set(shard, code)
    await mkdir(path.join(last, 'shards'), { recursive: true })
    await cp(path.join(folder, 'reports'), path.join(last, 'shards', `assay-shard-${shard}`), {
      recursive: true,
    })
  })
  expect([...codes].filter(([, code]) => code !== 0)).toEqual([[2, 1]])
  const join = () =>
    shell(stepNamed(jobs.merge, 'Join what all machines saw'), last, { ...env, ...jobs.merge.env })

  const whole = await join()
  expect(whole.code).toBe(1)
  const report = await readReport(path.join(last, 'reports'))
  expect(report.tally).toMatchObject({ pass: 99, fail: 1, error: 0 })
  expect(report.verdicts.find(({ verdict }) => verdict === 'fail')?.target).toBe('region-37')
  expect(report.targets.map(({ name }) => name)).toEqual(broken.names)
  expect(whole.out).toContain('in region-37 (1 of 100)')

  await rm(path.join(last, 'shards', 'assay-shard-2'), { recursive: true })
  const partial = await join()
  expect(partial.code).toBe(3)
  expect(partial.out).toContain('shard 2 of 4 is missing')
  expect((await readReport(path.join(last, 'reports'))).conclusion).toBe('incomplete')
})

type GitlabJob = {
  readonly variables: Variables
  readonly script: readonly string[]
  readonly after_script?: readonly string[]
}

test('GitLab: all regions sound on two machines, and the merge is green', async () => {
  const pipeline = await readYaml<Record<'shard' | 'merge', GitlabJob> & { variables: Variables }>(
    '.gitlab/many-regions.yml',
  )
  const folder = await checkout()
  const SUITE = await sound.write(folder)
  const carryOut = (lines: readonly string[], { variables }: GitlabJob, node: Variables) => {
    const filled = Object.entries(variables).map(
      ([name, text]) =>
        [name, String(text).replace('$CI_NODE_INDEX', `${node.CI_NODE_INDEX}`)] as const,
    )
    return shell(lines.filter((line) => line !== 'npm ci').join('\n'), folder, {
      ...pipeline.variables,
      ...sound.environment,
      ...Object.fromEntries(filled),
      ...node,
      SUITE,
    })
  }
  await inPairs([1, 2], async (index) => {
    const node = { CI_NODE_INDEX: index, CI_NODE_TOTAL: 2 }
    const { shard } = pipeline
    expect((await carryOut(shard.script, shard, node)).code).toBe(0)
  })
  const after = await carryOut(pipeline.shard.after_script ?? [], pipeline.shard, {
    CI_NODE_INDEX: 1,
  })
  expect(after.out).toBe('Nothing was left behind.\n')
  const { code, out } = await carryOut(pipeline.merge.script, pipeline.merge, {})
  expect(code).toBe(0)
  expect(out).toMatch(/^conforming: 20 of 20 pass · 20 targets .* · 2 shards$/m)
})

type Manifest = {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly data?: Variables
  readonly spec: {
    readonly completions: number
    readonly template: {
      readonly spec: Record<
        'containers' | 'initContainers',
        readonly { readonly args: readonly string[] }[]
      >
    }
  }
}

test('Kubernetes: indexes count from 0, and the second Job joins what all pods wrote', async () => {
  const text = await readFile(path.join(root, 'kubernetes.yaml'), 'utf8')
  const manifests = parseAllDocuments(text).map((each) => each.toJS() as Manifest)
  const named = (name: string): Manifest => {
    const found = manifests.find(({ metadata }) => metadata.name === name)
    if (found === undefined) throw new Error(`there is no ${name}`)
    return found
  }
  const { data } = named('assay')
  expect(data?.SHARDS).toBe(String(named('assay-shards').spec.completions))
  const folder = await checkout()
  await mkdir(path.join(folder, 'suite'))
  await sound.write(path.join(folder, 'suite'))
  const shim = path.join(folder, 'assay')
  await writeFile(shim, `#!/bin/sh\nexec node ${folder}/dist/cli/main.js "$@"\n`)
  await chmod(shim, 0o755)
  const carryOut = (name: string, part: 'containers' | 'initContainers', rest: Variables = {}) => {
    const [container] = named(name).spec.template.spec[part]
    const script = (container?.args ?? [])
      .join('\n')
      .replaceAll(/(["\s])\/(suite|reports)\b/g, `$1${folder}/$2`)
    return shell(script, folder, {
      ...sound.environment,
      ...data,
      SHARDS: 2,
      ...rest,
      PATH: `${folder}:${process.env.PATH}`,
    })
  }
  const first = { JOB_COMPLETION_INDEX: 0 }
  const cleaned = await carryOut('assay-shards', 'initContainers', first)
  expect([cleaned.code, cleaned.out]).toEqual([0, 'Nothing was left behind.\n'])
  await inPairs([0, 1], async (JOB_COMPLETION_INDEX) => {
    const { code, err } = await carryOut('assay-shards', 'containers', { JOB_COMPLETION_INDEX })
    expect(err).toContain(`region-${JOB_COMPLETION_INDEX * 10 + 1}: 1 of 1 looked at`)
    expect(code).toBe(0)
  })
  const { code, out } = await carryOut('assay-merge', 'containers')
  expect(out).toMatch(/^conforming: 20 of 20 pass .* · 2 shards$/m)
  expect(code).toBe(0)
})
