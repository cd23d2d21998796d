import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { type LoadOptions, loadSource } from '../document/index.ts'
import { AssayError } from '../errors.ts'
import type { Pact } from './pact.ts'
import { readPact } from './read.ts'

/**
 * Reads pacts from files, URLs and folders, of which every `*.json` is one; each once, in the order given.
 *
 * @throws AssayError PACT_NONE for an empty folder or list, and what `loadSource` and `readPact` throw
 */
export async function loadPacts(
  locations: readonly string[],
  options?: LoadOptions,
): Promise<readonly Pact[]> {
  const files = (await Promise.all(locations.map(filesAt))).flat()
  if (files.length === 0) throw none('no pact was named')
  const known = new Set<string>()
  const once = files.filter((file) => {
    const place = /^https?:/i.test(file) ? file : path.resolve(file)
    return known.size < known.add(place).size
  })
  return Promise.all(once.map(async (file) => readPact(await loadSource(file, options))))
}

async function filesAt(location: string): Promise<readonly string[]> {
  const found = await stat(location).catch(() => undefined)
  if (found?.isDirectory() !== true) return [location]
  const names = (await readdir(location)).filter((name) => name.endsWith('.json')).sort()
  if (names.length === 0) throw none(`the folder ${JSON.stringify(location)} holds no pact`)
  return names.map((name) => path.join(location, name))
}

function none(message: string): AssayError {
  return new AssayError('PACT_NONE', message, { hint: 'name pact files, or folders with *.json' })
}
