import { execFile } from 'node:child_process'
import { mkdtemp, readFile, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { XMLValidator } from 'fast-xml-parser'
import { afterEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Provider, startProvider } from '../provider/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const open: Provider[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()))
})

type Step = { readonly run?: string; readonly if?: string }

/** The shell steps of both gates after `npm ci`: the run first, then what is done in any case. */
async function gates(): Promise<readonly (readonly [string, readonly string[]])[]> {
  const read = async (file: string) => parse(await readFile(path.join(root, file), 'utf8'))
  const github = (await read('.github/workflows/staging.yml')) as {
    jobs: { conformance: { steps: Step[] } }
  }
  const gitlab = (await read('.gitlab-ci.yml')) as {
    conformance: { script: string[]; after_script: string[] }
  }
  const { script, after_script: after } = gitlab.conformance
  const steps = github.jobs.conformance.steps.flatMap(({ run }) => (run === undefined ? [] : [run]))
  const withoutInstall = (lines: readonly string[]) => lines.filter((line) => line !== 'npm ci')
  return [
    ['GitHub', withoutInstall(steps)],
    ['GitLab', [withoutInstall(script).join(' && '), after.join(' && ')]],
  ]
}

async function shell(line: string, folder: string, env: Record<string, string>) {
  const run = promisify(execFile)('bash', ['-c', line], { cwd: folder, env })
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout + stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      out: stdout + stderr,
    }),
  )
}

async function stage(fault?: string) {
  const provider = await startProvider({
    regions: ['aws-us-east-1'],
    states: false,
    seam: false,
    faults: fault === undefined ? [] : [{ name: fault }],
  })
  open.push(provider)
  const [region] = provider.regions
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
  await symlink(path.join(root, 'dist'), path.join(folder, 'dist'))
  const env = {
    PATH: process.env.PATH ?? '',
    ASSAY_TARGET: 'aws-us-east-1',
    ASSAY_REPORT: 'console,json,junit,markdown,github',
    ASSAY_REPORT_DIR: 'reports',
    ARCHIL_AWS_US_EAST_1_URL: region?.url ?? '',
    ARCHIL_API_KEY: region?.apiKey ?? '',
    KEY: 'REGION_KEY',
    REGION_KEY: region?.apiKey ?? '',
    GITHUB_STEP_SUMMARY: path.join(folder, 'summary.md'),
  }
  return { folder, env }
}

test.each(await gates())(
  '%s: green on a sound region, and the reports are there',
  async (_, steps) => {
    const { folder, env } = await stage()
    for (const step of steps) expect(await shell(step, folder, env)).toMatchObject({ code: 0 })
    const junit = await readFile(path.join(folder, 'reports/junit.xml'), 'utf8')
    expect(XMLValidator.validate(junit)).toBe(true)
    expect(junit).toContain('name="aws-us-east-1"')
    expect(await readFile(path.join(folder, 'reports/report.md'), 'utf8')).toContain('✅ pass')
  },
)

test.each<[what: string, fault: string | undefined, extra: object, code: number, said: RegExp]>([
  ['a broken promise', 'not-found-lies-success', {}, 1, /broken: .* 1 fail/],
  [
    'a skip that nobody declared',
    undefined,
    { ASSAY_CANNOT: 'deleted-stays-deleted=not said of 500' },
    1,
    /2 skip \(undeclared\)/,
  ],
  [
    'a region that cannot be reached',
    undefined,
    { ARCHIL_AWS_US_EAST_1_URL: 'http://127.0.0.1:1' },
    3,
    /incomplete: 0 of 14 pass/,
  ],
  ['an empty plan', undefined, { ASSAY_EXCLUDE_OPERATION: 'deleteApiToken' }, 2, /PLAN_EMPTY/],
])('the step turns red for %s', async (_, fault, extra, code, said) => {
  const { folder, env } = await stage(fault)
  const [[, [step = ''] = []] = []] = await gates()
  const ended = await shell(step, folder, { ...env, ...extra })
  expect(ended).toMatchObject({ code, out: expect.stringMatching(said) })
})

test('GitLab turns red as GitHub does', async () => {
  const { folder, env } = await stage('not-found-lies-success')
  const [, [, [step = ''] = []] = []] = await gates()
  expect(await shell(step, folder, { ...env, ASSAY_INCLUDE_STATUS: '404' })).toMatchObject({
    code: 1,
    out: expect.stringMatching(/broken: 0 of 1 pass, 1 fail/),
  })
})
