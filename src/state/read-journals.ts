import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { AssayError } from '../errors.ts'
import type { Creation, Line } from './journal.ts'
import { type Life, lifeOf } from './owner.ts'

/** A creation that nobody has released, and what is known of it. */
export type Open = Creation & {
  readonly values: Readonly<Record<string, string>>
  /** `sent`: nothing was heard of it; `part`: some of its values are known; `complete`: all of it is there. */
  readonly known: 'sent' | 'part' | 'complete'
}

/** What the journal of a run lists and nobody has released. */
export type JournalFile = {
  readonly file: string
  readonly run: string
  readonly pid: number
  readonly life: Life
  readonly open: readonly Open[]
}

/** A file that has the name of a journal and cannot be read, or says of itself that it is none. */
export type UnreadFile = { readonly file: string; readonly reason: string }

/**
 * Reads every journal in a folder; none where the folder does not exist.
 *
 * @throws AssayError JOURNAL_UNREADABLE where the folder exists and cannot be listed
 */
export async function readJournals(folder: string): Promise<{
  readonly journals: readonly JournalFile[]
  readonly unread: readonly UnreadFile[]
}> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new AssayError('JOURNAL_UNREADABLE', `${folder} cannot be listed (${error.code})`, {
      hint: 'name the folder of the journals with --journal',
      cause: error,
    })
  })
  const journals: JournalFile[] = []
  const unread: UnreadFile[] = []
  for (const name of names.filter((each) => each.endsWith('.jsonl')).sort()) {
    const file = path.join(folder, name)
    try {
      const journal = await readJournal(file)
      if (journal === undefined) unread.push({ file, reason: 'it is no journal' })
      else journals.push(journal)
    } catch (error) {
      unread.push({ file, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  return { journals, unread }
}

async function readJournal(file: string): Promise<JournalFile | undefined> {
  const text = await readFile(file, 'utf8')
  const { mtimeMs } = await stat(file)
  const [first, ...rest] = text.split('\n').map(readLine)
  if (first?.event !== 'run' || path.basename(file) !== `${first.run}.jsonl`) return undefined
  const open = new Map<string, Open>()
  for (const entry of rest) {
    if (entry === undefined || entry.event === 'run') continue
    const before = open.get(entry.key)
    if (entry.event === 'released') open.delete(entry.key)
    else if (entry.event === 'creating') {
      const { event: _event, ...creation } = entry
      open.set(entry.key, { values: {}, known: 'sent', ...before, ...creation })
    } else if (before !== undefined)
      open.set(entry.key, {
        ...before,
        values: entry.values,
        known: entry.complete ? 'complete' : 'part',
      })
  }
  const life = lifeOf(first, Date.now() - mtimeMs)
  return { file, run: first.run, pid: first.pid, life, open: [...open.values()] }
}

/** A line that a killed run did not finish is no line: what it would have said was never sent. */
function readLine(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isLine(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isLine(value: unknown): value is Line {
  if (!isObject(value)) return false
  const { event, run, pid, machine, key } = value
  if (event === 'run')
    return typeof run === 'string' && typeof pid === 'number' && typeof machine === 'string'
  if (typeof key !== 'string') return false
  if (event === 'released') return true
  if (event === 'created') return isObject(value.values)
  const { target, baseUrl, state, params } = value
  const texts = [target, baseUrl, state]
  return event === 'creating' && texts.every((each) => typeof each === 'string') && isObject(params)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
