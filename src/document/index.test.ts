import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { expect, it } from 'vitest'
import * as document from './index.ts'

/** What a module loads before it runs; an import of types loads nothing. */
async function staticImports(file: string, seen: Set<string>): Promise<void> {
  if (seen.has(file)) return
  seen.add(file)
  if (!file.startsWith('/')) return
  const text = await readFile(file, 'utf8')
  for (const [, name = ''] of text.matchAll(/^(?:import|export) (?!type )[^']*? from '(.+)'$/gm)) {
    await staticImports(name.startsWith('.') ? resolve(dirname(file), name) : name, seen)
  }
}

it('loads no YAML parser until a text is not JSON', async () => {
  const seen = new Set<string>()
  await staticImports(resolve('src/document/index.ts'), seen)
  expect(seen).toContain(resolve('src/document/json.ts'))
  expect(seen).toContain('node:crypto')
  expect([...seen].filter((name) => /yaml/.test(name))).toEqual([])
})

it('offers these names and no others', () => {
  expect(Object.keys(document).sort()).toEqual([
    'escapePointer',
    'findDuplicateKeys',
    'joinPointer',
    'loadDocument',
    'loadSource',
    'lookUp',
    'nearest',
    'parseSource',
    'readDocument',
    'requireJson',
    'responseFor',
    'rewriteList',
    'splitPointer',
  ])
})
