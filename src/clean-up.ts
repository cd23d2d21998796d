import { rm } from 'node:fs/promises'
import { AssayError } from './errors.ts'
import { type Client, openClient } from './exchange/index.ts'
import { type Prepared, type PrepareOptions, prepare } from './prepare.ts'
import {
  type Creation,
  type JournalFile,
  openJournalFile,
  readJournals,
  tearDown,
} from './state/index.ts'
import { resolveTarget, type Target } from './target/index.ts'
import { version } from './version.ts'

export type CleanUpOptions = PrepareOptions & { readonly journal?: string | undefined }

/** What became of one thing that a run left behind; without a reason it is gone. */
export type Cleaned = {
  readonly creation: Creation
  readonly run: string
  readonly reason?: string
}

/**
 * Removes what killed runs left on targets: exactly what their journals list as made and not
 * released, and nothing else. The journal of a run that still lives is left alone.
 *
 * @throws AssayError as `prepare` does
 */
export async function cleanUp(options: CleanUpOptions): Promise<readonly Cleaned[]> {
  const files = await readJournals(options.journal ?? '.assay/journal')
  const dead = files.filter(({ pid }) => !isAlive(pid))
  const done: Cleaned[] = []
  const prepared = await prepare(options)
  const clients = new Map<string, { target: Target; client: Client } | string>()
  try {
    for (const file of dead) done.push(...(await cleanFile(file, prepared, clients)))
  } finally {
    for (const each of clients.values()) if (typeof each !== 'string') await each.client.close()
  }
  return done
}

async function cleanFile(
  file: JournalFile,
  prepared: Prepared,
  clients: Map<string, { target: Target; client: Client } | string>,
): Promise<readonly Cleaned[]> {
  const done: Cleaned[] = []
  const journal = openJournalFile(file.file)
  for (const creation of file.open) {
    const reason = await remove(creation, prepared, clients)
    if (reason === undefined) await journal.released(creation.name)
    done.push({ creation, run: file.run, ...(reason === undefined ? {} : { reason }) })
  }
  await journal.close()
  if (done.every(({ reason }) => reason === undefined)) await rm(file.file)
  return done
}

async function remove(
  creation: Creation,
  prepared: Prepared,
  clients: Map<string, { target: Target; client: Client } | string>,
): Promise<string | undefined> {
  let reached = clients.get(creation.baseUrl)
  if (reached === undefined) {
    reached = reach(creation, prepared)
    clients.set(creation.baseUrl, reached)
  }
  if (typeof reached === 'string') return reached
  const operation = operationOf(creation, prepared, reached.target)
  if (operation === undefined) return `the suite no longer speaks of the state "${creation.state}"`
  const { state, params, values = {} } = creation
  return tearDown({ operation, state, params, values }, reached)
}

/** Opens the target that a creation was made on, or says why it cannot be. */
function reach(
  creation: Creation,
  prepared: Prepared,
): { target: Target; client: Client } | string {
  const { chosen, suite, promises, environment } = prepared
  let trouble = `no target given is at ${creation.baseUrl}; name it with -u or --target`
  for (const { kind, name, entry } of chosen) {
    if (kind === 'embedded') continue
    try {
      const { document } = promises
      const target = resolveTarget(name, entry, { suite, document, environment })
      if (target.baseUrl !== creation.baseUrl) continue
      if (target.states === undefined) return `${name} has neither a state URL nor recipes`
      return { target, client: openClient(target, { userAgent: `assay/${version} cleanup` }) }
    } catch (error) {
      if (!(error instanceof AssayError)) throw error
      if (name === creation.target) trouble = `${error.message}; ${error.hint ?? ''}`
    }
  }
  return trouble
}

/** The operation that a state serves; a state that only a pact names serves none, and any will do. */
function operationOf({ state }: Creation, { suite, promises }: Prepared, { states }: Target) {
  const { operations } = promises.document
  const served = operations.find(({ id }) =>
    Object.values(suite.operations[id] ?? {}).some((role) => role.state === state),
  )
  const isKnown =
    states?.kind === 'url' || (states !== undefined && Object.hasOwn(states.book, state))
  const withCredential = operations.find(({ security }) => security.length > 0)
  return served ?? (isKnown ? (withCredential ?? operations[0]) : undefined)
}

function isAlive(pid: number): boolean {
  if (pid === process.pid || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
