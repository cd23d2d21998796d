import { randomBytes } from 'node:crypto'
import { chmod, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { rewriteList } from '../document/index.ts'
import { AssayError } from '../errors.ts'
import type { Baseline, Entry } from './entry.ts'

/** How many entries came, went and changed, and how many wait for somebody to fill them in. */
export type Written = {
  readonly added: number
  readonly removed: number
  readonly changed: number
  readonly toFillIn: number
}

/**
 * Writes the entries of a baseline anew: what people wrote beside them stays, and a file that says the
 * same already is left as it is. The file is whole at every moment.
 *
 * @throws AssayError BASELINE_UNWRITABLE
 */
export async function writeBaseline(
  { file, text, value, entries, isNew = false }: Baseline,
  next: readonly Entry[],
): Promise<Written> {
  const before = new Map(entries.map((entry) => [entry.fingerprint, entry]))
  const after = new Set(next.map(({ fingerprint }) => fingerprint))
  const kept = next.filter(({ fingerprint }) => before.has(fingerprint))
  const changed = kept.filter((each) => !isDeepStrictEqual(each, before.get(each.fingerprint)))
  const written = {
    added: next.length - kept.length,
    removed: entries.filter(({ fingerprint }) => !after.has(fingerprint)).length,
    changed: changed.length,
    toFillIn: next.filter((each) => [each.owner, each.reason, each.expires].includes(null)).length,
  }
  if (isNew || written.added + written.removed + written.changed > 0)
    await replace(
      file,
      await rewriteList({ text, value, list: 'entries', key: 'fingerprint', items: next }),
    )
  return written
}

async function replace(file: string, text: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true })
    const place = await realpath(file).catch(() => file)
    const draft = `${place}.${randomBytes(4).toString('hex')}`
    try {
      await writeFile(draft, text, { flush: true })
      const was = await stat(place).catch(() => undefined)
      if (was !== undefined) await chmod(draft, was.mode)
      await rename(draft, place)
    } finally {
      await rm(draft, { force: true })
    }
  } catch (cause) {
    throw new AssayError('BASELINE_UNWRITABLE', `the baseline ${file} cannot be written`, {
      hint: 'name a writable place',
      cause,
    })
  }
}
