import { type FileHandle, mkdir, open, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { AssayError } from '../errors.ts'

/** One thing that was to be made on a target, as the journal knows it: names and ids, never a secret. */
export type Creation = {
  readonly target: string
  readonly baseUrl: string
  readonly state: string
  /** The name that Assay chose for it. */
  readonly name: string
  readonly params: Readonly<Record<string, unknown>>
  /** What the target answered, as far as it is no secret. */
  readonly values?: Readonly<Record<string, string>>
}

type Line =
  | { readonly event: 'run'; readonly run: string; readonly pid: number; readonly at: string }
  | ({ readonly event: 'creating' } & Creation)
  | { readonly event: 'created'; readonly name: string; readonly values: Record<string, string> }
  | { readonly event: 'released'; readonly name: string }

/** Remembers what a run makes, so that a killed run can be cleaned up after. */
export type Journal = {
  /** Resolves once the line is on disk; only then may the creation be sent. */
  creating(creation: Creation): Promise<void>
  created(name: string, values: Record<string, string>): Promise<void>
  released(name: string): Promise<void>
  close(): Promise<void>
}

/** The creations that a journal file lists and that nobody has released. */
export type JournalFile = {
  readonly file: string
  readonly run: string
  readonly pid: number
  readonly open: readonly Creation[]
}

/** A journal for targets that end with the process: nothing can be left behind. */
export const noJournal: Journal = {
  creating: () => Promise.resolve(),
  created: () => Promise.resolve(),
  released: () => Promise.resolve(),
  close: () => Promise.resolve(),
}

/**
 * Opens the journal of a run: one append-only file of JSON lines, made with the first creation.
 *
 * @throws AssayError JOURNAL_UNWRITABLE from `creating`, so that nothing is made that is not noted
 */
export function openJournal(folder: string, run: string): Journal {
  return createJournal(folder, async () => {
    await mkdir(folder, { recursive: true })
    const handle = await open(path.join(folder, `${run}.jsonl`), 'a', 0o600)
    const at = new Date().toISOString()
    await handle.appendFile(line({ event: 'run', run, pid: process.pid, at }))
    return handle
  })
}

/** Opens a journal that exists, to note what became of the creations in it. */
export function openJournalFile(file: string): Journal {
  return createJournal(file, async () => {
    const handle = await open(file, 'a')
    // The last line may be torn: what follows it must not become a part of it.
    await handle.appendFile('\n')
    return handle
  })
}

/** What a journal needs of a file. */
export type Appendable = Pick<FileHandle, 'appendFile' | 'datasync' | 'close'>

/** Makes a journal of a file that is opened with the first line. */
export function createJournal(place: string, openFile: () => Promise<Appendable>): Journal {
  let file: Promise<Appendable> | undefined
  let waiting: string[] = []
  let next: Promise<void> | undefined
  let last: Promise<void> = Promise.resolve()

  /** Resolves once the line is on disk; lines that wait for the same turn go there together. */
  function write(entry: Line): Promise<void> {
    waiting.push(line(entry))
    // After a failure nobody knows what is on disk, so each turn fails that follows one that did.
    next ??= last = last.then(flush)
    return next
  }

  async function flush(): Promise<void> {
    const lines = waiting.join('')
    waiting = []
    next = undefined
    try {
      file ??= openFile()
      const handle = await file
      await handle.appendFile(lines)
      await handle.datasync()
    } catch (cause) {
      throw new AssayError('JOURNAL_UNWRITABLE', `the journal ${place} cannot be written`, {
        hint: 'name a writable folder with --journal; without a journal nothing is created',
        cause,
      })
    }
  }

  return {
    creating: (creation) => write({ event: 'creating', ...creation }),
    created: (name, values) => write({ event: 'created', name, values }),
    released: (name) => write({ event: 'released', name }),
    async close() {
      await last.catch(() => {})
      const handle = await file?.catch(() => undefined)
      await handle?.close()
    },
  }
}

/** Reads every journal in a folder; none where the folder does not exist. */
export async function readJournals(folder: string): Promise<readonly JournalFile[]> {
  const names = await readdir(folder).catch(() => [])
  const files = names.filter((name) => name.endsWith('.jsonl')).sort()
  return Promise.all(files.map((name) => readJournal(path.join(folder, name))))
}

async function readJournal(file: string): Promise<JournalFile> {
  const text = await readFile(file, 'utf8')
  const open = new Map<string, Creation>()
  let run = path.basename(file, '.jsonl')
  let pid = 0
  for (const each of text.split('\n')) {
    const entry = parseLine(each)
    if (entry?.event === 'run') ({ run, pid } = entry)
    else if (entry?.event === 'creating') open.set(entry.name, entry)
    else if (entry?.event === 'released') open.delete(entry.name)
    else if (entry?.event === 'created') {
      const creation = open.get(entry.name)
      if (creation !== undefined) open.set(entry.name, { ...creation, values: entry.values })
    }
  }
  return { file, run, pid, open: [...open.values()] }
}

/** A line that a killed run did not finish is no line: what it would have said was never sent. */
function parseLine(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line
  } catch {
    return undefined
  }
}

function line(entry: Line): string {
  return `${JSON.stringify(entry)}\n`
}
