import { type FileHandle, mkdir, open, rename } from 'node:fs/promises'
import path from 'node:path'
import { AssayError } from '../errors.ts'
import { beat, type Owner, ownProcess } from './owner.ts'

/** One thing that was to be made on a target, as the journal knows it: names and ids, never a secret. */
export type Creation = {
  /** What it is called in the journal; where the target was told a name, that one. */
  readonly key: string
  readonly target: string
  readonly baseUrl: string
  readonly state: string
  /** The name that Assay chose for it; undefined: its params take none. */
  readonly name?: string | undefined
  readonly params: Readonly<Record<string, unknown>>
  /** Milliseconds since 1970, right before it was sent. */
  readonly at: number
  /** Milliseconds that it may be on its way. */
  readonly within: number
}

/** A line of a journal. `created`: what the target answered, as far as it is no secret; `complete`: it is all there. */
export type Line =
  | ({ readonly event: 'run'; readonly run: string; readonly at: string } & Owner)
  | ({ readonly event: 'creating' } & Creation)
  | {
      readonly event: 'created'
      readonly key: string
      readonly values: Readonly<Record<string, string>>
      readonly complete: boolean
    }
  | { readonly event: 'released'; readonly key: string }

/** Remembers what a run makes, so that a killed run can be cleaned up after. */
export type Journal = {
  /** Resolves once the line is on disk; only then may the creation be sent. */
  creating(creation: Creation): Promise<void>
  created(key: string, values: Readonly<Record<string, string>>, complete: boolean): Promise<void>
  released(key: string): Promise<void>
  close(): Promise<void>
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
 * It gets its name once its first line is on disk, so that whoever finds it knows whose it is, and its
 * time of change is the last sign of life of the run.
 *
 * @throws AssayError JOURNAL_UNWRITABLE from `creating`, so that nothing is made that is not noted
 */
export function openJournal(folder: string, run: string): Journal {
  let timer: NodeJS.Timeout | undefined
  const journal = createJournal(folder, async () => {
    await mkdir(folder, { recursive: true })
    const file = path.join(folder, `${run}.jsonl`)
    const handle = await open(`${file}.new`, 'ax', 0o600)
    const at = new Date().toISOString()
    await handle.appendFile(writeLine({ event: 'run', run, at, ...ownProcess() }))
    await handle.datasync()
    await rename(`${file}.new`, file)
    await syncFolder(folder)
    timer = setInterval(() => {
      const now = new Date()
      handle.utimes(now, now).catch(() => {})
    }, beat).unref()
    return handle
  })
  return {
    ...journal,
    async close() {
      await journal.close()
      clearInterval(timer)
    },
  }
}

/** The name of a file outlives a loss of power once its folder is on disk; some systems cannot be asked for that. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
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
    waiting.push(writeLine(entry))
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
    created: (key, values, complete) => write({ event: 'created', key, values, complete }),
    released: (key) => write({ event: 'released', key }),
    async close() {
      await last.catch(() => {})
      const handle = await file?.catch(() => undefined)
      await handle?.close()
    },
  }
}

function writeLine(entry: Line): string {
  return `${JSON.stringify(entry)}\n`
}
