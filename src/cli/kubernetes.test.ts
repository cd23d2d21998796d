import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'

const root = fileURLToPath(new URL('../..', import.meta.url))
const require = createRequire(import.meta.url)

type Model = { validate(): void }
type Manifest = { readonly apiVersion: string; readonly kind: string }

/** Where the package of Kubernetes' own schemas has each kind of the manifest. */
const modules: Readonly<Record<string, string>> = {
  'batch/v1': 'kubernetes-models/batch/v1',
  v1: 'kubernetes-models/v1',
}

const manifest = readFileSync(`${root}kubernetes.yaml`, 'utf8')
// Types are looked for from where a file stands, so the folder is one of this package.
const folder = mkdtempSync(path.join(root, 'node_modules', '.kubernetes-'))
afterAll(() => rmSync(folder, { recursive: true }))

function read(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map((each) => {
    expect(each.errors).toEqual([])
    return each.toJS() as Manifest
  })
}

type Models = Readonly<Record<string, (new (data: object) => Model) | undefined>>

function modelsOf(apiVersion: string): Models {
  const module = modules[apiVersion]
  return module === undefined ? {} : (require(module) as Models)
}

/** What the JSON Schemas of Kubernetes say of the values. */
function wrongValues(text: string): readonly string[] {
  return read(text).flatMap((each) => {
    const Kind = modelsOf(each.apiVersion)[each.kind]
    if (Kind === undefined) return [`there is no ${each.kind} in ${each.apiVersion}`]
    try {
      new Kind(each).validate()
      return []
    } catch (error) {
      return [(error as Error).message]
    }
  })
}

/** The manifest as TypeScript, each part of the type that is made of the same schema. */
function typed(text: string): string {
  const lines = read(text).map((each, index) => {
    const type = `import('${modules[each.apiVersion] ?? each.apiVersion}').I${each.kind}`
    return `export const part${index}: ${type} = ${JSON.stringify(each)}`
  })
  return lines.join('\n')
}

/** What the types say of each text, all in one go: a key that there is not is a mistake to them. */
function wrongTypes(texts: readonly string[]): readonly string[] {
  const nameOf = (index: number) => `manifest-${index}.ts`
  const files = texts.map((text, index) => {
    writeFileSync(path.join(folder, nameOf(index)), typed(text))
    return nameOf(index)
  })
  const options = '--noEmit --strict --skipLibCheck --module nodenext --target es2022'.split(' ')
  const { stdout } = spawnSync(
    process.execPath,
    [`${root}node_modules/typescript/bin/tsc`, ...options, '--ignoreConfig', ...files],
    { cwd: folder, encoding: 'utf8' },
  )
  const lines = stdout.split('\n').filter((line) => line !== '')
  const told = files.map((file) => lines.filter((line) => line.startsWith(`${file}(`)).join('\n'))
  expect(told.join('\n').split('\n').filter(Boolean).length, stdout).toBeGreaterThan(0)
  return told
}

const spoilt: readonly (readonly [right: string, wrong: string, said: string])[] = [
  ['completionMode: Indexed', 'completionMode: Indexd', 'completionMode must be equal to one of'],
  ['completionMode: Indexed', 'completionmode: Indexed', `"completionmode"' does not`],
  ['backoffLimitPerIndex: 1', 'backoffLimitPerIndex: once', 'backoffLimitPerIndex must be'],
  ['maxFailedIndexes', 'maxFailedIndices', `"maxFailedIndices"' does not`],
  ['action: FailIndex', 'actions: FailIndex', 'required property action'],
  ['onExitCodes', 'onExitCode', `"onExitCode"' does not`],
  ['values: [1, 2, 3]', 'values: [one]', 'values/0 must be integer'],
  ['runAsNonRoot: true', 'runAsNonRoot: yes please', 'runAsNonRoot must be boolean'],
  ['readOnlyRootFilesystem', 'readonlyRootFilesystem', `"readonlyRootFilesystem"' does not`],
  ['configMapRef: { name: assay }', 'configMapref: { name: assay }', `"configMapref"' does not`],
  ['restartPolicy: Never', 'restartPolicy: Sometimes', 'restartPolicy must be equal to one of'],
  ['apiVersion: batch/v1', 'apiVersion: batch/v2', 'there is no Job in batch/v2'],
  ['suspend: true', 'suspended: true', `"suspended"' does not`],
]
const texts = [manifest, ...spoilt.map(([right, wrong]) => manifest.replace(right, wrong))]
let mistakes: readonly string[] = []
beforeAll(() => {
  const types = wrongTypes(texts)
  mistakes = texts.map((text, index) => [...wrongValues(text), types[index]].join('\n').trim())
})

test('Kubernetes takes every part of the manifest', () => {
  expect(read(manifest).map(({ kind }) => kind)).toEqual([
    'ConfigMap',
    'ConfigMap',
    'PersistentVolumeClaim',
    'Job',
    'Job',
  ])
  expect(mistakes[0]).toBe('')
})

describe('a mistake in it is refused', () => {
  test.each(spoilt.map((each, index) => [...each, index + 1] as const))(
    '%s → %s',
    (right, _, said, index) => {
      expect(manifest).toContain(right)
      expect(mistakes[index]).toContain(said)
    },
  )
})

test('a pod has the time that a teardown takes, no key stands in the manifest, and no verdict is tried again', () => {
  type Pod = { readonly terminationGracePeriodSeconds?: number }
  type Job = {
    readonly completions?: number
    readonly parallelism?: number
    readonly maxFailedIndexes?: number
    readonly template: { readonly spec: Pod }
  }
  const jobs = read(manifest).filter(({ kind }) => kind === 'Job') as unknown as { spec: Job }[]
  const [shards] = jobs.map(({ spec }) => spec)
  expect(shards?.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(5)
  expect([shards?.completions, shards?.parallelism, shards?.maxFailedIndexes]).toEqual([10, 10, 10])
  expect(manifest).not.toMatch(/^kind: Secret/m)
})
