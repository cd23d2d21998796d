import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AssayError } from './errors.ts'
import { comparePacts, type PartyNames, type UnwrittenCell, writePact } from './pact/index.ts'
import { type PrepareOptions, prepare } from './prepare.ts'

export type WritePactsOptions = Pick<
  PrepareOptions,
  'suite' | 'document' | 'envelope' | 'filter'
> & {
  /** How consumer and provider are called, instead of what the suite says. */
  readonly names?: PartyNames | undefined
  /** The folder of the pacts. Default: `contracts`. */
  readonly dir?: string | undefined
  /** Whether what stands there is only compared, and nothing written. */
  readonly check?: boolean | undefined
}

/** A pact file after it was written or compared. */
export type PactFile = {
  readonly file: string
  /** `idle`: it stands there, and nothing is written into it any more. */
  readonly state: 'written' | 'unchanged' | 'differs' | 'missing' | 'idle'
  readonly interactions: number
  /** In what it differs, one line each. */
  readonly differences: readonly string[]
}

export type PactsWritten = {
  readonly files: readonly PactFile[]
  /** Documented statuses that stand in no pact, and why. */
  readonly unwritten: readonly UnwrittenCell[]
  /** 1 where a documented status is unwritten, a compared file is not the same, or one is idle. */
  readonly exitCode: 0 | 1
}

/**
 * Writes the pacts of a document into a folder, or compares what stands there with them.
 *
 * A file that would stay the same is not touched, and none is removed.
 *
 * @throws AssayError for everything that is wrong with suite, document or envelope;
 * PACT_NO_INTERACTIONS, PACT_PARTY_INVALID, PACT_UNWRITABLE
 */
export async function writePacts(options: WritePactsOptions = {}): Promise<PactsWritten> {
  const { names, dir = 'contracts', check = false } = options
  const { suite, promises, planned } = await prepare(options)
  const { pacts, idle, unwritten } = await writePact(planned, { suite, promises, names })
  const files: PactFile[] = []
  for (const { fileName, interactions, text } of pacts) {
    const file = path.join(dir, fileName)
    const before = await readText(file)
    if (before !== text && !check) await save(file, text)
    files.push({ file, interactions, ...compare(before, text, check) })
  }
  for (const fileName of idle) {
    const file = path.join(dir, fileName)
    if ((await readText(file)) !== undefined)
      files.push({ file, state: 'idle', interactions: 0, differences: [] })
  }
  const isGood = files.every(({ state }) => state === 'written' || state === 'unchanged')
  return { files, unwritten, exitCode: isGood && unwritten.length === 0 ? 0 : 1 }
}

function compare(
  before: string | undefined,
  text: string,
  check: boolean,
): Pick<PactFile, 'state' | 'differences'> {
  if (before === text) return { state: 'unchanged', differences: [] }
  if (before === undefined) return { state: check ? 'missing' : 'written', differences: [] }
  return { state: check ? 'differs' : 'written', differences: comparePacts(before, text) }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new AssayError('SOURCE_UNREADABLE', `the pact ${file} cannot be read`, { cause })
  }
}

async function save(file: string, text: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, text)
  } catch (cause) {
    throw new AssayError('PACT_UNWRITABLE', `the pact ${file} cannot be written`, {
      hint: 'name a writable folder with --dir',
      cause,
    })
  }
}
