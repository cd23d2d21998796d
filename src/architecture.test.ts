import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** What each folder may import, always through its index.ts. The table in ARCHITECTURE.md is this one. */
const grants: Readonly<Record<string, readonly string[]>> = {
  document: [],
  schema: ['document'],
  target: ['document', 'schema'],
  plan: ['document', 'schema', 'target'],
  exchange: ['target'],
  probe: ['document', 'schema', 'target', 'plan', 'exchange'],
  state: ['document', 'target', 'plan', 'probe', 'exchange'],
  verdict: ['document', 'schema', 'target', 'plan', 'probe', 'exchange'],
  baseline: ['document', 'schema', 'target', 'verdict'],
  report: ['document', 'target', 'plan', 'exchange', 'verdict'],
  pact: ['document', 'schema', 'target', 'plan', 'probe', 'exchange', 'state', 'verdict'],
  provider: [],
}

/** The folders through which a package enters: one, but for tables, which reports and the option reference have. */
const doors: Readonly<Record<string, string>> = {
  yaml: 'document',
  'fastest-levenshtein': 'document',
  ajv: 'schema',
  'ajv-formats': 'schema',
  undici: 'exchange',
  '@pact-foundation/pact-core': 'pact',
  '@pact-foundation/pact-cli': 'pact',
  'json-schema-faker': 'pact',
  'fast-xml-parser': 'report',
  'markdown-table': 'report cli',
  autocannon: 'bench',
  commander: 'cli',
  'yocto-spinner': 'cli',
}

const src = fileURLToPath(new URL('.', import.meta.url))
const root = path.dirname(src)
const contracts = ['contracts', 'suites'].flatMap((folder) => files(path.join(root, folder)))

test('every folder imports only what the table grants, through its index.ts', () => {
  expect(files(src).flatMap(badImports)).toEqual([])
})

test('a contract or a suite imports nothing of ours but the public API', () => {
  const ours = contracts.flatMap((file) => importsOf(file).filter((name) => name.startsWith('.')))
  expect(ours.filter((name) => name !== '../src/index.ts')).toEqual([])
})

test('only exchange opens a secret', () => {
  const openers = files(src).filter((file) => /\breveal\b/.test(readFileSync(file, 'utf8')))
  expect([...new Set(openers.map(folderOf))].sort()).toEqual(['exchange', 'target'])
})

function badImports(file: string): readonly string[] {
  const folder = folderOf(file)
  const isTest = file.endsWith('.test.ts') || file.includes('/fixtures/')
  return importsOf(file).flatMap((name) => {
    if (name.startsWith('node:') || (isTest && (name === 'vitest' || !name.startsWith('.'))))
      return []
    if (!name.startsWith('.'))
      return (doors[packageOf(name)] ?? '').split(' ').includes(folder) ? [] : [`${file}: ${name}`]
    const target = path.relative(src, path.resolve(path.dirname(file), name))
    const [other = ''] = target.split(path.sep)
    if (folder === other || target === 'errors.ts') return []
    const sharedFixture = isTest && ['', 'cli'].includes(folder) && other === 'fixtures'
    const throughIndex =
      sharedFixture || !target.includes(path.sep) || target === path.join(other, 'index.ts')
    const granted = isTest || grants[folder] === undefined || grants[folder].includes(other)
    return granted && throughIndex ? [] : [`${file}: ${name}`]
  })
}

function files(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(folder, file))
}

/** The first folder below src; what stands in src itself may import anything. */
function folderOf(file: string): string {
  const [folder = '', rest] = path.relative(src, file).split(path.sep)
  return rest === undefined ? '' : folder
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8')
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)[^'"]*?from '([^']+)'|import\('([^']+)'\)/g,
  )
  return [...found].map(([, stated, dynamic]) => stated ?? dynamic ?? '')
}

function packageOf(name: string): string {
  return name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : (name.split('/')[0] ?? name)
}
