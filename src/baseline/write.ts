import { randomBytes } from 'node:crypto'
import { mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { rewriteList } from '../document/index.ts'
import { AssayError } from '../errors.ts'
import type { Baseline, Entry } from './entry.ts'

/** How a file that does not exist yet begins. */
const head = [
  '# yaml-language-server: $schema=node_modules/assay/schemas/baseline.schema.json',
  '# Findings that are known. An entry holds once it says who answers for it, why, and until when.',
  'baseline: 1',
  'entries: []',
  '',
].join('\n')

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
  { file, text, entries }: Baseline,
  next: readonly Entry[],
): Promise<Written> {
  const before = new Map(entries.map((entry) => [entry.fingerprint, JSON.stringify(entry)]))
  const after = new Set(next.map(({ fingerprint }) => fingerprint))
  const same = next.filter((entry) => before.get(entry.fingerprint) === JSON.stringify(entry))
  const added = next.filter(({ fingerprint }) => !before.has(fingerprint)).length
  const written = {
    added,
    removed: entries.filter(({ fingerprint }) => !after.has(fingerprint)).length,
    changed: next.length - added - same.length,
    toFillIn: next.filter((each) => [each.owner, each.reason, each.expires].includes(null)).length,
  }
  const isSame = same.length === next.length && next.length === entries.length
  if (isSame && text !== '') return written
  const renewed = await rewriteList(text === '' ? head : text, {
    list: 'entries',
    key: 'fingerprint',
    items: next,
  })
  await replace(file, renewed)
  return written
}

async function replace(file: string, text: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true })
    const place = await realpath(file).catch(() => file)
    const draft = `${place}.${randomBytes(4).toString('hex')}`
    try {
      await writeFile(draft, text, { flush: true })
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
